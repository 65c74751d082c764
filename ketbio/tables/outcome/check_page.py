"""Checks as a page: the counts, then every complaint in a table."""

from collections.abc import Iterator, Sequence
from html import escape

from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.outcome.check import Check

_COLUMNS = ("severity", "row", "participant", "visit", "column", "value", "message")
_FIELDS = ("row", "participant_id", "visit", "column", "value", "message")
# Said in words and by the border, never by colour alone.
_WORDS = {"safety": "SAFETY", "error": "error", "warning": "warning"}


def checks_page(checks: Sequence[Check]) -> str:
    """Return checks as an HTML page of its own.

    Parameters
    ----------
    checks : sequence of Check
        One per table. Complaints of all tables stand in one table, safety first; with more than
        one check it has a column that names theirs.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> ages = pd.DataFrame({"participant_id": ["P01"], "age_years": ["150"]})
    >>> page = checks_page([check_table(ages, "participants")])
    >>> "<td>150</td>" in page, page.index("1 error") < page.index("<table>")
    (True, True)
    """
    lines = list(_lines(checks))
    complaints = _table(lines, has_tables=len(checks) > 1) if lines else "<p>None.</p>"
    return _PAGE.format(summaries="".join(map(_summary, checks)), complaints=complaints)


def _summary(check: Check) -> str:
    notes = "".join(f"<li>{escape(note)}</li>" for note in check.notes)
    return f"<li>{escape(check.summary())}" + (f"<ul>{notes}</ul>" if notes else "") + "</li>"


def _lines(checks: Sequence[Check]) -> Iterator[tuple[str, list[str]]]:
    """Return severity and cells of each complaint, the table's name first."""
    for severity in SEVERITIES:
        for check in checks:
            chosen = check.complaints[check.complaints["severity"] == severity]
            for cells in chosen[list(_FIELDS)].itertuples(index=False, name=None):
                yield severity, [check.table, *map(str, cells)]


def _table(lines: Sequence[tuple[str, list[str]]], *, has_tables: bool) -> str:
    names = (_COLUMNS[0], *(["table"] if has_tables else []), *_COLUMNS[1:])
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(
        f'<tr class="{severity}"><th scope="row">{_WORDS[severity]}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells[0 if has_tables else 1 :])
        + "</tr>"
        for severity, cells in lines
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Data checks</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 sans-serif; margin: 2rem; color: #1a1a1a; background: #fff }}
div {{ overflow-x: auto }} table {{ border-collapse: collapse }}
th, td {{ border: 1px solid #767676; padding: .25rem .5rem; text-align: left; vertical-align: top }}
tr.safety > * {{ border-top: 3px solid #1a1a1a; border-bottom: 3px solid #1a1a1a }}
tr.safety > th {{ border-left: 8px double #1a1a1a }}
tr.warning > th {{ font-weight: normal }}
</style></head><body><main>
<h1>Data checks</h1><h2>Counts</h2><ul>{summaries}</ul>
<h2>Complaints</h2>
<div tabindex="0" role="region" aria-label="Complaints">{complaints}</div>
</main></body></html>"""
