"""A crossover as arrays: who was in which sequence, and what each period gave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of, join_words

IntArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossoverArrays:
    """Complete participants of a crossover.

    Attributes
    ----------
    responses : array of shape (n, periods)
        In the marker's unit, one column per period.
    sequence : array of int, shape (n,)
        Row of ``treatments`` that each participant had.
    treatments : array of int, shape (sequences, periods)
        Which treatment a sequence has in each period; 0 is the reference.
    names : tuple of str
        The treatments, the reference first.
    """

    responses: FloatArray
    sequence: IntArray
    treatments: IntArray
    names: tuple[str, ...]

    @property
    def n(self) -> int:
        """Participants."""
        return int(self.responses.shape[0])

    @property
    def n_periods(self) -> int:
        """Periods."""
        return int(self.responses.shape[1])

    @property
    def counts(self) -> IntArray:
        """Participants per sequence, shape (sequences,)."""
        return np.bincount(self.sequence, minlength=len(self.treatments))

    @property
    def is_two_by_two(self) -> bool:
        """Whether it is AB/BA: two treatments, two periods, two sequences."""
        return self.treatments.shape == (2, 2) and len(self.names) == 2

    def without(self, place: int) -> "CrossoverArrays":
        """Return the crossover without one participant."""
        return CrossoverArrays(
            responses=np.delete(self.responses, place, axis=0),
            sequence=np.delete(self.sequence, place),
            treatments=self.treatments,
            names=self.names,
        )


def crossover_arrays(
    responses: ArrayLike,
    sequences: Sequence[str] | NDArray[np.str_],
    designs: "dict[str, Sequence[str]]",
    *,
    reference: str | None = None,
) -> CrossoverArrays:
    """Return a crossover's numbers in order, or refuse what is no crossover.

    Parameters
    ----------
    responses : array-like of numbers, shape (n, periods)
        Complete: participants who miss a period are left out before.
    sequences : sequence of str, length n
        Each participant's sequence, a key of ``designs``.
    designs : dict of str to sequence of str
        Sequence → its treatments in the order of the periods.
    reference : str, optional
        The treatment that is subtracted; the last of the first sequence when None.

    Returns
    -------
    CrossoverArrays
        Of the sequences that somebody has.

    Raises
    ------
    StatisticsError
        Rows of unequal length, values missing, sequences unknown, fewer than two of them, the same
        treatment throughout, or an unknown reference.

    Examples
    --------
    >>> found = crossover_arrays([[3, 5], [6, 4]], ["AB", "BA"], {"AB": "AB", "BA": "BA"})
    >>> found.names, found.treatments.tolist()
    (('B', 'A'), [[1, 0], [0, 1]])
    """
    values = np.array(responses, dtype=np.float64, ndmin=2)
    labels = [str(one) for one in sequences]
    if values.shape[0] != len(labels):
        raise StatisticsError(
            f"responses have {count_of(values.shape[0], 'row')} and sequences "
            f"{count_of(len(labels), 'label')}; one sequence per participant is wanted."
        )
    if not np.isfinite(values).all():
        raise StatisticsError(
            "responses hold a value that is missing or not finite; leave out participants who lack "
            "a period (the mixed model can use them)."
        )
    used = [label for label in designs if label in labels]
    _refuse(labels, used, designs, values.shape[1])
    present = list(dict.fromkeys(one for label in used for one in designs[label]))
    chosen = list(designs[used[0]])[-1] if reference is None else reference
    if chosen not in present:
        raise StatisticsError(
            f"reference is {chosen!r}; the treatments of these sequences are "
            f"{join_words(map(repr, present))}."
        )
    names = (chosen, *(one for one in present if one != chosen))
    return CrossoverArrays(
        responses=values,
        sequence=np.array([used.index(label) for label in labels], dtype=np.intp),
        treatments=np.array([[names.index(one) for one in designs[label]] for label in used]),
        names=names,
    )


def _refuse(
    labels: Sequence[str],
    used: Sequence[str],
    designs: "dict[str, Sequence[str]]",
    n_periods: int,
) -> None:
    unknown = [label for label in labels if label not in designs]
    if unknown:
        raise StatisticsError(
            f"a participant has the sequence {unknown[0]!r}; known: "
            f"{join_words(map(repr, designs), last='or')}."
        )
    for label in used:
        if len(designs[label]) != n_periods:
            raise StatisticsError(
                f"the sequence {label!r} names {count_of(len(designs[label]), 'treatment')} for "
                f"{count_of(n_periods, 'period')}; name one treatment per period."
            )
    if len(used) < 2:
        who = f"all participants have the sequence {used[0]!r}" if used else "nobody is left"
        raise StatisticsError(
            f"{who}: treatment and period cannot be told apart; at least two sequences are needed."
        )
