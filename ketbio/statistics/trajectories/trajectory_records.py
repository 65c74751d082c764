"""What permuting whole trajectories found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.record_words import shown
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.wording import format_number, format_p


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TrajectoryTest:
    """Every visit, their average and any of them, tested with one set of arrangements.

    Attributes
    ----------
    names : tuple of str
        The visits.
    visits : tuple of PermutationTest
        One per visit: estimate in the data's units, interval by inverting the test, t, p.
    p_adjusted : array of shape (visits,)
        Step-down max T over the visits; never below the visit's own p.
    is_tested : array of bool, shape (visits,)
        False where a visit has nothing to compare: p = 1.
    average : PermutationTest
        Of each participant's mean deviation from the visits' means, over the visits they have:
        with no visit missing, the mean over the visits.
    p_any_visit : float
        Of the largest statistic over the visits: of an effect at any of them.
    p_any_visit_interval : tuple of two floats
        99 % interval of it where it was drawn; NaN where exact.
    largest : float
        The largest statistic (two-sided: in size) over the visits.
    n : array of int, shape (visits, groups)
        Values per visit and arm (one column for signs).
    n_missing : int
        Values missing, of all participants at all visits.
    warnings : tuple of str
        Sentences on the whole.
    """

    names: tuple[str, ...]
    visits: tuple[PermutationTest, ...]
    p_adjusted: FloatArray
    is_tested: NDArray[np.bool_]
    average: PermutationTest
    p_any_visit: float
    p_any_visit_interval: tuple[float, float]
    largest: float
    n: NDArray[np.int64]
    n_missing: int
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return a line per visit, and the warnings below."""
        head = shown(
            "TrajectoryTest",
            f"any visit {format_p(self.p_any_visit)} ({self.average.method}; "
            f"{self.average.alternative})",
            warnings=self.warnings,
        )
        lines = [
            f"  {name}: {one.estimate_name} {format_number(one.estimate)}, "
            f"{format_p(one.p_value)}, adjusted {format_p(float(p))}"
            for name, one, p in zip(self.names, self.visits, self.p_adjusted, strict=True)
        ]
        return "\n".join([head, *lines])
