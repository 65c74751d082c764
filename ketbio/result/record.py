"""The record of one question: its answer, with its limits and who it was computed from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.errors import TableError, unknown_word
from ketbio.result.sentences import write_sentence
from ketbio.result.views import results_html
from ketbio.vocabulary import EXCLUDED_COLUMNS, marker_label

NAN = float("nan")

AIMS = ("", "primary", "secondary", "exploratory", "sensitivity")
"""What a plan can say that an analysis is for; ``""`` where no plan says."""


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=list(EXCLUDED_COLUMNS), dtype=str)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Result:
    """One answer: an estimate with its interval, its test, and who it was computed from.

    Attributes
    ----------
    analysis : str
        The function that made it, for instance ``"compare_responders"``.
    marker : str
        The marker analysed (column-safe id).
    outcome : str
        What of it was analysed, in words: ``"change, baseline to day_14"``.
    groups : tuple of str
        The two sides of the contrast, first minus second (or the one group described).
    n : mapping of str to int
        Participants analysed per group.
    label : str
        The marker as written for readers; from `ketbio.vocabulary` where not given.
    title : str
        Title of the planned analysis, where a study file gave one.
    aim : str
        What the plan says the analysis is for, one of `AIMS`; ``""`` where no plan says.
    deviation : str
        How this analysis departs from the plan, as a sentence; ``""`` where it does not.
    role : str
        ``"primary"``, ``"sensitivity"`` (same question, other method) or ``"description"``.
    estimate : float
        The estimate, in ``unit``.
    estimate_name : str
        What it is: ``"mean difference"``, ``"Pearson r"``, ``"mean"`` …
    unit : str
        Unit of ``estimate``, ``ci_low`` and ``ci_high``.
    ci_low, ci_high : float
        The interval, in ``unit``; NaN where there is none.
    ci_level : float
        Its confidence level, 0 to 1.
    ci_method : str
        How it was made.
    null_value : float
        What ``estimate`` is where there is no effect: 0, or 0.5 for a probability of superiority.
    spread : float
        For a description: the standard deviation, in ``unit``; NaN otherwise.
    effect_size, effect_size_name, effect_size_ci, effect_size_ci_method
        A standardised effect, its name, its interval (low, high), and how that was made.
    statistic, statistic_name
        The test's statistic and its name; NaN and ``""`` where nothing was tested.
    p_value : float
        NaN where nothing was tested.
    p_method : str
        ``"exact, 462 arrangements"``, ``"9,999 draws"`` …
    p_definition : str
        What p is the share of, in symbols; ``""`` where nothing was permuted.
    true_size : float
        How often p falls below 1 − ``ci_level`` if the null hypothesis holds; NaN where not known.
    p_interval : tuple of float
        99 % interval of a drawn p value; NaN where p is exact or nothing was tested.
    is_exact : bool or None
        Whether the p value is exact; None where nothing was tested.
    p_floor : float
        Smallest p value that this design can give.
    n_arrangements : int or None
        Arrangements that the design allows; None where nothing was permuted.
    p_adjusted, adjustment
        The p value adjusted over the family, and by what; NaN and ``""`` where not adjusted.
    alternative : str
        The alternative tested; ``""`` where nothing was tested.
    seed : int or None
        The seed of what was drawn.
    warnings : tuple of str
        Sentences: the limits of this result.
    data : DataFrame
        The rows analysed, copied in; one row per participant.
    excluded : DataFrame
        ``participant_id, reason``: who was left out, and why.
    leave_one_out : DataFrame
        ``participant_id, estimate, p_value`` with that participant left out; may be empty.
    null_distribution : ndarray or None
        Read-only statistics of the arrangements, where they were listed or drawn.
    references : tuple of str
        Citation keys of the methods used.
    companions : tuple of Result
        What belongs to the same question (never nested deeper).
    """

    analysis: str
    marker: str
    outcome: str
    groups: tuple[str, ...]
    n: Mapping[str, int]
    label: str = ""
    title: str = ""
    aim: str = ""
    deviation: str = ""
    role: str = "primary"
    estimate: float = NAN
    estimate_name: str = ""
    unit: str = ""
    ci_low: float = NAN
    ci_high: float = NAN
    ci_level: float = 0.95
    ci_method: str = ""
    null_value: float = 0.0
    spread: float = NAN
    effect_size: float = NAN
    effect_size_name: str = ""
    effect_size_ci: tuple[float, float] = (NAN, NAN)
    effect_size_ci_method: str = ""
    statistic: float = NAN
    statistic_name: str = ""
    p_value: float = NAN
    p_method: str = ""
    p_definition: str = ""
    true_size: float = NAN
    p_interval: tuple[float, float] = (NAN, NAN)
    is_exact: bool | None = None
    p_floor: float = NAN
    n_arrangements: int | None = None
    p_adjusted: float = NAN
    adjustment: str = ""
    alternative: str = ""
    seed: int | None = None
    warnings: tuple[str, ...] = ()
    data: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    excluded: pd.DataFrame = field(default_factory=_no_rows, repr=False)
    leave_one_out: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["participant_id", "estimate", "p_value"]),
        repr=False,
    )
    null_distribution: NDArray[np.float64] | None = field(default=None, repr=False)
    references: tuple[str, ...] = ()
    companions: tuple["Result", ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.aim not in AIMS:
            raise TableError(unknown_word("aim", self.aim, AIMS))
        object.__setattr__(self, "n", dict(self.n))
        object.__setattr__(self, "label", self.label or marker_label(self.marker))
        for name in ("data", "excluded", "leave_one_out"):
            object.__setattr__(self, name, getattr(self, name).copy())

    @property
    def n_total(self) -> int:
        """Participants analysed, all groups together."""
        return sum(self.n.values())

    @property
    def n_extreme(self) -> int | None:
        """Arrangements at least as extreme as the one observed, where they were all counted."""
        counted = self.is_exact and self.n_arrangements is not None
        if not counted or "mid-p" in self.p_method or self.alternative == "two-sided-doubled":
            return None
        return round(self.p_value * float(self.n_arrangements or 0))

    def sentence(self, style: str = "full") -> str:
        """Return the result as a sentence: estimate and interval first, p after.

        Parameters
        ----------
        style : {"full", "apa", "ama", "plain"}
            ``"full"`` names every method; ``"apa"`` and ``"ama"`` follow the Publication Manual of
            the APA (7th edition) and the AMA Manual of Style (11th edition); ``"plain"`` is for a
            patient or a relative, in one to three short sentences.

        Returns
        -------
        str
            Never causal, and never "no difference" where p is large: it says what the interval
            leaves open.

        Raises
        ------
        ReportError
            No such style.

        Examples
        --------
        >>> result = Result(analysis="compare_visits", marker="MADRS", n={"pairs": 12},
        ...     outcome="change, baseline to day_14", groups=("day_14", "baseline"),
        ...     estimate=-17.0, estimate_name="mean change", unit="points", ci_low=-23.9,
        ...     ci_high=-10.2)
        >>> result.sentence("apa")
        'The mean change in MADRS from baseline to day 14 was −17.0 points, 95% CI [−23.9, −10.2]
        (n = 12 pairs).'
        """
        return write_sentence(self, style)

    def __repr__(self) -> str:
        return f"<Result {self.analysis}: {self.sentence()}>"

    def _repr_html_(self) -> str:
        return results_html([self])
