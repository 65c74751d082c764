"""What the gallery shows: of each kind of figure the lines that make it.

The lines are run as they are printed, after those of `SETUP`; each ends in `figure = …`.
"""

from dataclasses import dataclass

SETUP = """
import ketbio as kb
from ketbio import figures
from ketbio.demo.simulate import write_demo_study
from ketbio.study import analyse_study, read_study

run = analyse_study(read_study(write_demo_study("demo")))
crossed = analyse_study(read_study(write_demo_study("crossed", study="crossover")))
visits = {"baseline": "baseline", "endpoint": "day_14"}
note = "Simulated data"


def find(analysis, marker=""):
    found = (one for one in run.results if one.analysis == analysis)
    return kb.Results(one for one in found if marker in one.marker)


# the demo study has no arms: these are invented, for the figures of a model over the visits
arms = run.endpoints[["participant_id"]].drop_duplicates().assign(arm="saline")
arms.iloc[::2, 1] = "ketamine"
asked = {"baseline": "baseline", "visits": run.study.visits[1:], "adjust": "mvt", "seed": 1}
model = kb.fit_mmrm(run.endpoints, marker="MADRS", participants=arms, **asked)
""".strip()
"""Run once, before all figures."""


@dataclass(frozen=True, slots=True)
class Example:
    """A figure of the gallery.

    Attributes
    ----------
    file : str
        Its file, without suffix.
    title : str
        Its heading.
    about : str
        When to draw it: Markdown.
    code : str
        The lines that leave a figure in `figure`: three where the study has the result.
    """

    file: str
    title: str
    about: str
    code: str


