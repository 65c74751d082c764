"""Arms compared with missing visits imputed, under one assumption beside another."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd

from ketbio.analyses.family import adjust_family
from ketbio.analyses.imputation.answer import imputed_answer
from ketbio.analyses.imputation.asked import Asked, asked_of, prepare
from ketbio.analyses.imputation.companions import Completed, left_out_fits
from ketbio.analyses.imputation.shifts import Delta
from ketbio.analyses.question import Settings
from ketbio.analyses.values import markers_asked
from ketbio.endpoints.frames import select_markers
from ketbio.errors import StatisticsError
from ketbio.result import Result, Results
from ketbio.statistics.imputation.imputations import impute_trajectories
from ketbio.statistics.inputs import check_word
from ketbio.statistics.multiplicity import LABELS


def compare_imputed(
    endpoints: pd.DataFrame,
    *,
    marker: str | Sequence[str],
    participants: pd.DataFrame,
    baseline: str,
    endpoint: str | None = None,
    arm: str = "arm",
    reference: str | None = None,
    visits: Sequence[str] | None = None,
    assumption: str | Sequence[str] = ("mar", "jump_to_reference", "copy_increments"),
    delta: Delta | None = None,
    accumulate_delta: bool = False,
    covariates: str | Sequence[str] | None = None,
    adjust: str = "holm",
    confidence_level: float = 0.95,
    n_imputations: int = 500,
    seed: int | None = None,
) -> Results:
    """Compare arms at a visit with missing values imputed: a sensitivity analysis of `fit_mmrm`.

    Everybody with an arm, a baseline value and the covariates is analysed, those never measured
    afterwards among them. Changes from baseline are imputed from an MMRM (arm, baseline and
    covariates with a coefficient per visit, one unstructured covariance), whose parameters are
    drawn from their posterior; each completed trial is analysed by ANCOVA at the visit, which is
    the MMRM's contrast where nothing is missing; Rubin's rules pool.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker : str or list of str
        What is compared.
    participants : DataFrame
        The validated ``participants`` table, with the column of arms.
    baseline : str
        The visit from which changes count.
    endpoint : str, optional
        The visit at which the arms are compared; the last one when None.
    arm : str
        Column of the participants table.
    reference : str, optional
        The arm that the others are compared with, and whose course is borrowed; found by its name
        (placebo, saline, midazolam, control) when None.
    visits : sequence of str, optional
        The visits in order; all when None.
    assumption : str or sequence of str
        Of values after drop-out. ``"mar"``: missing at random. ``"jump_to_reference"``,
        ``"copy_increments"``, ``"copy_reference"``: as Carpenter, Roger & Kenward (2013).
        ``"delta"``: at random, then shifted by ``delta``. Gaps before a later value are imputed at
        random under all of them.
    delta : number or mapping, optional
        Added to imputed values after drop-out, in the unit of the marker: a number or a mapping of
        visits to numbers for all arms but the reference, or a mapping of arms to either.
    accumulate_delta : bool
        Whether shifts add up over the visits missed.
    covariates : str or list of str, optional
        Columns of the participants table.
    adjust : str
        Of p over markers and arms, within each assumption; assumptions are not tests of their own.
    confidence_level : float
        Of the intervals.
    n_imputations : int
        2 to 10,000.
    seed : int, optional
        A fresh one is taken, and recorded, where none is given. The draws are the same under every
        assumption.

    Returns
    -------
    Results
        One per marker, arm and assumption, in this order. ``estimate``: difference of adjusted
        means, arm − reference. Companions: the analysis of those measured, conditional means with
        the jackknife (no draws), each arm's adjusted mean, the share of missing information and,
        with ``"mar"`` and ``"delta"``, the tipping point. ``data``: one row per participant ×
        visit, ``participant_id, arm, visit, day, baseline_value, value, change, imputed_change,
        imputed_sd, imputed, reason``.

    Raises
    ------
    TableError
        An unknown marker, visit, arm or delta; an arm with nobody at a visit; one arm only.
    StatisticsError
        Too few participants for the covariance of the visits, or numbers that are not allowed.

    Notes
    -----
    One covariance for all arms: with a few participants per arm, one covariance for each cannot be
    estimated. Draws are by data augmentation under Jeffreys' prior (Schafer 1997), exact for any
    number of participants that identifies the model. Checked against R rbmi 1.2 on its
    antidepressant trial.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = [(f"P{n:02d}", visit, float(rng.integers(20, 40) - (6 + 3 * (n % 2)) * step))
    ...         for n in range(12) for step, visit in enumerate(("baseline", "day_1", "day_7"))
    ...         if (n, step) not in {(3, 2), (4, 2)}]
    >>> madrs = pd.DataFrame(rows, columns=["participant_id", "visit", "madrs_total"])
    >>> from ketbio.endpoints import derive_scale_total
    >>> people = pd.DataFrame({"participant_id": [f"P{n:02d}" for n in range(12)],
    ...                        "arm": ["saline", "ketamine"] * 6})
    >>> found = compare_imputed(derive_scale_total(madrs), marker="MADRS", participants=people,
    ...                         baseline="baseline", seed=1)
    >>> [one.outcome for one in found][1]
    'change, baseline to day_7, imputed: jump to reference'
    """
    names = markers_asked(marker)
    select_markers(endpoints, names)
    asked = asked_of(
        participants,
        arm=arm,
        reference=reference,
        assumption=assumption,
        delta=delta,
        accumulate=accumulate_delta,
        covariates=covariates,
        level=confidence_level,
        n_imputations=n_imputations,
        seed=seed,
        visits=(baseline, endpoint, visits),
    )
    check_word("adjust", adjust, LABELS)
    found = [one for name in names for one in _compared(endpoints, name, asked)]
    return _adjusted(found, asked, adjust)


def _compared(endpoints: pd.DataFrame, marker: str, asked: Asked) -> Iterator[Result]:
    """Yield the results of one marker: arm by arm, assumption by assumption."""
    ready = prepare(endpoints, marker, asked)
    rows = ready.rows
    try:
        imputations = impute_trajectories(
            rows.trajectories,
            names=rows.names,
            n_imputations=asked.n_imputations,
            seed=asked.seed,
        )
    except StatisticsError as refused:
        raise StatisticsError(f"{marker}: {refused}") from None
    has_missing = bool(rows.trajectories.is_missing[:, ready.place].any())
    without_each = left_out_fits(rows, imputations) if has_missing else ""
    for arm, word in product(rows.arms.names[1:], asked.assumptions):
        is_shifted = word == "delta"
        added = ready.shifts if is_shifted else np.zeros(ready.shifts.shape)
        completed = Completed(
            rows=rows,
            imputations=imputations,
            assumption=word,
            place=ready.place,
            shifts=added,
            filled=imputations.completed(word) + added,
            accumulate=asked.accumulate,
            level=asked.level,
            without_each=without_each,
        )
        yield imputed_answer(completed, arm, shift=ready.shift_words if is_shifted else "")


def _adjusted(found: Sequence[Result], asked: Asked, adjust: str) -> Results:
    """Adjust p over markers and arms within each assumption; the order stays."""
    settings = Settings(
        alternative="two-sided",
        confidence_level=asked.level,
        exact=False,
        n_resamples=asked.n_imputations,
        seed=asked.seed,
    )
    n = len(asked.assumptions)
    families = [
        adjust_family(found[start::n], method=adjust, settings=settings, noun="comparisons")
        for start in range(n)
    ]
    return Results(families[place % n][place // n] for place in range(len(found)))
