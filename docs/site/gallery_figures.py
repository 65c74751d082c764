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
visits = {"baseline": "baseline", "endpoint": "day_14"}
note = "Simulated data"


def find(analysis, marker=""):
    found = (one for one in run.results if one.analysis == analysis)
    return kb.Results(one for one in found if marker in one.marker)
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