GROUPS: dict[str, tuple[Example, ...]] = {
    "Groups and visits": (
        Example(
            "estimation",
            "Two groups",
            "`compare_responders`: every participant, the difference with its interval, and beside "
            "it the null distribution, dark where p counts.",
            """
entropy = find("compare_responders", "nacc_entropy")[0]
print(entropy.sentence())
figure = kb.draw(entropy, note=note)
""",
        ),
        Example(
            "estimation_censored",
            "Two groups, a value below the limit",
            "What lies below the limit of quantification is drawn open, at its limit; nothing is "
            "put in its place.",
            """
plasma = find("compare_responders", "BDNF_plasma")[0]
print(plasma.sentence())
figure = kb.draw(plasma, note=note)
""",
        ),
        Example(
            "slopes",
            "Two visits",
            "`compare_visits`: a line for each participant, and the paired difference with its "
            "interval.",
            """
madrs = find("compare_visits", "MADRS")[0]
print(madrs.sentence())
figure = kb.draw(madrs, note=note)
""",
        ),
        Example(
            "crossover",
            "A crossover",
            "`compare_crossover`: every participant over the periods of the sequence, and the "
            "treatment difference, adjusted for period, with its interval.",
            """
ketamine = next(one for one in crossed.results if one.analysis == "compare_crossover")
print(ketamine.sentence())
figure = kb.draw(ketamine, note=note)
""",
        ),
        Example(
            "null_distribution",
            "The null distribution, with the steps of p",
            "Drawn by name: every arrangement that the test counted, the value observed, and the "
            "p values that this design can give at all.",
            """
entropy = find("compare_responders", "nacc_entropy")[0]
print(entropy.p_value, entropy.p_floor)
figure = figures.draw_null_distribution(entropy, note=note)
""",
        ),
        Example(
            "forest",
            "All markers",
            "Several results of one analysis: effects that can be compared, with p as it is and "
            "adjusted over the family.",
            """
family = find("compare_responders")[:5]
print(family.tidy()[["marker", "p_value", "p_adjusted"]])
figure = kb.draw(family, note=note)
""",
        ),
    ),
    "Changes that go together": (
        Example(
            "change_scatter",
            "Change against change",
            "`correlate_changes`: the line, the band of the lines that leave one participant out, "
            "and whoever carries the finding by name.",
            """
together = find("correlate_changes", "nacc_entropy")[0]
print(together.sentence())
figure = kb.draw(together, note=note)
""",
        ),
        Example(
            "repeated_correlation",
            "Within participants, over visits",
            "`correlate_repeated`: every value with the line of its participant; all lines have "
            "the slope that participants share.",
            """
given = {"outcome": "MADRS", "seed": 1}
within = kb.correlate_repeated(run.endpoints, marker="BDNF_serum", **given)
print(within.sentence())
figure = kb.draw(within, note=note)
""",
        ),
        Example(
            "correlation_matrix",
            "Every pair of markers",
            "`correlate_markers`: coefficients below the diagonal, adjusted p above it, n in each "
            "cell where it differs.",
            """
markers = ["nacc_entropy", "amygdala_entropy", "p_mTOR_S2448", "p_GSK3B_S9", "BDNF_serum"]
pairs = kb.correlate_markers(run.endpoints, markers=markers, response=run.response, **visits)
figure = kb.draw(pairs, note=note)
""",
        ),
        Example(
            "marker_pair",
            "One pair of markers",
            "One result of `correlate_markers`.",
            """
markers = ["p_mTOR_S2448", "p_GSK3B_S9"]
pairs = kb.correlate_markers(run.endpoints, markers=markers, response=run.response, **visits)
figure = kb.draw(pairs[0], note=note)
""",
        ),
        Example(
            "baseline_change",
            "Does the change depend on the baseline?",
            "`correlate_baseline_change`: change against the mean of both visits (Oldham), beside "
            "the plot of change against baseline, which is coupled to itself.",
            """
given = {"marker": "MADRS", "response": run.response, **visits}
dependence = kb.correlate_baseline_change(run.endpoints, **given)
figure = kb.draw(dependence, note=note)
""",
        ),
    ),
    "Ratings and participants": (
        Example(
            "waterfall",
            "Waterfall",
            "`summarise_response`: the percent reduction of each participant, the line of response, "
            "remission, and who has no value.",
            """
response = find("summarise_response")[0]
print(response.sentence())
figure = kb.draw(response, note=note)
""",
        ),
        Example(
            "trajectory",
            "Trajectories",
            "`summarise_course`: everyone's course, and each visit's mean with its interval and n.",
            """
order = run.study.visits
course = kb.summarise_course(run.endpoints, marker="MADRS", visits=order, response=run.response)
figure = kb.draw(course, note=note)
""",
        ),
        Example(
            "spider",
            "Spider",
            "Drawn by name from the same result: percent change from baseline, a line each.",
            """
order = run.study.visits
course = kb.summarise_course(run.endpoints, marker="MADRS", visits=order, response=run.response)
figure = figures.draw_spider(course, note=note)
""",
        ),
        Example(
            "flow",
            "Flow of participants",
            "From the data: who is left at each step, and who was lost and why.",
            """
flow = run.flow
print(flow[["step", "n", "excluded"]])
figure = figures.draw_flow(flow, note=note)
""",
        ),
    ),
    "Many visits": (
        Example(
            "mmrm_trajectory",
            "Estimated means over the visits",
            "`fit_mmrm`: everyone's course, the estimated marginal means, the contrasts below and, "
            "under each visit, n and the p values. The demo study has no arms; they are invented "
            "for this picture.",
            """
print(model[-1].sentence())
figure = kb.draw(model, note="Simulated data, arms invented")
""",
        ),
        Example(
            "visit_contrasts",
            "Contrasts by visit",
            "Drawn by name from the same results: a thick bar is the interval of one visit, a thin "
            "one with caps holds for all visits together.",
            """
figure = figures.draw_visit_contrasts(model, note="Simulated data, arms invented")
""",
        ),
        Example(
            "model_diagnostics",
            "Residuals of the model",
            "Drawn by name from the same results: normalised residuals, and whoever stands out by "
            "name.",
            """
figure = figures.draw_model_diagnostics(model, note="Simulated data, arms invented")
""",
        ),
        Example(
            "repeated_markers",
            "A marker measured repeatedly",
            "`fit_random_effects`: everyone's course, and the means of a mixed model with random "
            "effects of the participants. Replicates stand at their mean. The arms are invented.",
            """
repeated = kb.fit_random_effects(
    run.endpoints, marker="BDNF_serum", participants=arms, reference="saline"
)
print(repeated[-1].sentence())
figure = kb.draw(repeated, note="Simulated data, arms invented")
""",
        ),
    ),
    "Missing outcomes": (
        Example(
            "missing_visits",
            "Which visits are missing",
            "`describe_missing_visits`: a row per participant, from 41 on per pattern. Dark is "
            "measured, crossed is missing; nobody is left out.",
            """
missing = kb.describe_missing_visits(run.endpoints, marker="MADRS")
print(missing.sentence())
figure = kb.draw(missing, note=note)
""",
        ),
        Example(
            "imputed",
            "Assumptions about who dropped out",
            "`compare_imputed`: one comparison of two arms under several assumptions, beside those "
            "measured. The demo study has no arms; they are invented for this picture.",
            """
ids = sorted(set(run.endpoints["participant_id"]))
arms = {one: ("ketamine", "saline")[place % 2] for place, one in enumerate(ids)}
people = run.endpoints[["participant_id"]].drop_duplicates()
people["arm"] = people["participant_id"].map(arms)
asked = {"marker": "MADRS", "baseline": "baseline", "participants": people, "seed": 1}
imputed = kb.compare_imputed(run.endpoints, **asked)
print(imputed.tidy()[["outcome", "estimate_name", "estimate", "p_value"]])
figure = kb.draw(imputed, note="Simulated data, arms invented")
""",
        ),
        Example(
            "response_rates",
            "Responders in two arms",
            "`compare_response_rates`: what everybody reached against the threshold, the missing "
            "below it as crosses, and the difference of the percentages with its exact interval.",
            """
ids = run.response["participant_id"]
people = ids.to_frame().assign(arm=[("ketamine", "saline")[one % 2] for one in range(len(ids))])
rates = kb.compare_response_rates(run.response, participants=people)
print(rates[0].sentence())
figure = kb.draw(rates, note="Simulated data, arms invented")
""",
        ),
        Example(
            "time_to_response",
            "Time to response",
            "`describe_time_to_response`: Kaplan–Meier steps with every event on them, the interval "
            "shaded, and how many were still followed.",
            """
times = kb.describe_time_to_response(run.endpoints, baseline="baseline")
print(times[0].sentence())
figure = kb.draw(times, note=note)
""",
        ),
    ),
    "Plates": (
        Example(
            "standard_curve",
            "Standard curve",
            "`fit_standard_curves`: standards, the curve with its band, the samples where they read "
            "on it, and the limits.",
            """
curve = find("fit_standard_curve")[1]
print(curve.sentence())
figure = kb.draw(curve, note=note)
""",
        ),
        Example(
            "plate_map",
            "Plate map",
            "Drawn by name from a curve: every well, what it holds, and which are masked.",
            """
curve = find("fit_standard_curve")[1]
print(curve.data["role"].value_counts())
figure = kb.draw_plate_map(curve, note=note)
""",
        ),
        Example(
            "control_chart",
            "Controls",
            "`chart_controls`: each control in the order of the runs, with 2 and 3 SD where there "
            "are enough runs to know them.",
            """
control = find("chart_controls")[0]
print(control.sentence())
figure = kb.draw(control, note=note)
""",
        ),
        Example(
            "dilutions",
            "Dilution linearity",
            "`summarise_dilutions`: what each dilution gives, against the level that all should "
            "give.",
            """
dilutions = find("summarise_dilutions")[0]
print(dilutions.sentence())
figure = kb.draw(dilutions, note=note)
""",
        ),
        Example(
            "spikes",
            "Spike recovery",
            "`summarise_spikes`: how much of what was added is found again.",
            """
spikes = find("summarise_spikes")[0]
print(spikes.sentence())
figure = kb.draw(spikes, note=note)
""",
        ),
        Example(
            "replicate_cv",
            "Replicates",
            "`summarise_replicates`: the coefficient of variation of each sample against its level.",
            """
replicates = find("summarise_replicates", "BDNF_serum")[0]
print(replicates.sentence())
figure = kb.draw(replicates, note=note)
""",
        ),
        Example(
            "bland_altman",
            "Two methods",
            "`compare_methods`: the difference of two methods against their mean (Bland–Altman). "
            "Here the two wells of each serum sample, in ng/mL in the well.",
            """
wells = next(one.accepted for one in run.checks if one.schema == "elisa_plates")
read = kb.fit_standard_curves(wells[wells["plate_id"] == "PL1"], marker="BDNF").wells
samples = read.query("role == 'sample' and spike == 0").groupby(["participant_id", "visit"])
asked = {"value": "concentration", "unit": "ng/mL", "names": ("first well", "second well")}
agreement = kb.compare_methods(samples.nth(0), samples.nth(1), marker="BDNF_serum", **asked)
figure = kb.draw(agreement, note=note)
""",
        ),
    ),
    "Gels": (
        Example(
            "gel_overview",
            "A gel as it is",
            "`summarise_gels`: raw signals of every band above, the lanes' ratios below; a lane "
            "with a saturated band has none.",
            """
gel = find("summarise_gel", "p_GSK3B_S9")[3]
print(gel.sentence())
figure = kb.draw(gel, note=note)
""",
        ),
    ),
    "On one page": (
        Example(
            "composed",
            "Panels with letters",
            "`compose_figure`: one legend and one caption for panels of any kind.",
            """
parts = [find("compare_visits", "MADRS")[0], find("compare_responders", "nacc_entropy")[0]]
parts += [find("correlate_changes", "nacc_entropy")[0], find("summarise_response")[0]]
figure = kb.compose_figure(parts, style="double_column", note=note)
""",
        ),
    ),
}
"""Heading → the figures below it."""
