"""The smallest p of a design, without counting it: how many arrangements are the most extreme.

Drawing cannot find p below 1/(draws + 1), but a small design cannot give its own smallest p either
way: that is the number of arrangements that tie for the most extreme statistic, over all of them.
"""

import math
from fractions import Fraction

import numpy as np

from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.records import FloatArray


def subset_floor(design: SubsetDesign, alternative: str) -> float:
    """Return the smallest p over the subsets of a design, exactly.

    The largest sum takes the largest values of each block; those tied for the last place can be
    chosen among.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    alternative : str
        One of `ALTERNATIVES`.
    """
    highest, ways_high = _most_extreme(design, design.positions)
    negative, ways_low = _most_extreme(design, -design.positions)
    middle = float(design.expected_sum)
    return share_of_ends(
        reach=(highest - middle, middle + negative),
        ways=(ways_high, ways_low),
        n=design.n_arrangements,
        tolerance=max(design.tolerance, 1e-9),
        alternative=alternative,
    )


def share_of_ends(
    *,
    reach: tuple[float, float],
    ways: tuple[int, int],
    n: int,
    tolerance: float,
    alternative: str,
) -> float:
    """Return the share that is most extreme; ``reach``: how far above and below the mean."""
    if max(reach) <= tolerance:
        return 1.0
    furthest = (
        count for far, count in zip(reach, ways, strict=True) if far >= max(reach) - tolerance
    )
    count = {
        "two-sided": sum(furthest),
        "greater": ways[0],
        "less": ways[1],
        "two-sided-doubled": 2 * min(ways),
    }[alternative]
    return min(1.0, float(Fraction(count, n)))


def _most_extreme(design: SubsetDesign, scores: FloatArray) -> tuple[float, int]:
    """Return the largest sum of scores, and how many subsets have it."""
    near = design.tolerance
    if design.takes is None:
        return float(scores[scores > 0].sum()), 1 << int((np.abs(scores) <= near).sum())
    highest, ways = 0.0, 1
    ends = np.cumsum(design.block_sizes)[:-1]
    for part, take in zip(np.split(scores, ends), design.takes, strict=True):
        if take == 0:
            continue
        descending = np.sort(part)[::-1]
        highest += float(descending[:take].sum())
        last = np.abs(descending - descending[take - 1]) <= near
        ways *= math.comb(int(last.sum()), int(last[:take].sum()))
    return highest, ways
