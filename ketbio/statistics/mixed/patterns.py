"""Participants who share a covariance matrix: the same visits observed, the same inputs.

All participants of a pattern have the same Σ, so that whatever the likelihood needs of them is in
Σ_i [X y]_i[j, :]ᵀ [X y]_i[k, :]: sums over few patterns, however many participants there are
(Jennrich & Schluchter 1986 for the likelihood; the grouping is ours).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.records import FloatArray

IntArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """What a covariance depends on beside the visits; leading axes are patterns, if several.

    Attributes
    ----------
    group : array of int, shape ()
        Which group's parameters hold; 0 where there are no groups.
    times : array of shape (m, d), optional
        Places of the observations, for a covariance that falls with distance.
    z : array of shape (m, q), optional
        Columns of the random effects.
    units : array of int, shape (m, levels), optional
        Units within the participant (gels, batches) that share a random intercept of their own.
    """

    group: IntArray
    times: FloatArray | None = None
    z: FloatArray | None = None
    units: IntArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pattern:
    """Participants with one covariance matrix.

    Attributes
    ----------
    visits : array of int, shape (m,)
        Codes of the visits observed, ascending.
    inputs : Inputs
        What else the covariance depends on.
    members : array of int, shape (k, m)
        Rows of the arrays given to the fit, one line per participant, in the order of ``visits``.
    """

    visits: IntArray
    inputs: Inputs
    members: IntArray

    @property
    def n_visits(self) -> int:
        """Observations of each participant."""
        return int(self.members.shape[1])

    @property
    def n_participants(self) -> int:
        """Participants."""
        return int(self.members.shape[0])

    def products(self, columns: FloatArray) -> FloatArray:
        """Return Σ_i columns_i[j, :]ᵀ columns_i[k, :], shape (m, m, c, c).

        Parameters
        ----------
        columns : array of shape (n, c)
            Columns over all rows, such as [X y].
        """
        k, m = self.members.shape
        c = columns.shape[1]
        flat = columns[self.members].reshape(k, m * c)
        return np.ascontiguousarray((flat.T @ flat).reshape(m, c, m, c).transpose(0, 2, 1, 3))


def gather_patterns(
    participants: IntArray,
    visits: IntArray,
    *,
    groups: IntArray | None = None,
    times: FloatArray | None = None,
    z: FloatArray | None = None,
    units: IntArray | None = None,
) -> tuple[Pattern, ...]:
    """Group participants whose covariance is the same.

    Parameters
    ----------
    participants, visits : array of int, shape (n,)
        Codes of participants and visits of each row.
    groups : array of int, shape (n,), optional
        Group of the participant.
    units : array of int, shape (n, levels), optional
        Units within the participant.
    times, z : array of shape (n, d) and (n, q), optional
        Places and random-effect columns of each row.

    Returns
    -------
    tuple of Pattern
        From the fewest visits to the most.

    Examples
    --------
    >>> import numpy as np
    >>> found = gather_patterns(np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 0, 1]))
    >>> [(each.visits.tolist(), each.members.tolist()) for each in found]
    [([1], [[4]]), ([0, 1], [[0, 1], [3, 2]])]
    """
    order = np.lexsort((visits, participants))
    starts = np.flatnonzero(np.diff(participants[order], prepend=-1))
    sizes = np.diff(starts, append=order.size)
    given = (visits[:, None], None if groups is None else groups[:, None], units, times, z)
    # who has equal lines has one covariance; + 0.0 since −0 and 0 are one number
    lines = np.column_stack([each for each in given if each is not None]) + 0.0
    found: list[Pattern] = []
    for m in np.unique(sizes).tolist():
        rows = order[starts[sizes == m][:, None] + np.arange(m)]
        for members in _alike(rows, lines[rows].reshape(rows.shape[0], -1)):
            first = members[0]
            inputs = Inputs(
                group=np.array(0 if groups is None else groups[first[0]], dtype=np.intp),
                times=None if times is None else times[first],
                z=None if z is None else z[first],
                units=None if units is None else units[first],
            )
            found.append(Pattern(visits=visits[first], inputs=inputs, members=members))
    return tuple(found)


def _alike(rows: IntArray, keys: FloatArray) -> list[IntArray]:
    _, which = np.unique(keys, axis=0, return_inverse=True)
    which = which.ravel()
    order = np.argsort(which, kind="stable")
    cuts = np.flatnonzero(np.diff(which[order])) + 1
    return [rows[part] for part in np.split(order, cuts)]
