"""Which results about the bench stand together: gels of a marker, plates of an assay."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ketbio.figures.labels import quantity_label
from ketbio.result import Result
from ketbio.wording import capitalised, join_words

MOST_IN_TABLE = 6
"""Columns of values that a page holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How results of an analysis are put together.

    Attributes
    ----------
    words : str
        What several of them are called.
    key : callable
        A result → what those of one group have in common.
    most : int
        Results on one figure.
    """

    words: str
    key: Callable[[Result], str]
    most: int = 6


def _marker(one: Result) -> str:
    return one.marker


def _outcome(one: Result) -> str:
    return one.outcome


def _nothing(_one: Result) -> str:
    return ""


RECOVERY = _Kind(words="dilution linearity and spike recovery", key=_marker)
KINDS: dict[str, _Kind] = {
    "fit_standard_curve": _Kind(words="standard curves", key=_marker, most=4),
    "chart_controls": _Kind(words="controls", key=_marker),
    "summarise_dilutions": RECOVERY,
    "summarise_spikes": RECOVERY,
    "summarise_gel": _Kind(words="gels", key=_marker),
    "summarise_linear_range": _Kind(words="linear range", key=_outcome),
    "summarise_replicates": _Kind(words="replicates", key=_nothing, most=4),
    "compare_methods": _Kind(words="agreement of methods", key=_marker, most=4),
    "summarise_levels": _Kind(words="levels", key=_marker),
}
"""Analyses that are about the laboratory, in the order in which they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGroup:
    """Results that stand under one heading."""

    results: tuple[Result, ...]

    @property
    def heading(self) -> str:
        """What they are about."""
        first = self.results[0]
        if len(self.results) == 1:
            return f"{capitalised(first.label)}: {first.outcome}"
        words = KINDS[first.analysis].words
        if self.is_of_one_marker:
            return f"{capitalised(first.label)}: {words}"
        return f"{capitalised(words)}, {first.outcome}" if self._has_one_outcome else (
            capitalised(words)
        )  # fmt: skip

    @property
    def is_of_one_marker(self) -> bool:
        """Whether all of them are of one marker."""
        return len({one.marker for one in self.results}) == 1

    @property
    def _has_one_outcome(self) -> bool:
        return len({one.outcome for one in self.results}) == 1

    def name_of(self, one: Result) -> str:
        """Return what tells a result from the others of its group."""
        if self.is_of_one_marker:
            return capitalised(one.outcome)
        return capitalised(one.label if self._has_one_outcome else f"{one.label}, {one.outcome}")

    def pages(self) -> Iterator[tuple[Result, ...]]:
        """Give those of each figure."""
        return self._parts(KINDS[self.results[0].analysis].most)

    def tables(self) -> Iterator[tuple[Result, ...]]:
        """Give those of each table."""
        return self._parts(MOST_IN_TABLE)

    def _parts(self, most: int) -> Iterator[tuple[Result, ...]]:
        for first in range(0, len(self.results), most):
            yield self.results[first : first + most]


def is_of_laboratory(result: Result) -> bool:
    """Tell a result about the bench from one about the participants.

    Examples
    --------
    >>> is_of_laboratory(Result(analysis="summarise_gel", marker="m", outcome="", groups=(), n={}))
    True
    """
    return result.analysis in KINDS


def laboratory_groups(results: Iterable[Result]) -> tuple[ResultGroup, ...]:
    """Return the results about the bench in the groups in which they are told.

    Parameters
    ----------
    results : iterable of Result
        Those about participants are left aside.

    Returns
    -------
    tuple of ResultGroup

    Examples
    --------
    >>> gels = [Result(analysis="summarise_gel", marker="p_S6", outcome=f"gel {name}", groups=(),
    ...                n={}) for name in ("G1", "G2")]
    >>> [(group.heading, group.name_of(gels[1])) for group in laboratory_groups(gels)]
    [('p_S6: gels', 'Gel G2')]
    """
    order = list(KINDS)
    told = sorted(filter(is_of_laboratory, results), key=lambda one: order.index(one.analysis))
    found: dict[tuple[str, str], list[Result]] = {}
    for one in told:
        kind = KINDS[one.analysis]
        found.setdefault((kind.words, kind.key(one)), []).append(one)
    return tuple(ResultGroup(results=tuple(members)) for members in found.values())


def figure_words(page: tuple[Result, ...]) -> str:
    """Return what a figure of several results shows: ``"S6: gel G1 and gel G2"``.

    Examples
    --------
    >>> one = Result(analysis="summarise_gel", marker="p_S6", outcome="gel G1", groups=(), n={})
    >>> figure_words((one,))
    'P S6, gel G1'
    """
    if len(page) == 1 or len({one.marker for one in page}) > 1:
        return capitalised(join_words(quantity_label(one) for one in page))
    return f"{capitalised(page[0].label)}: {join_words(one.outcome for one in page)}"
