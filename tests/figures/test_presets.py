"""Presets are data: complete, honest about their source, and each can be drawn with."""

import math
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from ketbio.figures import STYLES, describe_styles
from ketbio.figures.presets import WRITTEN, Style
from ketbio.figures.style import SMALLEST_TEXT_PT, font_remark, font_used

JOURNALS = {
    "Nature": {"single": 89, "one and a half": 120, "double": 183},
    "Cell": {"single": 85, "one and a half": 114, "double": 174},
    "Elsevier": {"single": 90, "one and a half": 140, "double": 190},
    "JAMA": {"single": 83, "double": 171},
    "Frontiers": {"single": 85, "double": 180},
    "SAGE": {"single": 84, "double": 174},
}
OF_NO_JOURNAL = [
    "single_column", "one_and_half_column", "double_column", "report", "slide", "poster",
]  # fmt: skip


def test_every_journal_has_its_columns():
    found: dict[str, dict[str, float]] = {}
    for style in STYLES.values():
        if style.journal:
            found.setdefault(style.journal, {})[style.column] = style.width_mm
    assert found == JOURNALS
    assert [name for name, style in STYLES.items() if not style.journal] == OF_NO_JOURNAL


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_preset_is_complete_and_keeps_to_its_own_limits(style):
    assert min(style.font_pt, style.small_pt) >= max(style.smallest_pt, SMALLEST_TEXT_PT, 5)
    assert style.small_pt <= style.font_pt
    assert style.panel_height_mm < style.max_height_mm
    assert style.line_pt >= 0.5  # thinner lines vanish in print
    assert 300 <= style.dpi <= style.line_art_dpi <= 1200
    assert style.file_types
    assert set(style.file_types) <= set(WRITTEN)
    assert style.source
    if style.journal:
        column = style.column.replace("one and a half", "one_and_half").replace(" ", "_")
        assert style.name == f"{style.journal.casefold()}_{column}"
        assert style.fonts[0] == "Arial"
        assert style.checked in (
            "checked", "checked in a secondary source", "from memory, not checked",
        )  # fmt: skip


def test_nature_has_what_its_figure_guide_says():
    single = STYLES["nature_single"]
    assert (single.max_height_mm, single.smallest_pt, single.font_pt) == (170, 5, 7)
    assert (single.file_types[0], single.checked) == ("pdf", "checked")


def test_one_and_a_half_columns_lie_between():
    for journal in ("nature", "cell", "elsevier"):
        widths = [STYLES[f"{journal}_{c}"].width_mm for c in ("single", "one_and_half", "double")]
        assert widths == sorted(set(widths))


def test_the_file_has_no_key_that_a_style_does_not_know():
    text = files("ketbio.figures").joinpath("presets.toml").read_text(encoding="utf-8")
    keys = {key for preset in tomllib.loads(text).values() for key in preset}
    assert keys <= set(Style.__dataclass_fields__)
    for name in re.findall(r"^# (\w+(?:, \w+)*)  ", text, re.M):
        assert set(name.split(", ")) <= set(Style.__dataclass_fields__)


def test_the_table_of_presets_has_a_row_for_each():
    table = describe_styles()
    assert table["name"].to_list() == list(STYLES)
    assert table["width_mm"].dtype == "float64"
    row = table.set_index("name").loc["elsevier_double"]
    assert (row["width_mm"], row["dpi"], row["line_art_dpi"]) == (190, 500, 1000)
    assert row["file_types"] == "pdf, tiff"
    assert row["fonts"] == "Arial, Helvetica, Liberation Sans"


@pytest.mark.parametrize(
    ("fonts", "used", "said"),
    [
        ((), "DejaVu Sans", ""),
        (("DejaVu Sans",), "DejaVu Sans", ""),
        (("No Such Font", "DejaVu Sans"), "DejaVu Sans",
         "No Such Font is not on this computer; the text is in DejaVu Sans."),
        (("No Such Font",), "DejaVu Sans",
         "No Such Font is not on this computer; the text is in DejaVu Sans."),
    ],
)  # fmt: skip
def test_the_font_in_fact_used_is_said(fonts, used, said):
    style = Style(
        name="own", width_mm=90, panel_height_mm=60, font_pt=7, small_pt=6, line_pt=0.6,
        point_pt=4, fonts=fonts,
    )  # fmt: skip
    assert font_used(style) == used
    assert font_remark(style) == said


def test_the_documentation_has_the_presets_as_they_are():
    page = Path(__file__).parents[2] / "docs" / "figures.md"
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) mm \| (?:–|≤ ([\d.]+) mm) \| (.+?) \|",
                      page.read_text(encoding="utf-8"), re.M)  # fmt: skip
    assert rows == [
        (
            style.name,
            f"{style.width_mm:g}",
            "" if math.isinf(style.max_height_mm) else f"{style.max_height_mm:g}",
            f"{style.small_pt:g} and {style.font_pt:g} pt",
        )
        for style in STYLES.values()
    ]
