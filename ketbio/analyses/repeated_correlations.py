"""A marker and an outcome over the visits: whether they go together within participants."""

from typing import Unpack, overload

import pandas as pd

from ketbio.analyses.combinations import refuse_impossible
from ketbio.analyses.family import adjust_family
from ketbio.analyses.question import Question, Settings, TestOptions
from ketbio.analyses.repeated_answers import correlated, why_none
from ketbio.analyses.repeated_pairs import MEASURES, RepeatedPairs, repeated_pairs
from ketbio.analyses.values import markers_asked
from ketbio.endpoints.frames import require_one_of
from ketbio.errors import TableError
from ketbio.result import Result, Results
from ketbio.wording import count_of

ADJUSTMENTS_FOR = ("none", "visit")
MOST_LAG = 50


class RepeatedOptions(TestOptions, total=False):
    """Options of `correlate_repeated`."""

    visits: list[str] | tuple[str, ...] | None
    measure: str | None
    lag: int
    adjust_for: str


@overload
def correlate_repeated(
    endpoints: pd.DataFrame, *, marker: str, outcome: str = ..., **options: Unpack[RepeatedOptions]
) -> Result: ...
@overload
def correlate_repeated(
    endpoints: pd.DataFrame,
    *,
    marker: list[str] | tuple[str, ...],
    outcome: str = ...,
    **options: Unpack[RepeatedOptions],
) -> Results: ...
def correlate_repeated(
    endpoints: pd.DataFrame,
    *,
    marker: str | list[str] | tuple[str, ...],
    outcome: str = "MADRS",
    visits: list[str] | tuple[str, ...] | None = None,
    measure: str | None = None,
    lag: int = 0,
    adjust_for: str = "none",
    alternative: str = "two-sided",
    adjust: str = "holm",
    confidence_level: float = 0.95,
    exact: bool | str = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
) -> Result | Results:
    """Correlate a marker with an outcome within participants, over their visits.

    The repeated-measures correlation (Bakdash & Marusich 2017): how closely the values of each
    participant lie to lines of one slope that all participants share. Differences between
    participants play no part in it. The p value is that of permuting the outcome's values within
    participants; beside it stand the F test, the common slope, the correlation without what all
    participants share at a visit, and the test of whole courses swapped between participants.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table; values are paired by ``participant_id`` and ``visit``.
    marker : str or list of str
        One marker gives a `Result`; several give `Results`, adjusted as one family.
    outcome : str
        The marker, such as a rating scale, that it is correlated with.
    visits : sequence of str, optional
        The visits in order; when None all at which somebody has a value of both, in their order
        of appearance.
    measure : {"level", "change"}, optional
        Values at a visit, or changes from the visit before; when None the value, and with a
        ``lag`` the change.
    lag : int
        By how many visits the outcome comes later: with changes and ``lag=1`` the change of the
        marker from visit t − 1 to t is held against that of the outcome from t to t + 1.
    adjust_for : {"none", "visit"}
        ``"visit"`` takes out what all participants share at a visit as well (its p value permutes
        residuals and is approximate).
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Direction of the test.
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "none"}
        Adjustment over the markers of this call.
    confidence_level : float
        Level of every interval.
    exact, n_resamples, seed, mid_p, stop_after
        As in `correlation_permutation_test`.

    Returns
    -------
    Result or Results
        ``estimate`` is r, with Fisher's z interval on its degrees of freedom. ``data`` has one row
        per pair of values: ``participant_id, visit, visit_y, x`` (marker), ``y`` (outcome),
        ``fitted`` (on the participant's line). Who has fewer than two pairs is in ``excluded``;
        ``leave_one_out`` leaves out one participant at a time.

    Raises
    ------
    TableError
        Unknown marker, outcome, visit or measure; a lag that is none; too few visits.
    StatisticsError
        Unknown alternative or adjustment.

    Examples
    --------
    >>> from ketbio.endpoints import derive_column
    >>> table = pd.DataFrame({"participant_id": ["P1", "P2", "P3", "P4"] * 3,
    ...     "visit": ["day_0"] * 4 + ["day_7"] * 4 + ["day_14"] * 4,
    ...     "a": [1.0, 4, 2, 6, 2, 6, 3, 7, 4, 5, 5, 9],
    ...     "b": [9.0, 20, 12, 30, 7, 17, 12, 28, 5, 18, 9, 27]})
    >>> both = pd.concat([derive_column(table, column="a"), derive_column(table, column="b")])
    >>> result = correlate_repeated(both, marker="a", outcome="b")
    >>> round(result.estimate, 3), result.statistic_name, round(result.p_value, 3)
    (-0.949, 'r(7)', 0.002)
    """
    names = markers_asked(marker)
    if outcome in names:
        raise TableError(
            f"outcome {outcome!r} is also a marker: it correlates perfectly with itself; name "
            "another outcome or leave it out of the markers."
        )
    steps = _lag(lag)
    what = ("change" if steps else "level") if measure is None else measure
    require_one_of("measure", what, MEASURES)
    refuse_impossible(
        "correlate_repeated",
        names,
        adjust_for=adjust_for,
        alternative=alternative,
        adjust=adjust,
        confidence_level=confidence_level,
        n_resamples=n_resamples,
        stop_after=stop_after,
    )
    settings = Settings(
        alternative=alternative,
        confidence_level=confidence_level,
        exact=exact,
        n_resamples=n_resamples,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
    )
    done = []
    for name in names:
        pairs = repeated_pairs(
            endpoints, marker=name, outcome=outcome, visits=visits, measure=what, lag=steps
        )
        question = _question(pairs, name, outcome, measure=what, lag=steps)
        why = why_none(question, pairs)
        done.append(
            question.without_answer(why, data=pairs.data, excluded=pairs.excluded)
            if why
            else correlated(question, pairs, settings, by_visit=adjust_for == "visit", lag=steps)
        )
    family = adjust_family(done, method=adjust, settings=settings)
    return family[0] if isinstance(marker, str) else family


def _lag(lag: object) -> int:
    if isinstance(lag, int) and not isinstance(lag, bool) and 0 <= lag <= MOST_LAG:
        return lag
    raise TableError(
        f"lag is {lag!r}; allowed: by how many visits the outcome comes later, a whole number "
        "from 0 on, such as 1."
    )


def _question(
    pairs: RepeatedPairs, marker: str, outcome: str, *, measure: str, lag: int
) -> Question:
    visits = count_of(len(pairs.visits), "visit")
    later = f" {count_of(lag, 'visit')} later" if lag else ""
    words = {
        "level": f"values over {visits} within participants, with those of {outcome}{later}",
        "change": f"changes between {visits} within participants, with the change of {outcome}"
        f"{later}",
    }
    return Question(
        analysis="correlate_repeated",
        marker=marker,
        outcome=words[measure],
        groups=(marker, outcome),
        n={"participants": len(pairs.people)},
    )


__all__ = ["ADJUSTMENTS_FOR", "RepeatedOptions", "correlate_repeated"]
