"""The report's section on the laboratory: every number with its row, figures numbered on."""

from pathlib import Path

import numpy as np
import pandas as pd

from ketbio.analyses.laboratory import fit_standard_curves
from ketbio.figures import FIGURES
from ketbio.report.figure_files import FigureFile, draw_figures
from ketbio.report.laboratory import (
    ANALYSES,
    describe_laboratory,
    draw_plate_maps,
    is_of_laboratory,
)
from ketbio.report.methods import KINDS
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


def test_every_number_of_the_section_links_to_its_row() -> None:
    results = plate()
    (item,) = describe_laboratory(results, number_rows(results), {}, {}, figures_before=0)
    for row in tidy(results)["row"]:
        assert f"(#row-{row})" in str(item.table)


def test_figures_are_numbered_on_from_those_before(tmp_path: Path) -> None:
    results = plate()
    figures = draw_figures(results, folder=tmp_path, suffix=".png")
    maps = draw_plate_maps(results, folder=tmp_path, suffix=".png")
    (item,) = describe_laboratory(results, number_rows(results), figures, maps, figures_before=4)
    assert [figure.number for figure in item.figures] == [5, 6]
    assert [Path(tmp_path / one.file.name).is_file() for one in item.figures] == [True, True]


def test_a_figure_that_cannot_be_drawn_is_said_and_one_that_there_is_not_is_not() -> None:
    curve = plate()[0]
    levels = Result(
        analysis="summarise_levels", marker="m", outcome="o", groups=("all",), n={"all": 3}
    )
    results = Results([curve, levels])
    failed = FigureFile(problem="nothing to draw")
    items = describe_laboratory(
        results, number_rows(results), dict.fromkeys(results, failed), {}, figures_before=0
    )
    assert [item.problems for item in items] == [("nothing to draw",), ()]


def test_what_is_about_participants_stays_where_it_was() -> None:
    asked = Result(analysis="compare_visits", marker="m", outcome="o", groups=(), n={})
    assert not is_of_laboratory(asked)
    results = Results([asked])
    assert not describe_laboratory(results, number_rows(results), {}, {}, figures_before=0)


def test_every_analysis_of_the_laboratory_that_is_drawn_is_told_there() -> None:
    bench = {"fit_standard_curve", "chart_controls", "summarise_gel", "summarise_replicates"}
    assert bench <= set(FIGURES)
    assert bench <= set(ANALYSES)
    assert bench <= set(KINDS)
