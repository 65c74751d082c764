from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_visits
from ketbio.endpoints import derive_scale_total
from ketbio.errors import ReportError
from ketbio.report.tables.subject import Subject
from ketbio.report.tables.tabulate import tabulate_all, tabulate_changes, tabulate_results
from ketbio.result import Result, Results, tidy


def headings(table):
    return [column.heading for column in table.columns]


def texts(table, line=0):
    return [cell.text for cell in table.rows[line].cells]


def said(table):
    return [words for _, words in table.footnotes]


def correlated(marker, **fields):
    given = {
        "estimate": -0.807, "estimate_name": "Pearson r", "ci_low": -0.948, "ci_high": -0.403,
        "effect_size": -0.807, "effect_size_name": "Pearson r", "p_value": 0.0023, **fields,
    }  # fmt: skip
    return Result(
        analysis="correlate_changes", marker=marker, outcome="against MADRS",
        groups=(marker, "MADRS"), n={"pairs": 11}, **given,
    )  # fmt: skip


@pytest.fixture
def madrs():
    ids = [f"P{number:02}" for number in range(1, 7)]
    ratings = pd.DataFrame(
        {
            "participant_id": ids * 2,
            "visit": ["before"] * 6 + ["after"] * 6,
            "madrs_total": [40.0, 38, 36, 41, 35, 37, 10, 15, 18, 33, 30, 28],
        }
    )
    endpoints = derive_scale_total(ratings)
    return compare_visits(endpoints, marker="MADRS", baseline="before", endpoint="after")


def test_groups_estimate_interval_effect_and_both_p(results):
    table = tabulate_results(results)
    assert headings(table) == [
        "Marker", "Responder, mean (SD) (n = 5)", "Non-responder, mean (SD) (n = 6)",
        "Mean difference", "95% CI", "Hedges' g (95% CI)", "p", "Adjusted p",
    ]  # fmt: skip
    assert texts(table) == [
        "serum BDNF, ng/mL", "1.40 (0.500)", "0.483 (0.500)", "0.917", "0.400 to 1.40",
        "2.40 (0.900 to 3.90)", ".0087", ".017",
    ]  # fmt: skip
    assert table.columns[3].spanner == "Responder − non-responder"


def test_a_footnote_per_method_exclusion_and_floor(results):
    table = tabulate_results(results)
    assert said(table) == [
        "Interval: inverted permutation test.",
        "Interval: noncentral t.",
        "p: exact, 462 arrangements, two-sided.",
        "The smallest p value that this design can give is .0043 (2 of 462).",
        "Adjusted by Holm.",
        "Left out: P12: no blot at day_14.",
    ]
    assert table.marks(table.rows[1].cells[0].notes) == "f"
    assert table.rows[0].cells[0].notes == ()
    assert table.notes == ("Groups formed by the outcome.",)


def test_what_differs_stands_at_its_cell(results):
    other = replace(results[1], p_method="9,999 draws", estimate_name="Hodges–Lehmann shift")
    table = tabulate_results([results[0], other])
    assert headings(table)[3] == "Estimate"
    assert [cell.notes for cell in (row.cells[3] for row in table.rows)] == [
        ("Mean difference.",),
        ("Hodges–Lehmann shift.",),
    ]
    assert "p: 9,999 draws, two-sided." in table.rows[1].cells[6].notes


def test_cells_name_their_rows_of_tidy(results):
    table, rows = tabulate_results(results), tidy(results).set_index("row")
    (mean,) = table.rows[1].cells[1].rows
    assert rows.loc[mean, ["marker", "groups", "estimate_name"]].tolist() == [
        "BDNF_plasma", "responder", "mean",
    ]  # fmt: skip
    (estimate,) = table.rows[1].cells[3].rows
    assert rows.loc[estimate, "role"] == "primary"


def test_other_methods_stand_indented_below_where_asked(results):
    table = tabulate_results(results[:1], companions=True)
    assert [row.level for row in table.rows] == [0, 1]
    assert texts(table, 1)[0] == "Mean difference"
    assert texts(table, 1)[6] == ".0021"


def test_caveats_of_single_lines_are_told_or_said_to_be_elsewhere(results):
    noisy = replace(results[1], warnings=(*results[1].warnings, "Mostly noise."))
    short = tabulate_results([results[0], noisy])
    assert "Mostly noise." not in said(short)
    assert any(note.startswith("What limits single lines") for note in short.notes)
    assert "Mostly noise." in said(tabulate_results([results[0], noisy], caveats=True))


def test_aims_of_the_plan_head_their_lines(results):
    planned = [replace(results[0], aim="primary"), replace(results[1], aim="secondary")]
    table = tabulate_results(planned)
    assert [row.cells[0].text for row in table.rows if row.is_heading] == ["Primary", "Secondary"]


def test_a_deviation_from_the_plan_is_a_footnote(results):
    departed = replace(results[0], deviation="The plan said rank sum.")
    assert "The plan said rank sum." in said(tabulate_results(departed))


def test_visits_are_paired_with_the_earlier_first(madrs):
    table = tabulate_changes(madrs)
    assert headings(table) == [
        "Marker", "Pairs", "Before, mean (SD)", "After, mean (SD)", "Mean change", "95% CI", "p",
    ]  # fmt: skip
    shown = texts(table)
    assert shown[:5] == ["MADRS, points", "6", "37.8 (2.32)", "22.3 (9.27)", "−15.5"]
    assert shown[6] == ".031"  # 2 of 64 arrangements
    assert "The smallest p value that this design can give is .031 (2 of 64)." in said(table)


def test_a_correlation_is_not_repeated_as_its_effect_size():
    table = tabulate_results([correlated("BDNF_serum"), correlated("p_mTOR_S2448")])
    assert headings(table) == ["Marker", "Pairs", "Pearson r", "95% CI", "p"]
    apa = tabulate_results(correlated("BDNF_serum"), number_format="apa")
    assert texts(apa)[2:] == ["−.807", "[−.948, −.403]", ".002"]


def test_nothing_estimated_says_why():
    result = replace(
        correlated("BDNF_serum"), estimate=np.nan, effect_size=np.nan, ci_low=np.nan,
        ci_high=np.nan, p_value=np.nan, warnings=("Nothing could be computed: 1 pair.",),
    )  # fmt: skip
    table = tabulate_results([result, correlated("BDNF_plasma")])
    assert texts(table)[2] == "–"
    assert "Nothing could be computed: 1 pair." in said(table)


def test_forty_markers_with_long_names_are_forty_lines():
    many = [correlated(f"marker_{place}", label="x" * 60 + str(place)) for place in range(40)]
    assert len(tabulate_results(many).rows) == 40


def test_all_tables_of_a_study_have_names_of_their_own(people, results, madrs):
    given = Results([*people, *results, madrs, replace(madrs, outcome="another outcome")])
    tables = tabulate_all(Subject(results=given))
    assert [table.name for table in tables] == [
        "participants", "compare-responders", "compare-visits", "compare-visits-2",
    ]  # fmt: skip


def test_lines_of_table_1_and_nothing_are_no_results(people):
    with pytest.raises(ReportError, match="no result to tabulate"):
        tabulate_results(people)
    with pytest.raises(ReportError, match="no result of compare_visits"):
        tabulate_changes(people)
