"""Results as a notebook shows them: sentences, numbers, then what a reader opens."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ketbio.notebook_parts import bullets, folded, html_table, lead, notebook_view, paragraph
from ketbio.result.told import Told, is_range_of_data, told_of
from ketbio.wording import capitalised, count_of, format_number, format_p, spaced

if TYPE_CHECKING:
    from ketbio.result.record import Result

_COLUMNS = ("Result", "What", "Estimate", "Interval", "p", "p adjusted", "n")
_NUMBERS = ("Estimate", "Interval", "p", "p adjusted", "n")
_REST = ": tidy() holds all"
MOST_SENTENCES = 12
"""How many sentences stand open; a reader unfolds the others."""


def results_html(results: "Iterable[Result]") -> str:
    """Return results as HTML for a notebook.

    Parameters
    ----------
    results : iterable of Result
        What is shown, in its order.

    Returns
    -------
    str
        Sentences first, a table of the numbers, then warnings, exclusions and companions, folded.
    """
    return notebook_view(*results_parts(results))


def results_parts(results: "Iterable[Result]") -> tuple[str, ...]:
    """Return the parts of `results_html`, for what shows results beside something else."""
    given = list(results)
    if not given:
        return (paragraph("No results."),)
    answers = [one for one in given if one.role != "description" or one.p_method]
    described = [one for one in given if one not in answers] if answers else []
    shown = answers or given
    return (
        *_sentences(shown),
        _table(_caption(shown), shown),
        folded(
            f"Described: {count_of(len(described), 'number')}",
            *([_table("Numbers described, not tested", described)] if described else []),
        ),
        *_limits(given),
        *_excluded(given),
        *_companions(given),
    )


def _caption(results: "Sequence[Result]") -> str:
    levels = {one.ci_level for one in results}
    interval = f"{100 * levels.pop():g}% interval" if len(levels) == 1 else "interval"
    return f"{count_of(len(results), 'result')}: estimate, {interval}, p and n"


def _sentences(results: "Sequence[Result]") -> Iterator[str]:
    told = [one.sentence() for one in results]
    if len(told) == 1:
        yield lead(told[0])
        return
    yield bullets(told[:MOST_SENTENCES])
    left = told[MOST_SENTENCES:]
    yield folded(count_of(len(left), "more sentence"), bullets(left))


def _table(caption: str, results: "Sequence[Result]") -> str:
    """Return the numbers as a table, without the columns that would be empty."""
    rows = [_row(one) for one in results]
    kept = [place for place, name in enumerate(_COLUMNS) if _is_told(name, place, rows)]
    return html_table(
        caption,
        [_COLUMNS[place] for place in kept],
        [[row[place] for place in kept] for row in rows],
        numbers=_NUMBERS,
        rest=_REST,
    )


def _is_told(name: str, place: int, rows: Sequence[Sequence[str]]) -> bool:
    return name not in ("Interval", "p", "p adjusted") or any(row[place] != "–" for row in rows)


def _row(result: "Result") -> tuple[str, ...]:
    told = told_of(result)
    what = ", ".join(part for part in (result.outcome, told.name) if part)
    unit = "" if told.unit == "%" else f" {told.unit}" if told.unit else ""
    percent = "%" if told.unit == "%" else ""
    return (
        capitalised(result.label),
        what or "–",
        f"{format_number(told.value)}{percent}{unit}" if told.is_known else "–",
        _interval(result, told),
        _p(result.p_value) if result.p_method else "–",
        _p(result.p_adjusted),
        _counts(result),
    )


def _interval(result: "Result", told: Told) -> str:
    if math.isnan(told.low) or math.isnan(told.high):
        return "–"
    words = f"{format_number(told.low)} to {format_number(told.high)}"
    return f"{words} (quartiles)" if is_range_of_data(result) else words


def _p(p: float) -> str:
    return format_p(p, symbol=False)


def _counts(result: "Result") -> str:
    counts = " / ".join(f"{count:,}" for count in result.n.values()) or "–"
    alone = next(iter(result.n)) if len(result.n) == 1 else "all"
    plural = "s" if alone.endswith("responder") and counts != "1" else ""
    return counts if alone == "all" else f"{counts} {spaced(alone)}{plural}"


def _limits(results: "Sequence[Result]") -> Iterator[str]:
    """Yield the warnings, each once: of one result with its name, of several with their number."""
    of: dict[str, list[Result]] = {}
    for one in results:
        for warning in one.warnings:
            of.setdefault(warning, []).append(one)
    lines = [_limit(warning, whose, is_only=len(results) == 1) for warning, whose in of.items()]
    yield folded(f"What to keep in mind: {count_of(len(lines), 'warning')}", bullets(lines))


def _limit(warning: str, whose: "Sequence[Result]", *, is_only: bool) -> str:
    if is_only:
        return warning
    if len(whose) == 1:
        return f"{_name(whose[0])}: {warning}"
    return f"{warning} ({count_of(len(whose), 'result')})"


def _name(result: "Result") -> str:
    return ", ".join(part for part in (capitalised(result.label), result.outcome) if part)


def _excluded(results: "Sequence[Result]") -> Iterator[str]:
    rows = [
        (_name(one), *map(str, line))
        for one in results
        for line in one.excluded[["participant_id", "reason"]].itertuples(index=False, name=None)
    ]
    if rows:
        table = html_table(
            "Who was not analysed, and why", ("Result", "Participant", "Reason"), rows
        )
        yield folded(f"Left out: {count_of(len(rows), 'entry', 'entries')}", table)


def _companions(results: "Sequence[Result]") -> Iterator[str]:
    beside = [companion for one in results for companion in one.companions]
    if beside:
        caption = "The same question by other methods, and the numbers behind it"
        yield folded(f"Beside it: {count_of(len(beside), 'companion')}", _table(caption, beside))
