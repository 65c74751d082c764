"""Arrays → small frozen records: the formulas, and no participants."""

from ketbio.statistics.attained_size import attained_size
from ketbio.statistics.bootstrap import bootstrap_interval
from ketbio.statistics.budgets import Budget
from ketbio.statistics.correlation import pearson, spearman
from ketbio.statistics.correlation_permutation import correlation_permutation_test
from ketbio.statistics.descriptions import describe
from ketbio.statistics.design_facts import design_facts
from ketbio.statistics.effect_sizes import (
    hedges_g,
    hodges_lehmann,
    paired_effect,
    probability_of_superiority,
)
from ketbio.statistics.leave_one_out import (
    leave_one_out_correlation,
    leave_one_out_groups,
    leave_one_out_pairs,
)
from ketbio.statistics.multiplicity import adjust_p
from ketbio.statistics.paired_permutation import paired_permutation_test
from ketbio.statistics.permutation import permutation_test
from ketbio.statistics.proportion import proportion_interval
from ketbio.statistics.records import (
    AdjustedP,
    Description,
    DesignFacts,
    Estimate,
    LeaveOneOut,
    PermutationTest,
    TTest,
)
from ketbio.statistics.t_intervals import mean_interval, paired_t, welch_t

__all__ = [
    "AdjustedP",
    "Budget",
    "Description",
    "DesignFacts",
    "Estimate",
    "LeaveOneOut",
    "PermutationTest",
    "TTest",
    "adjust_p",
    "attained_size",
    "bootstrap_interval",
    "correlation_permutation_test",
    "describe",
    "design_facts",
    "hedges_g",
    "hodges_lehmann",
    "leave_one_out_correlation",
    "leave_one_out_groups",
    "leave_one_out_pairs",
    "mean_interval",
    "paired_effect",
    "paired_permutation_test",
    "paired_t",
    "pearson",
    "permutation_test",
    "probability_of_superiority",
    "proportion_interval",
    "spearman",
    "welch_t",
]
