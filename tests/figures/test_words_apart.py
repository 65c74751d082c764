"""In the style of a journal headline and caption are not drawn, and nothing of them is lost."""

import subprocess
from io import BytesIO
from shutil import which

import pytest
from matplotlib.figure import Figure
from PIL import Image

from ketbio import compose_figure, write_figures
from ketbio.errors import FigureError
from ketbio.figures import STYLES, draw, figure_record, save_figure
from ketbio.figures.presets import Style
from ketbio.figures.rendering import about_figure

APART = "nature_single"


def said_on(figure: Figure) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in figure.texts]


def test_journals_have_their_words_apart_and_nobody_else():
    assert {name for name, one in STYLES.items() if one.are_words_apart} == {
        name for name, one in STYLES.items() if one.journal
    }


def test_only_note_and_legend_stand_around_the_panels(drawn):
    figure = drawn("scatter", APART)
    assert said_on(figure) == ["Simulated data"]
    [legend] = figure.legends
    assert [one.get_text() for one in legend.get_texts()] == [
        "responder (n = 5)", "non-responder (n = 6)",
    ]  # fmt: skip
    apart, printed = figure_record(figure), figure_record(drawn("scatter"))
    assert (apart.headline, apart.caption) == (printed.headline, printed.caption)
    assert said_on(drawn("scatter"))[1:] == [printed.headline, printed.caption]


@pytest.mark.parametrize(
    ("name", "said"), [("scatter_no_groups", "participants (n = 11)"), ("slopes", "each (n = 10)")]
)
def test_n_stays_on_the_figure(drawn, name, said):
    figure = drawn(name, APART)
    written = [one.get_text() for legend in figure.legends for one in legend.get_texts()]
    written += [one.get_text() for panel in figure.axes for one in panel.get_xticklabels()]
    assert said in [one.replace("\n", " ") for one in written]


def test_a_composed_figure_keeps_its_letters_and_tells_n_of_each(make):
    fewer = make["scatter"]([0.1, 0.4, 0.9, 0.2, 0.3, 0.7], [-10.0, -3, -18, -4, -9, -1])
    figure = compose_figure([make["scatter"](), fewer], style="nature_double")
    assert said_on(figure) == ["A", "B"]
    [legend] = figure.legends
    assert [one.get_text() for one in legend.get_texts()] == [
        "responder (n = 5)", "non-responder (n: A 6, B 1)",
    ]  # fmt: skip
    assert figure_record(figure).caption.startswith("A, ")


def test_a_character_without_a_font_is_said_all_the_same(make):
    [said] = said_on(draw(make["slopes"](marker="marker \U00012000"), style=APART))
    assert said == "No font here has these characters, drawn as boxes: \U00012000"


def test_words_are_written_beside_the_figure(drawn, tmp_path):
    figure = drawn("waterfall", APART)
    record = figure_record(figure)
    saved = save_figure(figure, tmp_path / "one.tif", data=False, dpi=72)
    assert saved.words == tmp_path / "one.txt"
    assert saved.words.read_text(encoding="utf-8") == (
        f"Headline\n{record.headline}\n\nCaption\n{record.caption}\n\n"
        f"Note\nSimulated data\n\nAlternative text\n{record.alternative}\n"
    )
    again = save_figure(figure, tmp_path / "one.png", data=False, dpi=72)  # the same words are left
    assert "words: one.txt" in repr(again)
    printed = save_figure(drawn("waterfall"), tmp_path / "two.png", data=False, dpi=72)
    without = save_figure(figure, tmp_path / "three.png", data=False, words=False, dpi=72)
    assert (printed.words, without.words) == (None, None)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "one.png", "one.tif", "one.txt", "three.png", "two.png",
    ]  # fmt: skip


def test_the_file_carries_them_too(drawn, tmp_path):
    figure = drawn("waterfall", APART)
    record = figure_record(figure)
    whole = f"Caption: {record.headline}. {record.caption}"
    with Image.open(save_figure(figure, tmp_path / "one.png", data=False, dpi=72)) as picture:
        assert picture.text["Description"].endswith(whole)
    if which("pdfinfo"):
        saved = save_figure(figure, tmp_path / "one.pdf", data=False)
        told = subprocess.run(["pdfinfo", saved.path], capture_output=True, check=True).stdout
        assert whole in told.decode()
    assert about_figure(figure_record(drawn("waterfall")), study="").caption == ""


def test_the_index_has_headline_and_caption(make, tmp_path):
    index = write_figures(make["slopes"](), tmp_path, style=APART, formats=["svg"])
    [caption] = index["caption"]
    assert "Mean change −12.3 points" in caption
    assert "Test of the mean" in caption


def test_another_word_is_refused():
    with pytest.raises(FigureError) as caught:
        Style(
            name="mine", width_mm=80, panel_height_mm=60, font_pt=7, small_pt=6, line_pt=1,
            point_pt=4, words="aside",
        )  # fmt: skip
    assert str(caught.value) == "words of a Style is 'aside'; allowed: 'printed', 'apart'."


@pytest.mark.parametrize("options", [{"dpi": 72}, {"bbox_inches": "tight", "pad_inches": 0}])
def test_a_users_own_savefig_cuts_nothing(drawn, options):
    """Text keeps the width that it was measured with, and a page is never cut to its panels."""
    figure = drawn("estimation_null")
    edges = []
    for given in ({"dpi": 150}, options):
        content = BytesIO()
        figure.savefig(content, format="png", **given)
        with Image.open(content) as picture:
            dark = picture.convert("L").point(lambda grey: 255 * (grey < 200))
            sides = zip(dark.getbbox(), picture.size * 2, strict=True)
            edges.append([at / side for at, side in sides])
    assert edges[1] == pytest.approx(edges[0], abs=0.006)
    assert all(0.002 < at < 0.998 for at in edges[1])
