"""Imputed contrasts below each other: each assumption, beside it those measured and no draws."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.families import require_results
from ketbio.figures.forest import draw_forest
from ketbio.figures.parts import require_result
from ketbio.figures.style import Style
from ketbio.result import Result
from ketbio.wording import capitalised

IMPUTED = ", imputed: "
"""What stands in an outcome before the assumption."""
DIFFERENCE = "adjusted mean difference"
BESIDE = {
    f"{DIFFERENCE}, of those measured": "those measured, nothing imputed",
    f"{DIFFERENCE}, conditional means": "{assumption}, no draws (jackknife)",
}
"""Name of a companion → its row."""


def draw_imputed(
    results: Result | Sequence[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw the contrasts under several assumptions as a forest.

    Those measured at the visit stand first, then each assumption; of one result also the estimate
    without draws.

    Parameters
    ----------
    results : Result or sequence of Result
        Of `compare_imputed`.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        As `draw_forest`: one axis per pair of arms and visit.

    Raises
    ------
    FigureError
        No results, results of another analysis, or no such style.

    Examples
    --------
    >>> one = Result(analysis="compare_imputed", marker="MADRS", groups=("ketamine", "saline"),
    ...     outcome="change, baseline to day_7, imputed: missing at random", estimate=-6.0,
    ...     n={"ketamine": 8, "saline": 8}, estimate_name="adjusted mean difference",
    ...     unit="points", ci_low=-11.0, ci_high=-1.0, p_value=0.02)
    >>> [text.get_text() for text in draw_imputed(one).axes[0].texts]
    ['Missing at random']
    """
    if not isinstance(results, list | tuple):
        results = (require_result(results, caller="draw_imputed"),)
    given = require_results(
        results, caller="draw_imputed", analyses=("compare_imputed",), of="imputed comparisons"
    )
    rows = list(_rows(given))
    return draw_forest(rows, ax=ax, style=style, note=note)


def _rows(results: Sequence[Result]) -> Iterator[Result]:
    """Yield the rows: per comparison those measured, then each assumption."""
    alone = len(results) == 1
    several = len({one.marker for one in results}) > 1
    seen = set()
    for one in results:
        what, _, assumption = one.outcome.partition(IMPUTED)
        key = (one.marker, one.groups, what)
        beside = [found for found in one.companions if found.estimate_name in BESIDE]
        shown = [found for found in beside if key not in seen and _is_measured(found)]
        seen.add(key)
        shown += [one, *(found for found in beside if alone and not _is_measured(found))]
        yield from (_row(found, one, what, assumption, several) for found in shown)


def _is_measured(one: Result) -> bool:
    return one.estimate_name.endswith("of those measured")


def _row(one: Result, main: Result, what: str, assumption: str, several: bool) -> Result:
    """Return a result as a row of its own, under the name of its assumption."""
    name = BESIDE.get(one.estimate_name, "{assumption}").format(assumption=assumption)
    label = f"{main.label}: {name}" if several else capitalised(name)
    return replace(
        one,
        marker=f"{main.marker}, {name}",
        label=label,
        outcome=what,
        title=main.title,
        estimate_name=DIFFERENCE,
    )
