"""The correlations on offer: their interval, their citations, and the fewest pairs."""

from ketbio.statistics import pearson, spearman

METHODS = ("pearson", "spearman", "kendall", "percentage_bend")
CORRELATIONS = {"pearson": pearson, "spearman": spearman}
"""Correlation → the function that gives it with an interval; Kendall's has none here, and the
percentage bend correlation has that of its test."""

CITED = {
    "pearson": ("pitman1937b", "fisher1921", "horowitz1974"),
    "spearman": ("spearman1904", "pitman1937b", "bonett2000"),
    "kendall": ("kendall1938",),
    "percentage_bend": ("wilcox1994", "efron1987"),
}
LEAST_PAIRS = 4
"""Fewer pairs have no interval, and no more than 6 arrangements."""
