"""One sample of which some values are only known to lie beyond a limit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.censored.censored_values import Flags, as_flags, refuse_both
from ketbio.statistics.inputs import as_values
from ketbio.statistics.records import FloatArray
from ketbio.wording import format_number


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CensoredSample:
    """Values, or limits where ``below`` or ``above``.

    Attributes
    ----------
    value : array of shape (n,)
        In the data's units, or their logarithms.
    below, above : array of bool, shape (n,)
        Whether the value itself is strictly lower, or strictly higher.
    """

    value: FloatArray
    below: Flags
    above: Flags

    @property
    def seen(self) -> Flags:
        """Which values were measured."""
        return ~(self.below | self.above)

    def moved(self, value: FloatArray) -> "CensoredSample":
        """Return the sample on another scale, the same way up."""
        return CensoredSample(value=value, below=self.below, above=self.above)

    def mirrored(self) -> "CensoredSample":
        """Return the mirror image: what was below a limit is above one."""
        return CensoredSample(value=-self.value, below=self.above, above=self.below)


def censored_sample(
    values: ArrayLike, below: ArrayLike | None, above: ArrayLike | None
) -> CensoredSample:
    """Validate a sample."""
    numbers = as_values(values, "values")
    low, high = as_flags(below, "below", numbers.size), as_flags(above, "above", numbers.size)
    refuse_both(low, high, "values")
    return CensoredSample(value=numbers, below=low, above=high)


def logarithms(sample: CensoredSample) -> CensoredSample:
    """Return natural logarithms, or refuse what has none."""
    lowest = float(sample.value.min())
    if lowest <= 0:
        raise StatisticsError(
            f"values holds {format_number(lowest)}, which has no logarithm; allowed with "
            "scale='log': values and limits above 0. Use scale='raw', or leave it out."
        )
    return sample.moved(np.log(sample.value))
