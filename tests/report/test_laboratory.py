"""The report's section on the laboratory: every number with its row, figures numbered on."""

from pathlib import Path

import numpy as np
import pandas as pd

from ketbio.analyses.laboratory import fit_standard_curves
from ketbio.figures import FIGURES
from ketbio.report.figure_files import FigureFile
from ketbio.report.kinds import KINDS
from ketbio.report.laboratory import describe_laboratory
from ketbio.report.laboratory_figures import draw_laboratory, draw_plate_maps
from ketbio.report.laboratory_groups import KINDS as GROUPS
from ketbio.report.laboratory_groups import is_of_laboratory, laboratory_groups
from ketbio.report.row_numbers import number_rows
from ketbio.result import Result, Results, tidy


def plate() -> Results:
    """Return the results of a plate without noise."""
    x = np.array([0, 1, 2, 4, 8, 16, 32.0])
    od = 0.05 + 2.0 * x / (10 + x)
    wells = pd.DataFrame(
        {
            "plate_id": "PL1",
            "well": [f"A{number}" for number in range(1, 9)],
            "role": ["standard"] * 7 + ["sample"],
            "concentration": [*x, np.nan],
            "participant_id": [""] * 7 + ["P01"],
            "visit": [""] * 7 + ["baseline"],
            "absorbance": [*od, 0.05 + 2.0 * 5 / 15],
        }
    )
    return fit_standard_curves(wells, marker="BDNF_serum").results


def gel(name: str, *, marker: str = "p_S6", **fields: object) -> Result:
    """Return a gel of two lanes, with one companion."""
    data = pd.DataFrame(
        {"lane": ["1", "1", "2", "2"], "participant_id": ["P01", "P01", "", ""], "condition": "",
         "visit": ["baseline", "baseline", "", ""], "fault": "", "target": "S6",
         "role": ["sample", "sample", "reference", "reference"],
         "form": ["phospho", "total"] * 2, "signal": [900.0, 1800, 700, 1750],
         "normalised": [0.5, np.nan, 0.4, np.nan]}
    )  # fmt: skip
    used = Result(
        analysis="summarise_gel", marker=marker, outcome=f"gel {name}", groups=("bands",),
        n={"bands": 4}, estimate=1.0, estimate_name="lanes used", unit="lanes", role="description",
    )  # fmt: skip
    given = {"estimate": 0.5, "estimate_name": "geometric mean phospho ÷ total", "data": data,
             "companions": (used,), **fields}  # fmt: skip
    return Result(
        analysis="summarise_gel", marker=marker, outcome=f"gel {name}", groups=("bands",),
        n={"bands": 4}, **given,  # type: ignore[arg-type]
    )  # fmt: skip


def test_every_number_of_the_section_links_to_its_row() -> None:
    results = plate()
    (group,) = describe_laboratory(results, number_rows(results), {}, {})
    for row in tidy(results)["row"]:
        assert f"(#row-{row})" in str(group.tables)


def test_every_number_of_several_gels_links_to_its_row_in_one_table() -> None:
    results = Results([gel("G1"), gel("G2", warnings=("One band is saturated.",)), gel("G3")])
    (group,) = describe_laboratory(results, number_rows(results), {}, {})
    (table,) = group.tables
    for row in tidy(results)["row"]:
        assert str(table).count(f"(#row-{row})") == 1
    assert [item.name for item in group.items] == ["Gel G1", "Gel G2", "Gel G3"]
    assert [item.remarks for item in group.items] == [(), ("One band is saturated.",), ()]


def test_a_quantity_that_one_gel_lacks_leaves_a_place_in_the_table() -> None:
    results = Results([gel("G1"), gel("G2", companions=())])
    (group,) = describe_laboratory(results, number_rows(results), {}, {})
    (line,) = [one for one in str(group.tables[0]).splitlines() if "lanes used" in one]
    assert line.split("|")[3].strip() == "–"


def test_gels_of_a_marker_share_a_figure_and_more_than_six_go_on_to_the_next() -> None:
    gels = [gel(f"G{number}") for number in range(1, 9)] + [gel("G1", marker="p_AKT")]
    groups = laboratory_groups(gels)
    assert [len(group.results) for group in groups] == [8, 1]
    assert [len(page) for page in groups[0].pages()] == [6, 2]


def test_a_gel_that_cannot_be_drawn_leaves_the_others_their_figures(tmp_path: Path) -> None:
    empty = gel("G2", data=gel("G2").data.assign(signal=np.nan))
    gels = [gel("G1"), empty]
    figures = draw_laboratory(gels, folder=tmp_path, suffix=".png")
    assert [figures[one].name for one in gels] == ["laboratory-1.png", ""]
    assert (tmp_path / "laboratory-1.png").is_file()
    assert "'signal'" in figures[empty].problem


def test_what_is_drawn_together_is_named_in_caption_and_alternative_text(tmp_path: Path) -> None:
    gels = [gel("G1"), gel("G2")]
    (file,) = draw_laboratory(gels, folder=tmp_path, suffix=".svg").values()
    for said in (file.caption, file.alternative):
        assert "gel G1" in said
        assert "gel G2" in said


def test_the_figure_of_a_plate_stands_before_its_wells(tmp_path: Path) -> None:
    results = plate()
    figures = draw_laboratory(results, folder=tmp_path, suffix=".png")
    maps = draw_plate_maps(results, folder=tmp_path, suffix=".png")
    (group,) = describe_laboratory(results, number_rows(results), figures, maps)
    assert [one.name for one in group.figures] == ["laboratory-1.png", "plate-1.png"]
    assert all((tmp_path / one.name).is_file() for one in group.figures)


def test_a_figure_that_cannot_be_drawn_is_said_and_one_that_there_is_not_is_not() -> None:
    curve = plate()[0]
    levels = Result(
        analysis="summarise_levels", marker="m", outcome="o", groups=("all",), n={"all": 3}
    )
    results = Results([curve, levels])
    failed = FigureFile(problem="nothing to draw")
    groups = describe_laboratory(results, number_rows(results), dict.fromkeys(results, failed), {})
    assert [group.problems for group in groups] == [("nothing to draw",), ()]


def test_what_is_about_participants_stays_where_it_was() -> None:
    asked = Result(analysis="compare_visits", marker="m", outcome="o", groups=(), n={})
    assert not is_of_laboratory(asked)
    results = Results([asked])
    assert not describe_laboratory(results, number_rows(results), {}, {})


def test_every_analysis_of_the_laboratory_that_is_drawn_is_told_there() -> None:
    bench = {"fit_standard_curve", "chart_controls", "summarise_gel", "summarise_replicates"}
    assert bench <= set(FIGURES)
    assert bench <= set(GROUPS)
    assert bench <= set(KINDS)
