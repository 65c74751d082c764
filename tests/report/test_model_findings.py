"""A model of several contrasts is told as one analysis, every number with its row."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from ketbio.report.aims import families_of, group_findings, primary_remark
from ketbio.report.contents import gather_contents
from ketbio.report.figure_files import FigureFile, draw_figures
from ketbio.report.figure_plan import plan_figures
from ketbio.report.findings import describe_findings, told_results
from ketbio.report.limitations import describe_limitations
from ketbio.report.methods import describe_methods
from ketbio.report.models import main_contrasts, model_outcome, told_together
from ketbio.report.more_figures import draw_more_figures
from ketbio.report.plain_summary import describe_plainly
from ketbio.report.row_numbers import number_rows
from ketbio.report.tables.subject import subject_of
from ketbio.report.tables.tabulate import tabulate_all
from ketbio.result import NOT_IMPUTED, Result, Results

NOT_DRAWN = FigureFile(problem="not drawn here")


@pytest.fixture
def mmrm(model):
    return model(title="MADRS", aim="primary", warnings=("6 of 80 values are missing.",))


def plain(markdown):
    """Return Markdown without the strokes that escape it."""
    return re.sub(r"\\(.)", r"\1", str(markdown))


def finding_of(results, **words):
    rows = number_rows(results)
    [finding] = describe_findings(results, rows, dict.fromkeys(results, NOT_DRAWN), **words)
    return finding, rows


def test_one_heading_and_a_sentence_for_each_contrast(mmrm):
    finding, rows = finding_of(mmrm)
    assert finding.heading == "MADRS – MADRS: change from baseline, hour 4 to day 14"
    assert finding.question.startswith("Do the arms differ in MADRS over the visits (change from")
    assert finding.quantity == "Difference in estimated marginal means"
    assert len(finding.contrasts) == len(mmrm) == 6
    for said, one in zip(finding.contrasts, mmrm, strict=True):
        assert f"(#row-{rows[one]})" in said
    second = plain(finding.contrasts[1])
    assert second.startswith("Day 1, ketamine − saline: −4.35 points, 95% CI −8.25 to −0.450, p")
    assert "p = .021, p = .11 after Holm over 5 visits, by permutation p = .046;" in second
    assert finding.contrasts[-1].startswith("Average over visits")
    assert "Day 14" in finding.answer
    assert "Day 7" not in finding.answer


@pytest.mark.parametrize("style", ["apa", "ama", "plain"])
def test_other_styles_have_a_whole_sentence_for_each(mmrm, style):
    finding, _ = finding_of(mmrm, sentences=style)
    told = map(plain, finding.contrasts)
    assert all(one.sentence(style) in said for said, one in zip(told, mmrm, strict=True))


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("full", "by permutation p = .046;"),
        ("apa", "By permutation p = .046."),
        ("ama", "By permutation P\u202f=\u202f.046."),
        ("plain", "turned up about 5 times in 100."),
    ],
)
def test_the_summary_has_the_permutations_p_beside_the_models(mmrm, style, said):
    finding, _ = finding_of(mmrm, sentences=style)
    assert plain(finding.answer).count(said) == 2
    assert all(said in plain(one) for one in finding.contrasts)


@pytest.mark.parametrize("style", ["full", "apa"])
def test_a_model_of_one_contrast_has_the_permutations_p_too(mmrm, style):
    finding, rows = finding_of(Results(mmrm[:1]), sentences=style)
    assert f"By permutation p = .046. [[row {rows[mmrm[0]]}]]" in plain(finding.answer)


@pytest.mark.parametrize(
    ("warning", "kept"),
    [
        (
            "2 of 30 values after baseline are missing (2 at day_14: P04 and P12)"
            + NOT_IMPUTED
            + " The model takes missing values to be missing at random.",
            "The model takes missing values to be missing at random.",
        ),
        ("2 values are missing" + NOT_IMPUTED, "2 values are missing" + NOT_IMPUTED),
        ("Few participants.", "Few participants."),
    ],
)
def test_who_is_missing_is_told_at_the_finding_and_not_again_in_the_limitations(
    model, warning, kept
):
    results = model(warnings=(warning,))
    rows = number_rows(results)
    finding, _ = finding_of(results)
    assert finding.caveats[0] == warning
    [limit] = describe_limitations(results, rows)
    assert limit.sentence == kept


def cells(table):
    return [re.sub(r"<[^>]+>|\\", "", one) for one in str(table).splitlines() if one.strip()]


def test_the_tables_have_every_number_with_its_row(mmrm):
    finding, rows = finding_of(mmrm)
    table, means = "\n".join(cells(finding.table)), "\n".join(cells(finding.means))
    for heading in ("Estimate (points)", "95% interval", "df", "Adjusted p", "Permutation p",
                    "n (ketamine / saline)", "Simultaneous 95% interval"):  # fmt: skip
        assert heading in table
    assert "13.4" in table
    for one in mmrm:
        first, second, permuted = one.companions[:3]
        assert f"(#row-{rows[permuted]})" in table
        assert f"(#row-{rows[first]})" in means
        assert f"(#row-{rows[second]})" in means
    assert finding.identifier == "finding-1"
    assert "table-finding-1" in str(finding.table)
    assert "table-means-1" in str(finding.means)


def test_columns_without_a_number_are_left_out(mmrm):
    bare = Results(replace(one, companions=(), p_adjusted=float("nan")) for one in mmrm)
    finding, _ = finding_of(bare)
    assert "Permutation" not in finding.table
    assert "Adjusted" not in finding.table
    assert finding.means == ""


def test_overall_tests_are_told_and_other_companions_only_pointed_to(mmrm):
    asked = {"analysis": "fit_mmrm", "marker": "MADRS", "groups": ("all",), "n": {"all": 16}}
    overall = Result(
        **asked, outcome="arm × visit interaction", role="description", statistic=1.7,
        statistic_name="F(4, 7.0)", p_value=0.25, p_method="F test",
    )  # fmt: skip
    aic = Result(**asked, outcome="covariance: unstructured", role="description", estimate=363.9,
                 estimate_name="AIC")  # fmt: skip
    first = replace(mmrm[0], companions=(*mmrm[0].companions, overall, aic))
    finding, rows = finding_of(Results([first, *mmrm[1:]]))
    told = plain(" ".join(finding.model))
    assert "Arm × visit interaction: F(4, 7.0) = 1.70, p = .25." in told
    assert "REML, unstructured covariance" in told
    assert f"(#row-{rows[aic]})" in told
    assert "363" not in told + finding.table


def test_caveats_are_told_once_and_of_one_contrast_with_its_visit(mmrm):
    odd = replace(mmrm[2], warnings=(*mmrm[2].warnings, "Leaving out P01 moves p."))
    finding, _ = finding_of(Results([*mmrm[:2], odd, *mmrm[3:]]))
    assert finding.caveats == ("6 of 80 values are missing.", "Day 3: Leaving out P01 moves p.")
    assert finding.excluded == ("P99: no value at baseline",)


def test_the_permutation_tests_caveats_are_one_and_its_test_of_any_visit_is_told(mmrm):
    def warned(one):
        beside = tuple(
            replace(each, warnings=("Arms were permuted.", "Values stay."))
            if each.role == "sensitivity" and "draws" in each.p_method
            else each
            for each in one.companions
        )
        return replace(one, companions=beside)

    largest = Result(
        analysis="fit_mmrm", marker="MADRS", groups=("ketamine", "saline"), role="sensitivity",
        n={"ketamine": 8, "saline": 8}, outcome="change, baseline to day_14, any visit",
        statistic=3.46, statistic_name="largest |t| over the visits", p_value=0.068,
        p_method="exact, 12,870 arrangements",
    )  # fmt: skip
    first, *others = map(warned, mmrm)
    first = replace(first, companions=(*first.companions, largest))
    finding, _ = finding_of(Results([first, *others]))
    beside = [one for one in finding.caveats if "beside it" in one]
    assert beside == ["Permutation test, beside it: Arms were permuted. Values stay."]
    told = plain(" ".join(finding.model))
    assert "Any visit, by permutation: largest |t| over the visits = 3.46, p = .068." in told


def test_models_are_one_family_and_do_not_run_into_each_other(mmrm, model):
    other = model(title="MADRS", aim="primary", marker="BDNF_serum")
    both = Results([*mmrm, *other])
    assert [len(one) for one in told_together(both)] == [6, 6]
    assert told_results(both) == (mmrm[0], other[0])
    assert [len(one) for one in families_of(mmrm)] == [6]
    assert "12 tests are called primary" in primary_remark(both)
    adjusted = [one for one in mmrm if "average" not in one.outcome]
    assert primary_remark(adjusted) == ""
    rows = number_rows(both)
    findings = describe_findings(both, rows, dict.fromkeys(both, NOT_DRAWN))
    groups = group_findings(both, findings, rows, {})
    assert [len(family.findings) for family in groups["primary"].families] == [2]


def test_many_visits_are_told_in_the_table_only(model):
    many = model(visits={f"day_{day}": float(day) for day in range(1, 21)}, per_arm=(2, 2))
    finding, _ = finding_of(many)
    assert len(finding.contrasts) == 13
    assert plain(finding.contrasts[-1]) == "9 further contrasts: see the table."
    assert str(finding.table).count("#row-") == 21 + 21 + 20


def test_each_model_is_drawn_once_with_contrasts_and_residuals(mmrm, tmp_path):
    names = [(one.name, len(one.results)) for one in plan_figures(mmrm)]
    assert names == [
        ("fit-mmrm-madrs-change-from-baseline-hour-4-to-day-14", 6),
        ("fit-mmrm-madrs-change-from-baseline-hour-4-to-day-14-visit-contrasts", 6),
        ("fit-mmrm-madrs-change-from-baseline-hour-4-to-day-14-model-diagnostics", 6),
    ]
    drawn = draw_figures(mmrm, folder=tmp_path, suffix=".svg")
    assert list(drawn) == [mmrm[0]]
    assert drawn[mmrm[0]].caption == "MADRS: change from baseline, hour 4 to day 14."
    more = draw_more_figures(mmrm, pd.DataFrame(), folder=tmp_path, suffix=".svg")
    assert more.families == {}
    assert [one.caption.partition(":")[0] for one in more.beside[mmrm[0]]] == [
        "Contrasts by visit",
        "Residuals of a model",
    ]


def test_the_summary_and_the_methods_tell_a_model_once(mmrm):
    contents = gather_contents(mmrm, {mmrm[0]: NOT_DRAWN})
    assert len(contents.findings) == 1
    assert len(describe_plainly(mmrm)) == 2
    assert main_contrasts(mmrm) == (mmrm[-2], mmrm[-1])
    methods = describe_methods(mmrm, None)
    assert sum("mixed model for repeated measures" in one for one in methods) == 1
    assert "missing at random" in methods[0]


def test_values_are_told_as_values(model):
    values = [replace(one, outcome=one.outcome.replace("change, baseline to", "value at"))
              for one in model()]  # fmt: skip
    assert model_outcome(values) == "value, hour 4 to day 14"


def test_the_contrasts_of_a_model_are_one_table(mmrm, model):
    tables = tabulate_all(subject_of(Results([*mmrm, *model(marker="BDNF_serum")]), caller="test"))
    assert [len(table.rows) for table in tables] == [6, 6]
