"""Checks as one page of HTML that a coordinator can work through.

The page stands alone: no file and no address is loaded. It is read without script; a script adds
the filters, the ticks and the list to copy.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.excerpts import Block, blocks_of
from ketbio.tables.outcome.lines import Line, lines_of, shown_lines
from ketbio.tables.outcome.sentences import is_safety_seen
from ketbio.tables.outcome.visible import visible
from ketbio.wording import count_of

MOST_SHOWN = 1000
"""Most complaints with their cells on a page; the rest is counted there."""
LARGEST_PAGE = 1_900_000
"""In bytes; a page with very long cells shows fewer complaints."""
_PACKAGE = "ketbio.tables.outcome"
_TEMPLATE = "check_page.html.j2"
# Said in words and signs, never by colour alone.
_WORDS = {"safety": "Safety", "error": "Error", "warning": "Warning"}
_SIGNS = {"safety": "!!", "error": "×", "warning": "!"}

_environment = Environment(
    loader=PackageLoader(_PACKAGE, package_path=""),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["visible"] = visible
_environment.globals.update(
    words=_WORDS, signs=_SIGNS, count_of=count_of, is_safety_seen=is_safety_seen
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One table on the page: its check, its blocks, and how many complaints are left out."""

    check: Check
    safety: tuple[Block, ...]
    others: tuple[Block, ...]
    n_left_out: int


def checks_page(checks: Sequence[Check]) -> str:
    """Return checks as an HTML page of its own.

    Parameters
    ----------
    checks : sequence of Check
        One per table. The outcome and the counts come first, then safety, then the rows of each
        table with the cells complained of.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> ages = pd.DataFrame({"participant_id": ["P01"], "age_years": ["150"]})
    >>> page = checks_page([check_table(ages, "participants")])
    >>> "age_years is 150; allowed" in page, "<script src" in page
    (True, False)
    """
    lines = [lines_of(check) for check in checks]
    most = MOST_SHOWN
    page = _page(checks, lines, most)
    while len(page.encode("utf-8", "replace")) > LARGEST_PAGE and most > 1:
        most //= 2
        page = _page(checks, lines, most)
    return page


def _page(checks: Sequence[Check], lines: Sequence[Sequence[Line]], most: int) -> str:
    parts = list(_parts(checks, lines, most))
    style, script = _asset("check_page.css"), _asset("check_page.js")
    return _environment.get_template(_TEMPLATE).render(
        parts=parts,
        title=_title(checks),
        verdict=_verdict(checks),
        n_complaints=sum(map(len, lines)),
        n_safety=sum(check.counts()["safety"] for check in checks),
        style=style,
        script=script,
        policy=_policy(style, script),
        version=version("ketbio"),
    )


def _parts(checks: Sequence[Check], lines: Sequence[Sequence[Line]], most: int) -> Iterator[_Part]:
    left = most
    for n_behind, (check, told) in enumerate(zip(checks, lines, strict=True)):
        # What a small table does not need goes to the tables after it.
        shown = shown_lines(told, max(1, left // (len(checks) - n_behind)))
        left = max(0, left - len(shown))
        safety = [line for line in shown if line.severity == SEVERITIES[0]]
        others = [line for line in shown if line.severity != SEVERITIES[0]]
        yield _Part(
            check=check,
            safety=tuple(blocks_of(check, safety)),
            others=tuple(blocks_of(check, others)),
            n_left_out=len(told) - len(shown),
        )


def _title(checks: Sequence[Check]) -> str:
    names = list(dict.fromkeys(visible(check.file or check.table) for check in checks))
    return f"Data check: {names[0]}" if len(names) == 1 else "Data checks"


def _verdict(checks: Sequence[Check]) -> str:
    counts = {word: sum(check.counts()[word] for check in checks) for word in SEVERITIES}
    n_rejected = sum(int((~check.kept).sum()) for check in checks)
    records = count_of(n_rejected, "record")
    if counts["error"]:
        errors = count_of(counts["error"], "error")
        return f"Not ready: {errors} to correct. {records} cannot be used until then."
    if counts["warning"]:
        return f"All records can be used; {count_of(counts['warning'], 'warning')} to look at."
    return "All records can be used; there is nothing to complain of."


def _asset(name: str) -> Markup:
    # Ours, and not text of a cell: it goes into the page as it is.
    return Markup(files(_PACKAGE).joinpath(name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    """Return what the browser may do: this style and this script, and load nothing."""

    def hashed(text: str) -> str:
        digest = hashlib.sha256(text.encode("utf-8")).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    return (
        f"default-src 'none'; style-src {hashed(style)}; script-src {hashed(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
