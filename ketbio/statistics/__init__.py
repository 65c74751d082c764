"""Arrays → small frozen records: the formulas, and no participants.

Signatures (bodies follow): see the modules named below.

permutation_test(x, y, *, statistic="mean_difference", alternative="two-sided", blocks=None,
    exact="auto", n_resamples=9_999, confidence_level=0.95, seed=None) -> PermutationTest
paired_permutation_test(x, y=None, *, statistic="mean", alternative="two-sided", exact="auto",
    n_resamples=9_999, confidence_level=0.95, seed=None) -> PermutationTest
correlation_permutation_test(x, y, *, statistic="pearson", alternative="two-sided", exact="auto",
    n_resamples=9_999, confidence_level=0.95, seed=None) -> PermutationTest
hedges_g(x, y, *, confidence_level=0.95) -> Estimate
paired_effect(x, y, *, standardiser="d_av", confidence_level=0.95) -> Estimate   # "d_av" | "d_rm"
probability_of_superiority(x, y, *, confidence_level=0.95) -> Estimate
hodges_lehmann(x, y=None, *, confidence_level=0.95) -> Estimate     # y None: one sample / differences
pearson(x, y, *, confidence_level=0.95) -> Estimate
spearman(x, y, *, confidence_level=0.95) -> Estimate
mean_interval(x, *, confidence_level=0.95) -> TTest
paired_t(x, y, *, confidence_level=0.95) -> TTest          # x − y
welch_t(x, y, *, confidence_level=0.95) -> TTest           # x − y
proportion_interval(count, n, *, confidence_level=0.95) -> Estimate
adjust_p(p_values, *, method="holm") -> AdjustedP          # "holm" | "fdr_bh" | "none"
leave_one_out_groups(x, y, *, statistic=..., alternative=..., ...) -> LeaveOneOut
leave_one_out_pairs(x, y=None, *, statistic="mean", ...) -> LeaveOneOut
leave_one_out_correlation(x, y, *, statistic="pearson", ...) -> LeaveOneOut
bootstrap_interval(statistic, *arrays, paired=False, method="bca", n_resamples=9_999,
    confidence_level=0.95, seed=None) -> Estimate
describe(x) -> Description
"""
