"""What a figure shows, kept with it: headline, caption, alternative text, results and data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure, FigureBase

from ketbio.errors import FigureError
from ketbio.figures.description import alternative_text, kind_of
from ketbio.figures.style import Style
from ketbio.result import Result

ATTRIBUTE = "record"
DATA = "data"
"""Name of the one table of a figure that has no more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FigureRecord:
    """What a figure shows.

    Attributes
    ----------
    kind : str
        The kind of figure, in words: ``"Slope plot"``.
    headline : str
        The answer.
    caption : str
        What stands below the panels: n, test, interval and exclusions.
    note : str
        What stands on top of all: ``"Simulated data"``.
    alternative : str
        What is shown, for those who do not see it.
    results : tuple of Result
        The results drawn.
    data : dict of str to DataFrame
        What is drawn, by name; ``"data"`` where there is one table.
    style : Style
        The sizes it is drawn with.
    """

    kind: str
    headline: str
    caption: str
    note: str
    alternative: str
    results: tuple[Result, ...]
    data: dict[str, pd.DataFrame] = field(default_factory=dict)
    style: Style

    @property
    def full_caption(self) -> str:
        """Headline and caption as one, as a journal prints them below the figure."""
        said = (self.headline, self.caption)
        return " ".join(f"{words.rstrip('.')}." for words in said if words)


def figure_record(figure: Figure) -> FigureRecord:
    """Return what a figure of ketbio shows.

    Parameters
    ----------
    figure : Figure
        As `draw`, a ``draw_*`` function or `compose_figure` returns it.

    Returns
    -------
    FigureRecord
        Headline, caption, alternative text, results and the data drawn.

    Raises
    ------
    FigureError
        ketbio did not draw this figure.

    Examples
    --------
    >>> figure_record(Figure())
    Traceback (most recent call last):
    ketbio.errors.FigureError: This Figure was not drawn by ketbio, so it has no record; ...
    """
    record = getattr(figure, ATTRIBUTE, None)
    if isinstance(record, FigureRecord):
        return record
    raise FigureError(
        f"This {type(figure).__name__} was not drawn by ketbio, so it has no record; "
        "give a figure that draw(), a draw_*() function or compose_figure() returned."
    )


def keep_record(figure: FigureBase, record: FigureRecord) -> None:
    """Keep a record with its figure."""
    setattr(figure, ATTRIBUTE, record)


def make_record(
    *,
    headline: str,
    caption: str,
    note: str,
    style: Style,
    results: Iterable[Result] = (),
    data: pd.DataFrame | Mapping[str, pd.DataFrame] | None = None,
    kind: str = "",
    alternative: str = "",
) -> FigureRecord:
    """Return the record of a figure; what is not said follows from its results."""
    drawn = tuple(results)
    return FigureRecord(
        kind=kind or (kind_of(drawn[0]) if drawn else "Figure"),
        headline=headline,
        caption=caption,
        note=note,
        alternative=alternative or _alternative(drawn, headline),
        results=drawn,
        data=_tables(drawn, data),
        style=style,
    )


def _alternative(results: Sequence[Result], headline: str) -> str:
    if not results:
        return f"{headline}." if headline else ""
    return " ".join(alternative_text(one) for one in results)


def _tables(
    results: Sequence[Result], data: pd.DataFrame | Mapping[str, pd.DataFrame] | None
) -> dict[str, pd.DataFrame]:
    if isinstance(data, pd.DataFrame):
        return {DATA: data}
    if data is not None:
        return dict(data)
    if len(results) == 1:
        return {DATA: results[0].data}
    names = [f"{one.analysis}_{one.marker}" for one in results]
    return {
        f"{name}_{number}" if names.count(name) > 1 else name: one.data
        for number, (name, one) in enumerate(zip(names, results, strict=True), start=1)
    }
