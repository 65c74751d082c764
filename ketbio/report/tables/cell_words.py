"""What stands in a cell: the numbers of one result as a journal writes them."""

import math
from collections.abc import Mapping

from ketbio.number_formats import NumberFormat, level_words, write_interval, write_number, write_p
from ketbio.report.tables.table import Cell
from ketbio.result import Result

NOTHING = "–"
"""What stands where there is no number."""

BOUNDED = ("Pearson r", "Spearman", "Kendall", "percentage-bend", "probability of superiority")
"""How the names of estimates begin that cannot exceed 1."""


def is_bounded(name: str) -> bool:
    """Tell a correlation or a share, which some journals write without a zero before the point.

    Examples
    --------
    >>> is_bounded("Spearman rho"), is_bounded("mean difference")
    (True, False)
    """
    return name.startswith(BOUNDED)


def number_words(value: float, house: NumberFormat, *, name: str = "") -> str:
    """Return a number, or the dash where there is none."""
    return NOTHING if math.isnan(value) else write_number(value, house, is_bounded=is_bounded(name))


def mean_words(line: Result, house: NumberFormat) -> str:
    """Return ``15.2 (1.50)``: an estimate with its SD where it has one."""
    spread = "" if math.isnan(line.spread) else f" ({write_number(line.spread, house)})"
    return f"{number_words(line.estimate, house)}{spread}"


def median_words(line: Result, house: NumberFormat) -> str:
    """Return ``14.0 (13.0, 16.0)``: a median with its quartiles."""
    if math.isnan(line.estimate):
        return NOTHING
    quartiles = ", ".join(write_number(one, house) for one in (line.ci_low, line.ci_high))
    return f"{write_number(line.estimate, house)} ({quartiles})"


def count_words(line: Result, house: NumberFormat) -> str:
    """Return ``3 (60%)``: a count with its percentage."""
    if math.isnan(line.estimate):
        return NOTHING
    return f"{line.statistic:.0f} ({write_number(line.estimate, house, digits=2)}%)"


def limits_words(
    low: float, high: float, house: NumberFormat, *, level: float, name: str = ""
) -> str:
    """Return the limits of an interval without its level, which stands in the heading."""
    if math.isnan(low) or math.isnan(high):
        return NOTHING
    written = write_interval(low, high, house, level=level, is_bounded=is_bounded(name))
    return written.removeprefix(f"{level_words(level, house)} CI").lstrip(", ")


def effect_words(result: Result, house: NumberFormat) -> str:
    """Return ``1.39 (0.106 to 2.62)``: a standardised effect with its interval."""
    name = result.effect_size_name
    effect = number_words(result.effect_size, house, name=name)
    low, high = result.effect_size_ci
    limits = limits_words(low, high, house, level=result.ci_level, name=name)
    if limits == NOTHING:
        return effect
    return f"{effect} {limits}" if limits.startswith("[") else f"{effect} ({limits})"


def p_words(p: float, house: NumberFormat) -> str:
    """Return a p value without its symbol, which stands in the heading."""
    return NOTHING if math.isnan(p) else write_p(p, house, symbol=False)


def cell(
    text: str, line: Result, rows: Mapping[Result, int], *, notes: tuple[str, ...] = ()
) -> Cell:
    """Return a cell whose number comes from one row of ``tidy``."""
    return Cell(text=text, notes=notes, rows=(rows[line],) if line in rows else ())


EMPTY = Cell()
DASH = Cell(text=NOTHING)
