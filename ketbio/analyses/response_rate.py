"""How many responded and remitted, with exact intervals."""

from typing import Any

import pandas as pd

from ketbio.analyses.limits import UNCONTROLLED
from ketbio.analyses.question import Question
from ketbio.analyses.values import excluded_table
from ketbio.endpoints.frames import require_columns
from ketbio.endpoints.response import RESPONSE_COLUMNS
from ketbio.result import Result
from ketbio.statistics import proportion_interval
from ketbio.vocabulary import NOTE, REASON, SCALES
from ketbio.wording import count_of

DATA_COLUMNS = [name for name in RESPONSE_COLUMNS if name != REASON]


def summarise_response(
    response: pd.DataFrame, *, scale: str = "MADRS", confidence_level: float = 0.95
) -> Result:
    """Return the percentage of responders, with that of remitters beside it.

    Intervals are Clopper & Pearson's, exact for a proportion.

    Parameters
    ----------
    response : DataFrame
        As `derive_response` returns it.
    scale : str
        Name of the scale, for the words.
    confidence_level : float
        Level of the intervals.

    Returns
    -------
    Result
        ``estimate`` in %, ``statistic`` the count; ``data`` is the response table of those with a
        response; companions carry the remitters.

    Raises
    ------
    TableError
        A table that `derive_response` did not make.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_response, derive_scale_total
    >>> totals = derive_scale_total(pd.DataFrame({"participant_id": ["P1", "P2"] * 2,
    ...     "visit": ["before"] * 2 + ["after"] * 2, "madrs_total": [30.0, 32, 10, 25]}))
    >>> result = summarise_response(derive_response(totals, baseline="before", endpoint="after"))
    >>> result.statistic, result.estimate, round(result.ci_low, 1), round(result.ci_high, 1)
    (1.0, 50.0, 1.3, 98.7)
    """
    require_columns(response, RESPONSE_COLUMNS, what="response")
    is_known = response["response"] != ""
    known = response[is_known].reset_index(drop=True)
    question = Question(
        analysis="summarise_response",
        marker=scale,
        outcome="response",
        groups=("all",),
        n={"all": len(known)},
        unit="%",
    )
    rows = {"data": known[DATA_COLUMNS], "excluded": excluded_table(response[~is_known])}
    if not len(known):
        return question.without_answer("no participant has both visits", **rows)
    percent, cut = known["response_percent"].iloc[0], known["remission_at_or_below"].iloc[0]
    remission = _share(
        question.about(outcome=f"remission ({scale} at or below {cut:g})"),
        count=int(known["is_remitter"].fillna(value=False).sum()),
        name="remitters",
        level=confidence_level,
        role="description",
        references=("clopper1934", *_remission_source(scale, cut)),
    )
    return _share(
        question.about(outcome=f"response (reduction of at least {percent:g}%)"),
        count=int(known["is_responder"].sum()),
        name="responders",
        level=confidence_level,
        references=("clopper1934", *(SCALES[scale].references[:1] if scale in SCALES else ())),
        warnings=(*_imputed(known), UNCONTROLLED),
        companions=(remission,),
        **rows,
    )


def _imputed(known: pd.DataFrame) -> tuple[str, ...]:
    count = int((known[NOTE] != "").sum())
    if not count:
        return ()
    return (
        f"{count_of(count, 'participant')} without the endpoint visit counted as non-responder.",
    )


def _remission_source(scale: str, cut: float) -> tuple[str, ...]:
    return SCALES[scale].cut_off_source(cut) if scale in SCALES else ()


def _share(question: Question, *, count: int, name: str, level: float, **fields: Any) -> Result:
    found = proportion_interval(count, question.n["all"], confidence_level=level)
    return question.answer(
        **fields,
        estimate=100 * found.value,
        estimate_name=name,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        ci_level=found.ci_level,
        ci_method=found.ci_method,
        statistic=float(count),
        statistic_name="count",
    )
