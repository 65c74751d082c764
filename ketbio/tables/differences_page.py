"""Differences between two deliveries as text, JSON or a page."""

import json
from collections.abc import Callable
from html import escape

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.differences import Difference, Differences
from ketbio.tables.outcome.visible import visible
from ketbio.tables.phrases import SHOWN_IN_TABLE, cut, quoted

SHOWN_AS_TEXT = 200
"""How many differences the text shows; the others are in every other form."""


def render_differences(differences: Differences, *, format: str = "text") -> str:  # noqa: A002
    """Return differences for a reader: first the counts, then one line each.

    For a CSV file or a workbook, write ``differences.frame`` with `ketbio.tables.write_rows`.

    Parameters
    ----------
    differences : Differences
        As `ketbio.tables.compare_deliveries` returns them.
    format : str
        ``"text"``, ``"json"`` or ``"html"`` (a page of its own).

    Raises
    ------
    SchemaError
        The format is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables.deliveries import compare_deliveries
    >>> march = pd.DataFrame({"participant_id": ["P01"], "age_years": ["15"]})
    >>> april = pd.DataFrame({"participant_id": ["P01"], "age_years": ["51"]})
    >>> print(render_differences(compare_deliveries(march, april, "participants")))
    participants: 1 record before, 1 now, 0 alike; cells: 1 changed, 0 filled, 0 emptied; rows: 0
    added, 0 vanished; columns: 0 added, 0 vanished; 0 rows not compared; 0 cells written
    differently.
    changed: participant_id 'P01', age_years: '15' → '51' (row 2)
    """
    if format not in _RENDERERS:
        raise SchemaError(unknown_word("format", format, _RENDERERS))
    return _RENDERERS[format](differences)


def _text(differences: Differences) -> str:
    lines = [differences.summary(), *(f"  {note}" for note in differences.notes)]
    lines += [_line(one, differences.keys) for one in differences.found[:SHOWN_AS_TEXT]]
    if (more := len(differences.found) - SHOWN_AS_TEXT) > 0:
        lines.append(f"… and {more:,} more; take another format for all of them.")
    return "\n".join(map(visible, lines))


def _line(one: Difference, keys: tuple[str, ...]) -> str:
    pairs = zip(keys, one.key, strict=True)
    who = ", ".join(f"{name} {quoted(word)}" for name, word in pairs if word)
    places = [part for part in (who, one.column) if part]
    values = f": {quoted(one.old)} → {quoted(one.new)}" if one.old or one.new else ""
    return f"{one.kind}: {', '.join(places)}{values}{_rows(one)}"


def _rows(one: Difference) -> str:
    if one.old_row and one.new_row and one.old_row != one.new_row:
        return f" (row {one.old_row} → row {one.new_row})"
    row = one.old_row or one.new_row
    return f" (row {row})" if row else ""


def _json(differences: Differences) -> str:
    content = {
        "table": differences.table,
        "old_file": differences.old_file,
        "new_file": differences.new_file,
        "keys": list(differences.keys),
        "is_same": differences.is_same,
        "n_old": differences.n_old,
        "n_new": differences.n_new,
        "n_same": differences.n_same,
        "counts": differences.counts(),
        "differences": [
            {
                "kind": one.kind,
                "key": dict(zip(differences.keys, one.key, strict=True)),
                "column": one.column,
                "old": one.old,
                "new": one.new,
                "old_row": one.old_row or None,
                "new_row": one.new_row or None,
            }
            for one in differences.found
        ],
        "notes": list(differences.notes),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _html(differences: Differences) -> str:
    names = ("kind", *differences.keys, "column", "old", "new", "old row", "new row")
    head = "".join(f'<th scope="col">{_cell(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{one.kind}</th>'
        + "".join(
            f"<td>{_cell(str(cell or ''))}</td>"
            for cell in (*one.key, one.column, one.old, one.new, one.old_row, one.new_row)
        )
        + "</tr>"
        for one in differences.found
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return _PAGE.format(
        summary=_cell(differences.summary(), None),
        notes="".join(f"<li>{_cell(note, None)}</li>" for note in differences.notes),
        table=table if differences.found else "<p>None.</p>",
    )


def _cell(text: str, limit: int | None = SHOWN_IN_TABLE) -> str:
    return escape(visible(text if limit is None else cut(text, limit)))


_RENDERERS: dict[str, Callable[[Differences], str]] = {
    "text": _text,
    "json": _json,
    "html": _html,
}
DIFFERENCE_FORMATS = tuple(_RENDERERS)
"""How differences can be rendered."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What changed</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 sans-serif; margin: 1rem; color: #1a1a1a; background: #fff }}
div {{ overflow-x: auto }} table {{ border-collapse: collapse }}
th, td {{ border: 1px solid #767676; padding: .25rem .5rem; text-align: left; vertical-align: top }}
tbody th {{ font-weight: normal }}
</style></head><body><main>
<h1>What changed</h1><p>{summary}</p><ul>{notes}</ul>
<h2>Differences</h2>
<div tabindex="0" role="region" aria-label="Differences">{table}</div>
</main></body></html>"""
