"""Arrays → small frozen records: the formulas, and no participants."""

from ketbio.statistics.adjusted_coefficient import adjusted_coefficient
from ketbio.statistics.adjusted_permutation import adjusted_permutation_test
from ketbio.statistics.agreement import Agreement, limits_of_agreement
from ketbio.statistics.ancova import ancova
from ketbio.statistics.bootstrap import bootstrap_interval
from ketbio.statistics.censored.censored_scores import gehan_scores, peto_scores
from ketbio.statistics.censored_permutation import CensoredTest, censored_permutation_test
from ketbio.statistics.censored_summary import CensoredSummary, censored_summary
from ketbio.statistics.correlation import pearson, spearman
from ketbio.statistics.correlation_permutation import correlation_permutation_test
from ketbio.statistics.counting.attained_size import attained_size
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.crossover.label_permutation import crossover_permutation_test
from ketbio.statistics.crossover.within_fit import (
    CrossoverFit,
    carry_over_by_sums,
    fit_crossover,
)
from ketbio.statistics.curves.curve_records import (
    BackCalculation,
    DoseResponseFit,
    FittedResponse,
)
from ketbio.statistics.curves.limit_of_detection import limit_of_detection
from ketbio.statistics.curves.stacked_records import BackCalculations, DoseResponseFits
from ketbio.statistics.descriptions import describe
from ketbio.statistics.design_facts import design_facts
from ketbio.statistics.dose_response import back_calculate, fit_dose_response, predict_response
from ketbio.statistics.dose_response_plates import back_calculate_plates, fit_dose_responses
from ketbio.statistics.effect_sizes import (
    hedges_g,
    hodges_lehmann,
    paired_effect,
    probability_of_superiority,
)
from ketbio.statistics.intraclass import Reliability, intraclass_correlation
from ketbio.statistics.k_groups import k_group_permutation_test
from ketbio.statistics.kaplan_meier import (
    SurvivalCurve,
    kaplan_meier,
    restricted_mean_difference,
)
from ketbio.statistics.leave_one_out import (
    leave_one_out_correlation,
    leave_one_out_groups,
    leave_one_out_pairs,
)
from ketbio.statistics.log_rank import LogRankTest, log_rank_scores, log_rank_test
from ketbio.statistics.max_t import max_t_test
from ketbio.statistics.mmrm import MixedModel, fit_mixed_model, fit_random_effects
from ketbio.statistics.multiplicity import adjust_p
from ketbio.statistics.paired_permutation import paired_permutation_test
from ketbio.statistics.permutation import permutation_test
from ketbio.statistics.proportion import proportion_interval
from ketbio.statistics.proportion_difference import (
    proportion_difference,
    standardised_proportion_difference,
)
from ketbio.statistics.records import (
    AdjustedP,
    Ancova,
    Description,
    DesignFacts,
    Estimate,
    LeaveOneOut,
    MaxTTest,
    PermutationTest,
    TTest,
)
from ketbio.statistics.reliability import VarianceComponents, variance_components
from ketbio.statistics.repeated_correlation import (
    RepeatedCorrelation,
    repeated_correlation,
    repeated_correlation_test,
    swapped_trajectories_test,
)
from ketbio.statistics.t_intervals import mean_interval, paired_t, welch_t
from ketbio.statistics.trajectories.trajectory_records import TrajectoryTest
from ketbio.statistics.trajectory_permutation import (
    trajectory_permutation_test,
    trajectory_sign_test,
)
from ketbio.statistics.trajectory_residual_permutation import trajectory_residual_test
from ketbio.statistics.unconditional import ProportionTest, unconditional_test
from ketbio.statistics.unconditional_interval import exact_proportion_difference

__all__ = [
    "AdjustedP",
    "Agreement",
    "Ancova",
    "BackCalculation",
    "BackCalculations",
    "Budget",
    "CensoredSummary",
    "CensoredTest",
    "CrossoverFit",
    "Description",
    "DesignFacts",
    "DoseResponseFit",
    "DoseResponseFits",
    "Estimate",
    "FittedResponse",
    "LeaveOneOut",
    "LogRankTest",
    "MaxTTest",
    "MixedModel",
    "PermutationTest",
    "ProportionTest",
    "Reliability",
    "RepeatedCorrelation",
    "SurvivalCurve",
    "TTest",
    "TrajectoryTest",
    "VarianceComponents",
    "adjust_p",
    "adjusted_coefficient",
    "adjusted_permutation_test",
    "ancova",
    "attained_size",
    "back_calculate",
    "back_calculate_plates",
    "bootstrap_interval",
    "carry_over_by_sums",
    "censored_permutation_test",
    "censored_summary",
    "correlation_permutation_test",
    "crossover_permutation_test",
    "describe",
    "design_facts",
    "exact_proportion_difference",
    "fit_crossover",
    "fit_dose_response",
    "fit_dose_responses",
    "fit_mixed_model",
    "fit_random_effects",
    "gehan_scores",
    "hedges_g",
    "hodges_lehmann",
    "intraclass_correlation",
    "k_group_permutation_test",
    "kaplan_meier",
    "leave_one_out_correlation",
    "leave_one_out_groups",
    "leave_one_out_pairs",
    "limit_of_detection",
    "limits_of_agreement",
    "log_rank_scores",
    "log_rank_test",
    "max_t_test",
    "mean_interval",
    "paired_effect",
    "paired_permutation_test",
    "paired_t",
    "pearson",
    "permutation_test",
    "peto_scores",
    "predict_response",
    "probability_of_superiority",
    "proportion_difference",
    "proportion_interval",
    "repeated_correlation",
    "repeated_correlation_test",
    "restricted_mean_difference",
    "spearman",
    "standardised_proportion_difference",
    "swapped_trajectories_test",
    "trajectory_permutation_test",
    "trajectory_residual_test",
    "trajectory_sign_test",
    "unconditional_test",
    "variance_components",
    "welch_t",
]
