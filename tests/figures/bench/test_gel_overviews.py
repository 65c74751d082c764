"""Several gels on one figure: the same scales, every band at its lane, one legend."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from ketbio.errors import FigureError
from ketbio.figures import draw, draw_gel_overviews, figure_record
from ketbio.result import Result


def gel(name: str, *, times: float = 1.0, fault: str = "", ids: tuple[str, ...] = ("P01", "P02")
        ) -> Result:  # fmt: skip
    """Return a gel of two lanes per participant and a reference."""
    lanes = [(who, "sample") for who in ids for _ in range(2)] + [("", "reference")]
    rows = [
        {"lane": str(place), "participant_id": who, "visit": "baseline" if who else "",
         "condition": "", "role": role, "target": "S6", "form": form, "fault": "",
         "signal": times * size * place, "normalised": 0.4 if form == "phospho" else np.nan}
        for place, (who, role) in enumerate(lanes, start=1)
        for form, size in (("phospho", 500.0), ("total", 1500.0))
    ]  # fmt: skip
    data = pd.DataFrame(rows)
    data.loc[0, "fault"] = fault
    return Result(
        analysis="summarise_gel", marker="p_S6", label="p-S6", outcome=f"gel {name}",
        groups=("bands",), n={"bands": len(rows)}, estimate=0.4, data=data,
        estimate_name="geometric mean phospho ÷ total",
    )  # fmt: skip


def panels_titled(panels: list[Axes], words: str) -> list[Axes]:
    return [one for one in panels if words in one.get_title(loc="left")]


def test_gels_share_their_scales_and_every_band_stands_in_its_lane() -> None:
    gels = [gel("G1"), gel("G2", times=10.0)]
    figure = draw_gel_overviews(gels)
    phospho = panels_titled(figure.axes, "Phospho")
    assert phospho[0].get_ylim() == phospho[1].get_ylim()
    for panel, one in zip(phospho, gels, strict=True):
        drawn = [line for line in panel.lines if str(line.get_label()).startswith("band ")]
        points = sorted((x, y) for line in drawn for x, y in zip(*line.get_data(), strict=True))
        own = one.data.loc[one.data["form"] == "phospho", "signal"]
        np.testing.assert_allclose([y for _, y in points], np.log10(own))
        np.testing.assert_allclose([x for x, _ in points], np.arange(5.0))


def test_every_gel_is_named_in_figure_caption_and_alternative_text() -> None:
    gels = [gel(f"G{number}") for number in range(1, 5)]
    figure = draw(gels)
    record = figure_record(figure)
    for name in ("G1", "G2", "G3", "G4"):
        assert len(panels_titled(figure.axes, f"Gel {name}")) == 1
        assert f"Gel {name}:" in record.caption
        assert f"gel {name}" in record.alternative
    assert [len(table) for table in record.data.values()] == [10] * 4


def test_a_fault_is_counted_and_has_a_symbol_in_the_one_legend() -> None:
    figure = draw_gel_overviews([gel("G1"), gel("G2", fault="saturated")])
    assert figure_record(figure).headline == "2 gels of p-S6: 20 bands, 1 with a fault"
    (legend,) = figure.legends
    assert "saturated (1)" in [text.get_text() for text in legend.get_texts()]


def test_lanes_of_one_participant_have_one_name_and_long_ones_are_cut() -> None:
    figure = draw_gel_overviews([gel("G1"), gel("G2", ids=("P01", "P" * 60))])
    lowest = panels_titled(figure.axes, "Normalised")
    said = [[label.get_text() for label in panel.get_xticklabels()] for panel in lowest]
    assert said == [["P01", "P02", "reference"], ["P01", "P" * 17 + "…", "reference"]]


def test_a_band_that_a_gel_lacks_is_said_and_no_number_at_all_is_refused() -> None:
    lacking = gel("G2")
    lacking = replace(lacking, data=lacking.data.query("form == 'phospho'"))
    titles = [one.get_title(loc="left") for one in draw_gel_overviews([gel("G1"), lacking]).axes]
    assert sum(" not on this" in " ".join(title.split()) for title in titles) == 1
    empty = replace(lacking, data=lacking.data.assign(signal=np.nan))
    with pytest.raises(FigureError, match="nothing to draw"):
        draw_gel_overviews([gel("G1"), empty])
