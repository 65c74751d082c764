"""A data dictionary as an HTML page of its own: no script, no other file, readable on a phone."""

from collections.abc import Iterable, Iterator
from html import escape

from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.forms.dictionary import describe_rules, describe_schema
from ketbio.tables.forms.scale_words import scale_sentences


def dictionary_page(schema: TableSchema | None, *, extra: str = "") -> str:
    """Return a page with the data dictionary of a schema, or with the list of schemas.

    Parameters
    ----------
    schema : TableSchema or None
        The schema; None for the list.
    extra : str
        What becomes of columns that it does not name.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> page = dictionary_page(load_schema("bdnf"))
    >>> "&lt;0.5" in page, "<script" in page
    (True, False)
    """
    if schema is None:
        listed = describe_schema().itertuples(index=False, name=None)
        items = "".join(
            f"<dt><code>{escape(key)}</code></dt>"
            f"<dd>{escape(title)}; one row is {escape(row)}.</dd>"
            for key, title, row in listed
        )
        return _PAGE.format(title="Incoming tables", body=f'<dl class="list">{items}</dl>')
    title = escape(f"{schema.name}: {schema.title}")
    return _PAGE.format(title=title, body="".join(_parts(schema, extra)))


def _parts(schema: TableSchema, extra: str) -> Iterator[str]:
    about = f"Version {schema.version}. One row is {schema.one_row}. {extra}"
    yield f"<p>{escape(about.replace('`', ''))}</p>"
    links = (
        f'<li><a href="#column-{escape(name)}"><code>{escape(name)}</code></a></li>'
        for name in schema.columns
    )
    yield f'<nav aria-label="Columns"><ul>{"".join(links)}</ul></nav>'
    yield "<h2>Columns</h2>"
    yield from map(_column, schema.columns.values())
    if scale := scale_sentences(schema.name):
        yield f"<h2>The scale</h2>{_listed(scale)}"
    yield "<h2>Rules across columns and rows</h2>"
    for name, severity, words in describe_rules(schema).itertuples(index=False, name=None):
        yield f"<h3><code>{escape(name)}</code> <small>{severity}</small></h3>"
        yield f"<p>{escape(words)}</p>"


def _column(spec: ColumnSpec) -> str:
    facts = {
        "Type": spec.type,
        "Unit": spec.unit,
        "Allowed": spec.allowed_text,
        "Required": "yes" if spec.required else "no",
        "Rule": spec.rule,
        "Examples": ", ".join(spec.examples),
    }
    lines = (f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value)
    return (
        f'<section id="column-{escape(spec.name)}"><h3><code>{escape(spec.name)}</code></h3>'
        f"<p>{escape(spec.meaning)}</p><dl>{''.join(lines)}</dl></section>"
    )


def _listed(sentences: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in sentences)}</ul>"


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }}
h1, h2, h3 {{ line-height: 1.25; overflow-wrap: anywhere; }}
h2 {{ margin-top: 2.5rem; }}
section {{ border-top: 1px solid #8888; }}
dl {{ display: grid; grid-template-columns: minmax(5.5rem, max-content) 1fr; gap: .25rem 1rem; }}
dt {{ font-weight: 600; }}
dd {{ margin: 0; overflow-wrap: anywhere; }}
nav ul {{ display: flex; flex-wrap: wrap; gap: .5rem 1rem; padding: 0; list-style: none; }}
nav a {{ display: inline-block; padding: .25rem 0; }}
small {{ font-weight: 400; }}
@media print {{ nav {{ display: none; }} section {{ break-inside: avoid; }} }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
