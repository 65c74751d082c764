"""A marker measured repeatedly in each participant, by a mixed model with random effects."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ketbio.analyses.family import adjust_family
from ketbio.analyses.question import Settings
from ketbio.analyses.repeated.lines import results_of
from ketbio.analyses.repeated.model import BY_DAY, BY_VISIT, RANDOM, fit_repeated
from ketbio.analyses.repeated.rows import repeated_rows
from ketbio.analyses.values import markers_asked
from ketbio.endpoints.frames import select_markers
from ketbio.result import Result, Results
from ketbio.statistics.inputs import check_level, check_word
from ketbio.statistics.mixed.contrast import ALTERNATIVES
from ketbio.statistics.mixed.degrees_of_freedom.denominators import METHODS as DF
from ketbio.statistics.mmrm import METHODS
from ketbio.statistics.multiplicity import LABELS

TIMES = (BY_VISIT, BY_DAY)

ALLOWED: dict[str, tuple[str, ...]] = {
    "random": RANDOM,
    "time": TIMES,
    "method": METHODS,
    "df": tuple(DF),
    "adjust": tuple(LABELS),
    "alternative": ALTERNATIVES,
}
"""Words → what they may be."""


def fit_random_effects(
    endpoints: pd.DataFrame,
    *,
    marker: str | Sequence[str],
    participants: pd.DataFrame | None = None,
    arm: str | None = "arm",
    reference: str | None = None,
    visits: Sequence[str] | None = None,
    days: Mapping[str, float] | None = None,
    random: str = "intercept",
    time: str | None = None,
    method: str = "reml",
    df: str | None = None,
    adjust: str = "holm",
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
) -> Results:
    """Follow a marker measured repeatedly in each participant by a mixed model.

    Every value counts, however many a participant has: visits, or replicates (blots, wells) at
    visits, which share a random effect of the participant and, where there are replicates at
    several visits, of the visit within the participant. Fixed effects are arm × visit (or
    arm × day) where the participants table has arms, and visit (or day) alone where not.

    Beside each estimate, as companions: the estimated means (or slopes) behind it and
    Satterthwaite's degrees of freedom; beside the first also all estimates tested together, the
    standard deviations between and within participants, and the intraclass correlation.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table; several rows of a participant at a visit are replicates.
    marker : str or list of str
        One model each.
    participants : DataFrame, optional
        The validated ``participants`` table; with a column of arms they are compared.
    arm : str or None
        That column; None: everybody is one arm.
    reference : str, optional
        The arm that others are compared with, as `fit_mmrm` takes it.
    visits : sequence of str, optional
        The visits in order, the first being the one that changes are counted from; all in their
        order of appearance when None.
    days : mapping of str to float, optional
        Visit → its day, as `summarise_course` takes it.
    random : {"intercept", "intercept_and_slope"}
        Whether participants differ in their level, or also in how they change over days.
    time : {"visit", "day"}, optional
        A mean for each visit, or a straight line over days; when None a line with random slopes,
        and means otherwise.
    method : {"reml", "ml"}
        Restricted or full maximum likelihood.
    df : str, optional
        Degrees of freedom: ``"kenward_roger_linear"`` (in the variances themselves with expected
        information, as R pbkrtest; the default), ``"kenward_roger"`` (the same here),
        ``"satterthwaite"`` (as lmerTest), ``"between_within"``, ``"residual"`` or ``"normal"``.
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "none"}
        Over all estimates of the call that are tested.
    alternative : {"two-sided", "less", "greater"}
        ``"less"``: the change (or the arm's difference from the reference) is below 0.
    confidence_level : float
        Of every interval.

    Returns
    -------
    Results
        Per marker, one `Result` per arm − reference (or for everybody) and visit after the first:
        the difference of the changes (or the change); over days one per slope; with one visit the
        difference of the means. ``data`` has one row per value: ``participant_id, arm, visit, day,
        replicate, value, reason, fitted, residual``. ``leave_one_out`` has each estimate without
        each participant.

    Raises
    ------
    TableError
        Unknown marker, visit, arm or column; an arm without values; days wanted and not known.
    StatisticsError
        An unknown word, or a model that cannot be estimated: nobody with two values, or random
        slopes that the visits cannot tell apart.

    Notes
    -----
    Laird & Ware (1982); Kenward & Roger (1997).

    Examples
    --------
    >>> ids = ["P1", "P2", "P3", "P4"]
    >>> bdnf = pd.DataFrame({"participant_id": ids * 3, "visit": ["day_0"] * 4 + ["day_1"] * 4
    ...     + ["day_7"] * 4, "marker": "BDNF_serum", "unit": "ng/mL", "scale": "raw",
    ...     "value": [20.0, 24, 19, 30, 23, 25, 22, 31, 26, 27, 24, 37], "censored": "",
    ...     "limit": float("nan"), "reason": "", "note": ""})
    >>> results = fit_random_effects(bdnf, marker="BDNF_serum")
    >>> for one in results:
    ...     print(one.outcome, round(one.estimate, 2), one.statistic_name, round(one.p_value, 4))
    change, day_0 to day_1 2.0 t(6.0) 0.0481
    change, day_0 to day_7 5.25 t(6.0) 0.0006
    """
    names = markers_asked(marker)
    given = {
        "random": random, "time": time, "method": method, "df": df, "adjust": adjust,
        "alternative": alternative,
    }  # fmt: skip
    for word, one in given.items():
        if one is not None or word not in ("time", "df"):
            check_word(word, one, ALLOWED[word])
    select_markers(endpoints, names)
    settings = Settings(
        alternative=alternative,
        confidence_level=check_level(confidence_level),
        exact="auto",
        n_resamples=1,
        seed=None,
    )
    found: list[Result] = []
    for name in names:
        rows = repeated_rows(
            endpoints, name, participants=participants, arm=arm, reference=reference,
            visits=visits, days=days,
        )  # fmt: skip
        fitted = fit_repeated(rows, random=random, time=time, method=method, df=df)
        found += results_of(fitted, settings)
    return adjust_family(found, method=adjust, settings=settings, noun="estimates")
