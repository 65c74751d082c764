"""The arrays of a model over visits, checked: visits, groups, times, and who has which pattern."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed.arrays import Observations, as_codes, as_columns, as_labels
from ketbio.statistics.mixed.patterns import IntArray, Pattern, gather_patterns
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitData:
    """Checked arrays of a model whose covariance goes by visits or times.

    Attributes
    ----------
    observations : Observations
    visits, groups : array of int, shape (n,)
        Codes of visits and groups.
    times : array of shape (n, d), optional
    n_visits : int
    group_labels : tuple of str
        In the order of the codes.
    patterns : tuple of Pattern
    """

    observations: Observations
    visits: IntArray
    groups: IntArray
    times: FloatArray | None
    n_visits: int
    group_labels: tuple[str, ...]
    patterns: tuple[Pattern, ...]

    @property
    def n_groups(self) -> int:
        """Groups with covariance parameters of their own."""
        return len(self.group_labels)

    @property
    def in_groups(self) -> list[NDArray[np.bool_]]:
        """Which rows are of each group."""
        return [self.groups == g for g in range(self.n_groups)]


def as_visit_data(
    observations: Observations,
    visits: ArrayLike,
    *,
    n_visits: int | None,
    groups: ArrayLike | None,
    times: ArrayLike | None,
    is_spatial: bool,
) -> VisitData:
    """Return the checked arrays, or refuse them.

    Raises
    ------
    StatisticsError
        A visit code is no whole number, a participant has two rows at a visit or two groups.
    """
    n = observations.n
    codes = as_codes(visits, n, "visits")
    count = int(codes.max()) + 1 if n_visits is None else n_visits
    if not isinstance(count, (int, np.integer)) or count <= codes.max():
        raise StatisticsError(
            f"n_visits is {n_visits!r} and visits go up to {codes.max()}; allowed: a whole number "
            f"from {codes.max() + 1} on. Count the visits again."
        )
    _refuse_twice(observations.participants, codes, int(count))
    group, labels = _groups(groups, observations)
    places = as_columns(codes if times is None else times, n, "times")
    used = places if is_spatial else None
    patterns = gather_patterns(
        observations.participants,
        codes,
        groups=group if len(labels) > 1 else None,
        times=used,
    )
    return VisitData(
        observations=observations,
        visits=codes,
        groups=group,
        times=used,
        n_visits=int(count),
        group_labels=labels,
        patterns=patterns,
    )


def _refuse_twice(participants: IntArray, visits: IntArray, n_visits: int) -> None:
    counts = np.bincount(participants * n_visits + visits)
    if counts.max() > 1:
        visit = int(np.argmax(counts > 1)) % n_visits
        raise StatisticsError(
            f"a participant has {counts.max()} rows at visit {visit + 1}; allowed: one row per "
            "participant and visit. Average or leave out repeated rows, or use random effects."
        )


def _groups(
    groups: ArrayLike | None, observations: Observations
) -> tuple[IntArray, tuple[str, ...]]:
    """Codes and labels of the groups, in the order of the labels' text."""
    n = observations.n
    if groups is None:
        return np.zeros(n, dtype=np.intp), ("",)
    codes = as_labels(groups, n, "groups")
    labels = np.asarray(groups, dtype=object)
    firsts = [str(labels[np.argmax(codes == code)]) for code in range(int(codes.max()) + 1)]
    order = sorted(range(len(firsts)), key=firsts.__getitem__)
    codes = np.argsort(order)[codes]
    pairs = np.unique(np.column_stack([observations.participants, codes]), axis=0)
    if pairs.shape[0] > observations.n_participants:
        raise StatisticsError(
            "a participant is in two groups; allowed: one group per participant, since the group "
            "decides on the covariance of all of a participant's visits. Correct groups."
        )
    return codes, tuple(firsts[place] for place in order)
