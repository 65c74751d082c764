"""Tail counts over subsets: by enumeration, by meeting in the middle, or over drawn subsets."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ketbio.statistics.counting.lattice_sums import tally_halves
from ketbio.statistics.counting.pair_counts import (
    Count,
    SumPair,
    count_at_least,
    count_at_most,
    join_halves,
    list_pair,
    make_pair,
    sample_pair,
    total,
)
from ketbio.statistics.counting.subset_sums import (
    Number,
    SubsetDesign,
    SumList,
    list_halves,
    open_take,
)
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubsetTails:
    """Tail counts of T − E T = (sum over the subset) − (its mean), for any shift of x.

    Attributes
    ----------
    design : SubsetDesign
        What subsets there are.
    pairs : tuple of SumPair
        Their sums.
    n_counted : int
        How many subsets the pairs make.
    expected_sum, expected_overlap : Fraction or float
        Means over all subsets of the sum and of how many observed members a subset has.
    shift : Fraction or float
        What is taken off every observed member first, in steps of the number line.
    is_symmetric : bool
        Whether the lower tail may be read off the upper one.
    """

    design: SubsetDesign
    pairs: tuple[SumPair, ...]
    n_counted: int
    expected_sum: Number
    expected_overlap: Number
    shift: Number = Fraction(0)
    is_symmetric: bool = False

    @property
    def tolerance(self) -> float:
        """How close two sums count as tied."""
        return self.design.tolerance

    @property
    def n_sums(self) -> int:
        """Numbers that one count has to look at."""
        return sum(int(pair.few.sums.size) for pair in self.pairs)

    def observed(self) -> Number:
        """Return T − E T of the observed subset after the shift."""
        return self._centred(self.design.observed_sum, self.design.observed_size)

    def at_least(self, threshold: Number, *, strict: bool = False) -> Count:
        """Count subsets with T − E T of ``threshold`` or more (``strict``: more)."""
        return total(
            count_at_least(p, self._lowest(self.raw(threshold, p), strict)) for p in self.pairs
        )

    def at_most(self, threshold: Number, *, strict: bool = False) -> Count:
        """Count subsets with T − E T of ``threshold`` or less (``strict``: less)."""
        if self.is_symmetric:
            return self.at_least(-threshold, strict=strict)
        return total(
            count_at_most(p, self._highest(self.raw(threshold, p), strict)) for p in self.pairs
        )

    def both(self, upper: Number, lower: Number, *, strict: bool = False) -> tuple[Count, Count]:
        """Count subsets of ``upper`` or more, and those of ``lower`` or less."""
        if self.is_symmetric and lower == -upper:
            above = self.at_least(upper, strict=strict)
            return above, above
        return self.at_least(upper, strict=strict), self.at_most(lower, strict=strict)

    def extremes(self) -> tuple[Number, Number]:
        """Return the smallest and the largest T − E T."""
        return (
            min(self._centred(self._number(p.lowest), p.overlap) for p in self.pairs),
            max(self._centred(self._number(p.highest), p.overlap) for p in self.pairs),
        )

    def _number(self, value: float) -> Number:
        return Fraction(int(value)) if self.design.is_exact else value

    def _offset(self, overlap: int) -> Number:
        if not self.shift:
            return self.expected_sum
        return self.expected_sum + self.shift * (overlap - self.expected_overlap)

    def _centred(self, raw: Number, overlap: int) -> Number:
        return raw - self._offset(overlap)

    def raw(self, threshold: Number, pair: SumPair) -> Number:
        """Return the sum at which subsets of a pair have T − E T of ``threshold``."""
        return threshold + self._offset(pair.overlap)

    def _lowest(self, threshold: Number, strict: bool) -> float:
        """Return the smallest sum that counts as ``threshold`` or more (``strict``: more)."""
        if self.design.is_exact:
            return float(math.floor(threshold) + 1 if strict else math.ceil(threshold))
        if strict:
            return math.nextafter(float(threshold) + self.tolerance, math.inf)
        return float(threshold) - self.tolerance

    def _highest(self, threshold: Number, strict: bool) -> float:
        """Return the largest sum that counts as ``threshold`` or less (``strict``: less)."""
        if self.design.is_exact:
            return float(math.ceil(threshold) - 1 if strict else math.floor(threshold))
        if strict:
            return math.nextafter(float(threshold) - self.tolerance, -math.inf)
        return float(threshold) + self.tolerance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubsetList:
    """Subsets one by one: their sums and how many observed members they have.

    Attributes
    ----------
    sums : array of shape (subsets,)
        Sum of positions over each subset.
    overlaps : array of int, shape (subsets,)
        Observed members in each subset.
    """

    sums: FloatArray
    overlaps: FloatArray


def halve(design: SubsetDesign, split: int, *, by_overlap: bool, merge: bool) -> SubsetTails:
    """Prepare tail counts by meeting in the middle.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    split : int
        Where the halves part.
    by_overlap : bool
        Whether the tails will be `shifted`.
    merge : bool
        Whether equal sums may be kept once with their number.
    """
    first, rest = list_halves(design, split, by_overlap=by_overlap, merge=merge)
    pairs = join_halves(first, rest, open_take(design, split))
    return _tails(design, pairs, design.n_arrangements, is_symmetric=design.is_symmetric)


def convolve(design: SubsetDesign, split: int, *, by_overlap: bool) -> SubsetTails:
    """Prepare tail counts by the shift algorithm (whole numbers only).

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    split : int
        Where `lattice_split` parts the halves.
    by_overlap : bool
        Whether the tails will be `shifted`.
    """
    first, rest = tally_halves(design, split, by_overlap=by_overlap)
    pairs = join_halves(first, rest, open_take(design, split))
    return _tails(design, pairs, design.n_arrangements, is_symmetric=design.is_symmetric)


def enumerate_subsets(design: SubsetDesign, split: int) -> SubsetList:
    """List every allowed subset."""
    pairs = halve(design, split, by_overlap=True, merge=False).pairs
    listed = [(list_pair(pair), pair.overlap) for pair in pairs]
    return SubsetList(
        sums=np.concatenate([sums for sums, _ in listed]),
        overlaps=np.concatenate([np.full(sums.size, float(k)) for sums, k in listed]),
    )


def tails_of_list(design: SubsetDesign, listed: SubsetList) -> SubsetTails:
    """Prepare tail counts over listed subsets, which may be all of them or draws."""
    one = SumList(np.zeros(1), None)
    pairs = tuple(
        make_pair(
            SumList(np.sort(listed.sums[listed.overlaps == k], kind="stable"), None),
            one,
            overlap=int(k),
        )
        for k in np.unique(listed.overlaps)
    )
    return _tails(design, pairs, listed.sums.size, is_symmetric=False)


def shifted(tails: SubsetTails, shift: float) -> SubsetTails:
    """Return the same subsets with ``shift`` taken off every observed member."""
    exact = tails.design.is_exact
    return replace(tails, shift=Fraction(shift) if exact else float(shift))


def sampled(tails: SubsetTails, n_sums: int) -> SubsetTails:
    """Return rough tails that look at about ``n_sums`` sums, evenly spaced in every list."""
    share = n_sums / max(1, tails.n_sums)
    return replace(tails, pairs=tuple(sample_pair(pair, share) for pair in tails.pairs))


def _tails(
    design: SubsetDesign, pairs: tuple[SumPair, ...], n_counted: int, *, is_symmetric: bool
) -> SubsetTails:
    return SubsetTails(
        design=design,
        pairs=pairs,
        n_counted=n_counted,
        expected_sum=design.expected_sum,
        expected_overlap=design.expected_overlap,
        is_symmetric=is_symmetric,
    )
