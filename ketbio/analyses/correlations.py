"""The correlations on offer: their interval, their citations, and the fewest pairs.

Pearson's r, Spearman's ρ and Kendall's τ_b have an interval on Fisher's z scale (Fisher; Bonett &
Wright; Fieller, Hartley & Pearson), which stays two-sided whatever the test; the percentage bend
correlation, and every correlation within blocks, has that of its test.
"""

from ketbio.statistics import pearson, spearman

METHODS = ("pearson", "spearman", "kendall", "percentage_bend")
CORRELATIONS = {"pearson": pearson, "spearman": spearman}
"""Correlation with the continuous change of the scale → the function that gives its interval."""

CITED = {
    "pearson": ("pitman1937b", "fisher1921", "horowitz1974"),
    "spearman": ("spearman1904", "pitman1937b", "bonett2000"),
    "kendall": ("kendall1938", "fieller1957"),
    "percentage_bend": ("wilcox1994", "efron1987"),
}
LEAST_PAIRS = 4
"""Fewer pairs have no interval, and no more than 6 arrangements."""
