"""Who was left out of an analysis, and how much its answer hangs on single participants."""

from collections.abc import Mapping

import pandas as pd

from ketbio.report.markdown import Markdown, join_markdown
from ketbio.report.row_numbers import row_link
from ketbio.report.smallest_p import smallest_p_sentence
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, REASON
from ketbio.wording import format_number, format_p, join_words


def excluded_sentences(*results: Result) -> tuple[str, ...]:
    """Return who was left out, one sentence per reason, and who only of what stands beside it.

    Parameters
    ----------
    *results : Result
        One, or those of one model.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> import pandas as pd
    >>> left_out = pd.DataFrame({"participant_id": ["P02", "P05"], "reason": ["no day_14"] * 2})
    >>> excluded_sentences(Result(analysis="a", marker="m", outcome="o", groups=(), n={},
    ...                           excluded=left_out))
    ('P02 and P05: no day_14',)
    """
    return tuple(dict.fromkeys(said for one in results for said in _excluded_of(one)))


def _excluded_of(result: Result) -> list[str]:
    out = set(result.excluded[PARTICIPANT_ID])
    beside = (
        f"{said}; left out beside it only, in {one.outcome}"
        for one in result.companions
        for said in _by_reason(one.excluded[~one.excluded[PARTICIPANT_ID].isin(out)])
    )
    return [*_by_reason(result.excluded), *beside]


def _by_reason(excluded: pd.DataFrame) -> list[str]:
    groups = excluded.groupby(REASON, sort=False)[PARTICIPANT_ID]
    return [f"{join_words(dict.fromkeys(map(str, ids)))}: {reason}" for reason, ids in groups]


def stability_words(result: Result, rows: Mapping[Result, int]) -> Markdown:
    """Return how far the estimate moves without one participant, and how small p can be.

    Parameters
    ----------
    result : Result
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    Markdown
        Empty where neither is known.

    Examples
    --------
    >>> stability_words(Result(analysis="a", marker="m", outcome="o", groups=(), n={}), {}) == ""
    True
    """
    sentences = [
        sentence for sentence in (_leave_one_out(result), smallest_p_sentence(result)) if sentence
    ]
    return join_markdown([*sentences, row_link(rows[result])]) if sentences else Markdown()


def _leave_one_out(result: Result) -> str:
    left_out = result.leave_one_out.dropna(subset=["estimate"])
    if left_out.empty:
        return ""
    ordered = left_out.sort_values("estimate", kind="stable")
    lowest, highest = ordered.iloc[0], ordered.iloc[-1]
    text = (
        f"Leaving out one participant at a time, the estimate lies between "
        f"{format_number(float(lowest['estimate']))} (without {lowest[PARTICIPANT_ID]}) and "
        f"{format_number(float(highest['estimate']))} (without {highest[PARTICIPANT_ID]})"
    )
    p_values = left_out["p_value"].dropna()
    return f"{text}{_span_of_p(p_values)}."


def _span_of_p(p_values: "pd.Series[float]") -> str:
    if p_values.empty:
        return ""
    low = format_p(float(p_values.min()), symbol=False)
    high = format_p(float(p_values.max()), symbol=False)
    return f", and p is {low} throughout" if low == high else f", and p runs from {low} to {high}"
