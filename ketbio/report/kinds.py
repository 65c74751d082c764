"""What each analysis is, in the report's words: a paragraph of its methods each."""

from ketbio.report.baseline_table import ANALYSIS as TABLE_1

KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    TABLE_1: (
        "Participants are described by mean and standard deviation or by count and percent; "
        "nothing is tested between the groups described.",
        (),
    ),
    "summarise_response": (
        "Response splits a continuous outcome in two; the change itself is reported beside it.",
        ("altman2006",),
    ),
    "compare_responders": (
        "Responders and non-responders were compared: differences are the first group minus the "
        "second, probabilities of superiority the first over the second. The groups are formed "
        "after treatment, so that the comparison describes and does not predict.",
        (),
    ),
    "compare_visits": (
        "Visits were compared within participants, the later minus the earlier. Without a control "
        "group this describes what happened between the visits, not what caused it.",
        (),
    ),
    "compare_crossover": (
        "Treatments were compared within participants of a crossover, adjusted for period; the "
        "sequence labels were permuted, as they were allocated. Carry-over was reported and "
        "decided nothing.",
        ("hills1979", "freeman1989"),
    ),
    "compare_imputed": (
        "Arms were compared with missing visits imputed, as sensitivity analyses: changes from "
        "baseline given arm, baseline and covariates at each visit with one unstructured "
        "covariance, parameters drawn by data augmentation under Jeffreys' prior, gaps imputed at "
        "random, values after drop-out under each assumption named; analysis of covariance at the "
        "visit in each completion, pooled by Rubin's rules. Differences are the arm minus the "
        "reference.",
        ("carpenter2013", "schafer1997", "rubin1987", "barnard1999"),
    ),
    "describe_missing_visits": (
        "Missing visits are described by their patterns over everybody expected; nothing is "
        "tested.",
        (),
    ),
    "fit_mmrm": (
        "Arms were compared over all visits in one mixed model for repeated measures: arm, visit, "
        "baseline value and the interactions of visit with both as fixed effects unless the plan "
        "names others, and a covariance between the visits of a participant. Estimates are "
        "differences of estimated marginal means; without arms, changes from baseline. Nothing "
        "was imputed; missing values are taken to be missing at random, given what the model "
        "knows of a participant. With few participants the model's p is not to be trusted alone; "
        "a permutation test beside it keeps each participant's whole course together.",
        ("mallinckrodt2008",),
    ),
    "fit_random_effects": (
        "Repeated values were analysed in a mixed model with random effects of the participants, "
        "by restricted maximum likelihood unless the plan says otherwise.",
        ("laird1982",),
    ),
    "correlate_changes": (
        "The change of a marker and the change of the clinical outcome were correlated over "
        "participants.",
        (),
    ),
    "correlate_markers": (
        "Markers were correlated two by two over participants. What two of them share in their "
        "measurement (a gel, a plate, a loading control) is part of such a correlation.",
        (),
    ),
    "correlate_baseline_change": (
        "Whether a change depends on the level was asked of the mean of both visits, not of the "
        "baseline, whose error the change shares.",
        (),
    ),
    "correlate_repeated": (
        "A marker and an outcome were correlated within participants over their visits: parallel "
        "lines, one per participant, so that differences between participants play no part. What "
        "both share over time is part of such a correlation unless it is centred by visit.",
        ("bakdash2017",),
    ),
    "summarise_course": (
        "The course over the visits is described by the participants and by the mean or median of "
        "those present at each visit; nothing is tested.",
        (),
    ),
    "fit_standard_curve": (
        "Concentrations were read from a logistic standard curve on each plate. A standard was "
        "accepted if it read back within its limits; the LLOQ and the ULOQ are the lowest and the "
        "highest accepted standard unless the plan states them, and what reads beyond them is "
        "censored. Dilutions were applied after reading.",
        ("findlay2007", "ema2011"),
    ),
    "chart_controls": (
        "Controls were followed over the plates; a level is outside if it is off its expected "
        "value, or off the median of the other plates where none is expected, by more than the "
        "plan allows.",
        (),
    ),
    "summarise_dilutions": (
        "Samples read at several dilutions were held against their level at the lowest dilution "
        "in range; a slope of 1 means that they run parallel to the standards.",
        ("plikaytis1994",),
    ),
    "summarise_spikes": (
        "Spike recovery is the spiked less the unspiked level, divided by what was added.",
        (),
    ),
    "summarise_gel": (
        "Bands were normalised lane by lane within their gel; lanes and gels are pooled within "
        "participants and never counted as participants.",
        (),
    ),
    "summarise_linear_range": (
        "Where a gel carries a dilution series, signal was held against the amount loaded on "
        "logarithmic axes; a band beyond the amounts where both go in proportion is named.",
        (),
    ),
    "summarise_replicates": (
        "Technical replicates were split into variance within and between runs and between "
        "samples.",
        (),
    ),
    "compare_methods": (
        "Two methods were compared by their differences (Bland–Altman): the bias, and the limits "
        "within which 95 in 100 differences are expected.",
        ("blandaltman1986",),
    ),
    "compare_response_rates": (
        "Response rates of the arms were compared by an exact test that does not fix how many "
        "responded, with an exact unconditional interval of the difference; who has no endpoint "
        "was counted by the rule stated with each result, and by the other rules beside it. "
        "Response splits a continuous outcome in two; the change itself is reported beside it.",
        ("altman2006",),
    ),
    "describe_time_to_response": (
        "Times to an event were described by Kaplan and Meier's curve, each event dated to the "
        "visit at which it was first seen. Arms were compared by the log-rank test over every way "
        "to deal them, and by restricted mean times.",
        ("kaplan1958", "peto1972", "royston2013"),
    ),
    "summarise_levels": (
        "Levels beyond a limit were kept as such and summarised by censored maximum likelihood, "
        "regression on order statistics and Kaplan–Meier; nothing was substituted.",
        ("helsel2012",),
    ),
}
"""What each analysis is, in the report's words, with citation keys."""
