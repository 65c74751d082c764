"""Checks as text, JSON or a page."""

from collections.abc import Callable, Iterator, Sequence

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.check_page import checks_page
from ketbio.tables.outcome.structure import checks_json
from ketbio.tables.outcome.told import ToldCheck
from ketbio.tables.outcome.visible import visible

_MARKS = {"safety": "SAFETY ", "error": "error  ", "warning": "warning"}


def render_checks(checks: ToldCheck | Sequence[ToldCheck], *, format: str = "text") -> str:  # noqa: A002
    """Return checks for a reader: the complaints of all tables, safety first, then the counts.

    Parameters
    ----------
    checks : Check or sequence of Check
        One, or one per table.
    format : str
        ``"text"`` (one line per complaint, for pipes; `print_checks` lays it out for a terminal),
        ``"json"`` (the structure that docs/check_results.md describes) or ``"html"`` (a page of
        its own that shows the cells in place).

    Raises
    ------
    SchemaError
        The format is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> ages = pd.DataFrame({"participant_id": ["P01", "P02"], "age_years": ["15", "150"]})
    >>> print(render_checks([check_table(ages, "participants")]))
    error   table participants, row 3: age_years is 150; allowed: a number from 0 to 120. Correct
    it, or leave it empty if it is not known.
    participants: 2 records, 1 accepted, 1 rejected; 0 safety complaints, 1 error, 0 warnings.
    """
    if format not in _RENDERERS:
        raise SchemaError(unknown_word("format", format, _RENDERERS))
    return _RENDERERS[format](checks if isinstance(checks, Sequence) else [checks])


def _html(checks: Sequence[ToldCheck]) -> str:
    whole = [check for check in checks if isinstance(check, Check)]
    if len(whole) < len(checks):
        raise SchemaError(
            "A page shows cells in their place, and the rows of a large table are not kept; take "
            "format 'text' or 'json', or write the rejected rows to a file."
        )
    return checks_page(whole)


def severity_words(severity: str, rule: str) -> str:
    """Return severity and rule as a heading: ``error: range``."""
    return f"{_MARKS[severity].strip()}: {visible(rule)}"


def _text(checks: Sequence[ToldCheck]) -> str:
    lines = [
        f"{_MARKS[severity]} {sentence}"
        for severity in SEVERITIES
        for check in checks
        for sentence in check.sentences(severity)
    ]
    for check in checks:
        lines.append(check.summary())
        lines += [f"  {words}" for words in _rule_words(check)]
        lines += [f"  {note}" for note in check.notes]
    return "\n".join(map(visible, lines))


def _rule_words(check: ToldCheck) -> Iterator[str]:
    counts = check.counts_by_rule()
    # A single complaint stands right above, so that counting it tells nothing.
    if len(check.found) > 1:
        pairs = zip(counts["rule"], counts["complaints"], strict=True)
        yield f"By rule: {', '.join(f'{rule} {n:,}' for rule, n in pairs)}."


_RENDERERS: dict[str, Callable[[Sequence[ToldCheck]], str]] = {
    "text": _text,
    "json": checks_json,
    "html": _html,
}
CHECK_FORMATS = tuple(_RENDERERS)
"""How checks can be rendered."""
