"""Checks on a terminal: counts by rule, safety in a panel of its own, long lists cut."""

from collections.abc import Iterator, Sequence

import pandas as pd
from rich.box import ROUNDED
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ketbio.tables.outcome.rendering import render_checks, severity_words
from ketbio.tables.outcome.told import ToldCheck
from ketbio.tables.outcome.visible import visible
from ketbio.wording import count_of

MOST_OF_A_RULE = 10
"""How many complaints of a rule a terminal shows."""
MOST_SAFETY = 100
"""How many safety complaints a terminal shows."""
_STYLES = {"safety": "bold red", "error": "red", "warning": "yellow"}


def print_checks(
    checks: ToldCheck | Sequence[ToldCheck],
    *,
    console: Console | None = None,
    most: int = MOST_OF_A_RULE,
) -> None:
    """Print checks: laid out for a terminal, one plain line per complaint for a pipe or a file.

    Parameters
    ----------
    checks : Check or sequence of Check
        One, or one per table.
    console : rich.console.Console, optional
        Where to print; standard output by default.
    most : int
        How many complaints of a rule a terminal shows; a pipe gets all.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> ages = pd.DataFrame({"participant_id": ["P01"], "age_years": ["15"]})
    >>> print_checks([check_table(ages, "participants")], console=Console(width=100))
    participants: 1 record, 1 accepted, 0 rejected; 0 safety complaints, 0 errors, 0 warnings.
    """
    target = console or Console()
    if target.is_terminal:
        several = checks if isinstance(checks, Sequence) else [checks]
        target.print(checks_layout(several, most=most), highlight=False)
        return
    # A console wraps lines and takes [words] for markup; a pipe wants each line as it is.
    target.out(render_checks(checks), highlight=False)


def checks_layout(checks: Sequence[ToldCheck], *, most: int = MOST_OF_A_RULE) -> Group:
    """Return checks laid out for a terminal, for `rich` to print.

    Parameters
    ----------
    checks : sequence of Check
        One per table.
    most : int
        How many complaints of a rule are shown; the rest is counted.
    """
    safety = [sentence for check in checks for sentence in check.sentences("safety")]
    parts: list[RenderableType] = [_safety_panel(safety)] if safety else []
    for check in checks:
        parts += _check_parts(check, most)
    return Group(*parts)


def _safety_panel(sentences: Sequence[str]) -> Panel:
    return Panel(
        Group(*_some(sentences, MOST_SAFETY)),
        title=Text(f"SAFETY: {count_of(len(sentences), 'complaint')}"),
        title_align="left",
        border_style=_STYLES["safety"],
        box=ROUNDED,
    )


def _check_parts(check: ToldCheck, most: int) -> Iterator[RenderableType]:
    counts = check.counts_by_rule()
    told = check.complaints.assign(sentence=list(check.sentences()))
    if len(counts):
        yield Text(f"\n{visible(check.file or f'table {check.table}')}", style="bold")
        yield _counts_table(counts)
    for severity, rule, n, _ in counts.itertuples(index=False, name=None):
        if severity == "safety":
            continue
        yield Text(f"\n{severity_words(severity, rule)} ({n:,})", style=_STYLES[severity])
        is_meant = (told["severity"] == severity) & (told["rule"] == rule)
        yield from _some(told.loc[is_meant, "sentence"].tolist(), most)
    yield Text(f"\n{visible(check.summary())}", style="bold")
    yield from (Text(f"  {visible(note)}", style="dim") for note in check.notes)


def _counts_table(counts: pd.DataFrame) -> Table:
    table = Table(box=ROUNDED, title="Complaints by rule", title_justify="left")
    for name in ("severity", "rule"):
        table.add_column(name, overflow="fold")
    for name in ("complaints", "rows"):
        table.add_column(name, justify="right")
    for severity, rule, n, rows in counts.itertuples(index=False, name=None):
        style = _STYLES[severity]
        table.add_row(
            Text(severity, style=style), Text(visible(rule)), Text(f"{n:,}"), Text(f"{rows:,}")
        )
    return table


def _some(sentences: Sequence[str], most: int) -> Iterator[Text]:
    """Return the first sentences, and how many more there are."""
    # Text, not str: a cell that holds [red] is no markup.
    yield from (Text(visible(sentence)) for sentence in sentences[:most])
    if (left := len(sentences) - most) > 0:
        yield Text(f"… and {left:,} more: see --format html", style="italic")
