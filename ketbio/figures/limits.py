"""Values of which only a limit is known: which these are, and the lines at their limits."""

from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes

from ketbio.figures.labels import tick_number
from ketbio.figures.style import INK, Style
from ketbio.result import Result
from ketbio.vocabulary import CENSORED, LIMIT, VALUE

LIMIT_MARGIN = 0.13
"""Share of the span that stays free where the words of a limit stand beyond it."""


def beyond_limit(data: pd.DataFrame, *, of: str = "") -> "pd.Series[str]":
    """Return on which side of a known limit a row's value lies of which nothing else is known.

    Parameters
    ----------
    data : DataFrame
        Rows of a result.
    of : str
        What the names of the columns begin with: ``"baseline_"`` for ``baseline_value`` …

    Returns
    -------
    Series of str
        ``"left"``, ``"right"``, or ``""`` for a measured value.

    Examples
    --------
    >>> beyond_limit(pd.DataFrame({"value": [3.0, None], "censored": ["", "left"],
    ...                            "limit": [1.0, 1.0]})).to_list()
    ['', 'left']
    >>> beyond_limit(pd.DataFrame({"value": [3.0]})).to_list()
    ['']
    """
    value, censored, limit = (f"{of}{name}" for name in (VALUE, CENSORED, LIMIT))
    if censored not in data.columns or limit not in data.columns:
        return pd.Series("", index=data.index, dtype="str")
    sides = data[censored].astype("str").fillna("")
    is_known = sides.isin(("left", "right")) & data[value].isna() & data[limit].notna()
    return sides.where(is_known, "")


BOUNDED_VISITS = ("baseline_", "endpoint_")
"""How the columns of either visit begin, in the rows that `bounded_pairs` returns."""


def bounded_pairs(result: Result) -> pd.DataFrame:
    """Return pairs of visits in which a value lies beyond a limit, from the test that uses them.

    Returns
    -------
    DataFrame
        ``participant_id`` and, for either visit, value, ``censored`` and ``limit``; often empty.

    Examples
    --------
    >>> bounded_pairs(Result(analysis="a", marker="m", outcome="", groups=(), n={})).empty
    True
    """
    for companion in result.companions:
        rows = companion.data
        if any(f"{one}{CENSORED}" not in rows.columns for one in BOUNDED_VISITS):
            continue
        first, last = (beyond_limit(rows, of=one) != "" for one in BOUNDED_VISITS)
        if (first | last).any():
            return rows.loc[first | last].reset_index(drop=True)
    return pd.DataFrame()


def draw_limits(
    panel: Axes, sides: Iterable[str], limits: Iterable[float], *, unit: str, style: Style
) -> None:
    """Draw the limits that values lie beyond as dotted lines, named midway between two columns.

    Parameters
    ----------
    panel : Axes
        Where, values upwards; its limits are set already.
    sides, limits : iterable
        Of every value beyond a limit: ``"left"`` or ``"right"``, and the limit.
    unit : str
        Of the limits.
    style : Style
        Sizes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> panel = Figure().add_subplot()
    >>> draw_limits(panel, ["left", "left"], [0.5, 0.5], unit="ng/mL", style=STYLES["report"])
    >>> [text.get_text() for text in panel.texts], len(panel.lines)
    (['LLOQ 0.5 ng/mL'], 1)
    """
    known = list(zip(sides, limits, strict=True))
    for side, (name, up, at) in LIMIT_WORDS.items():
        own = sorted({float(limit) for one, limit in known if one == side})
        if not own:
            continue
        for limit in own:
            panel.axhline(
                limit, color=INK, linewidth=style.line_pt * 0.8, linestyle=(0, (1, 2)), zorder=1.2,
                label=name,
            )  # fmt: skip
        words = " to ".join(
            tick_number(float(f"{one:.3g}")) for one in dict.fromkeys((own[0], own[-1]))
        )
        panel.annotate(
            f"{name} {words} {unit}".strip(), (0.5, own[at]), (0.0, up * style.point_pt * 0.8),
            xycoords=panel.get_yaxis_transform(), textcoords="offset points",
            size=style.small_pt, color=INK, zorder=7, horizontalalignment="center",
            verticalalignment="bottom" if up > 0 else "top",
        )  # fmt: skip


LIMIT_WORDS = {"left": ("LLOQ", -1, 0), "right": ("ULOQ", 1, -1)}
"""Side → the limit's name, whether its words stand above (1) or below it, and at which of them."""
