"""When to stop drawing: as soon as enough draws are as extreme as what was observed.

Besag & Clifford (1991): draw until h draws are as extreme; with the h-th at draw l, p = h/l is a
valid p value. Leaving that last draw out and counting the observed arrangement in its place gives
the same number as (b + 1)/(m + 1), so that everything made from the draws (tails, interval) needs
to know nothing of the stopping.
"""

from dataclasses import dataclass, field

import numpy as np

from ketbio.statistics.counting.questions import Question
from ketbio.statistics.records import FloatArray

ROUNDING = 1e-9
"""Distances between whole numbers that are equal on paper are this close."""


@dataclass(slots=True, kw_only=True, eq=False)
class Stopping:
    """Counts draws as extreme as the observed arrangement, batch after batch.

    Attributes
    ----------
    question : Question
        Its ``alternative`` and ``stop_after``.
    observed : float
        T − E T as observed.
    tolerance : float
        How close two statistics count as tied.
    """

    question: Question
    observed: float
    tolerance: float
    _found: dict[str, int] = field(default_factory=dict)

    def place_in(self, batch: FloatArray) -> int | None:
        """Return how many draws of this batch to keep, or None to go on drawing.

        Parameters
        ----------
        batch : array of shape (draws,)
            T − E T of the next draws, in their order.
        """
        wanted = self.question.stop_after
        if wanted is None:
            return None
        places = []
        for side, extreme in self._as_extreme(batch).items():
            before = self._found.get(side, 0)
            so_far = before + np.cumsum(extreme)
            self._found[side] = int(so_far[-1]) if so_far.size else before
            # A side that had enough in an earlier batch is done, whatever this batch holds.
            places.append(-1 if before >= wanted else int(np.searchsorted(so_far, wanted)))
        last = max(places)
        return last if last < batch.size else None

    def _as_extreme(
        self, batch: FloatArray
    ) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        upper = batch >= self.observed - self.tolerance
        lower = batch <= self.observed + self.tolerance
        sides = {
            "greater": {"upper": upper},
            "less": {"lower": lower},
            "two-sided-doubled": {"upper": upper, "lower": lower},
        }
        if self.question.alternative in sides:
            return sides[self.question.alternative]
        return {"both": np.abs(batch) >= abs(self.observed) - self.tolerance}
