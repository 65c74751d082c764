"""Files: whole, the same every time, never over another, in print quality, their data beside."""

import os
import re
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from ketbio.errors import FigureError, FileError
from ketbio.figures import STYLES, draw, save_figure
from ketbio.figures.record import ATTRIBUTE, figure_record
from ketbio.figures.saving import described
from ketbio.figures.style import font_used

SUFFIXES = [".png", ".svg", ".pdf", ".tiff"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_result_same_bytes(make, tmp_path, suffix):
    first = save_figure(draw(make["estimation"]()), tmp_path / f"first{suffix}", data=False)
    with mpl.rc_context({"font.size": 20, "svg.fonttype": "path", "pdf.fonttype": 3}):
        second = save_figure(draw(make["estimation"]()), tmp_path / f"second{suffix}", data=False)
    assert first.path.read_bytes() == second.path.read_bytes()
    assert not re.search(rb"CreationDate|<dc:date>|tIME", first.path.read_bytes())


@pytest.mark.parametrize(("style", "dpi"), [("single_column", 300), ("nature_single", 450)])
def test_png_has_the_dots_and_the_width_that_its_journal_asks_for(drawn, tmp_path, style, dpi):
    saved = save_figure(drawn("slopes", style), tmp_path / "figure.png")
    with Image.open(saved.path) as image:
        assert image.width == int(STYLES[style].width_mm / 25.4 * dpi)
        assert image.height / dpi * 25.4 == pytest.approx(saved.height_mm, abs=0.1)
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.02)
    assert saved.width_mm == STYLES[style].width_mm


def test_tiff_is_rgb_compressed_and_as_dense_as_asked(drawn, tmp_path):
    saved = save_figure(drawn("slopes", "single_column"), tmp_path / "figure.tif", dpi=600)
    with Image.open(saved.path) as image:
        assert image.mode == "RGB"
        assert image.info["compression"] == "tiff_lzw"
        assert image.info["dpi"] == (600, 600)
        assert image.width == int(85 / 25.4 * 600)


def test_svg_keeps_its_text_and_carries_its_letters(drawn, tmp_path):
    path = save_figure(drawn("estimation"), tmp_path / "figure.svg").path
    svg = path.read_text(encoding="utf-8")
    assert "Simulated data</text>" in svg
    assert "p = .011" in svg
    faces = re.findall(r"@font-face\{font-family:'([^']+)';font-weight:(\w+);src:url\(data:", svg)
    assert faces == [("DejaVu Sans", "bold"), ("DejaVu Sans", "normal")]
    assert len(svg) < 300_000
    width = ET.parse(path).getroot().get("width").removesuffix("pt")
    assert float(width) == pytest.approx(160 / 25.4 * 72, abs=1e-5)


def test_svg_is_read_aloud_by_its_title_and_description(drawn, tmp_path):
    figure = drawn("estimation")
    saved = save_figure(figure, tmp_path / "figure.svg", embed_fonts=False)
    root = ET.parse(saved.path).getroot()
    named = {one.get("id"): one.text for one in root if one.get("id", "").startswith("svg-")}
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == list(named)
    assert named["svg-title"].startswith("Estimation plot: Change in p-mTOR (Ser2448)")
    assert named["svg-desc"] == f"Simulated data. {figure_record(figure).alternative}"
    assert "@font-face" not in saved.path.read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts (poppler) is not here")
def test_every_font_of_a_pdf_is_embedded(make, tmp_path):
    figure = draw(make["estimation_greek"](), style="nature_single", note="Simulated data")
    saved = save_figure(figure, tmp_path / "figure.pdf")
    content = saved.path.read_bytes()
    assert b"/FontFile2" in content
    assert b"/Subtype /Type3" not in content
    run = subprocess.run(["pdffonts", saved.path], capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()[2:]
    assert lines
    assert all(re.search(r"(TrueType|CID TrueType)\s+\S+\s+yes", line) for line in lines)
    size = subprocess.run(["pdfinfo", saved.path], capture_output=True, text=True, check=True)
    width = float(re.search(r"Page size:\s+([\d.]+) x", size.stdout)[1])
    assert width / 72 * 25.4 == pytest.approx(89, abs=0.01)


def said_by_png(path: Path) -> str:
    with Image.open(path) as image:
        return str(image.text)


def said_by_tiff(path: Path) -> str:
    with Image.open(path) as image:
        return image.tag_v2[270].encode("latin-1", "replace").decode("utf-8", "replace")


def said_by_pdf(path: Path) -> str:
    run = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True)
    return run.stdout


SAID = {
    ".png": said_by_png,
    ".tiff": said_by_tiff,
    ".svg": lambda path: path.read_text(encoding="utf-8"),
    ".pdf": said_by_pdf,
}


@pytest.mark.parametrize("suffix", SAID)
def test_a_file_says_what_it_is(make, tmp_path, suffix):
    if suffix == ".pdf" and shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo (poppler) is not here")
    figure = draw(make["slopes"](seed=20260101), note="Simulated data")
    saved = save_figure(figure, tmp_path / f"figure{suffix}", study="DEMO <1>")
    said = SAID[suffix](saved.path).replace("&lt;", "<").replace("&gt;", ">")
    for words in (
        "Slope plot: Change in MADRS",
        "Simulated data. Slope plot of change in MADRS",
        "study DEMO <1>",
        "seed 20260101",
        "ketbio 0.",
    ):
        assert words in said


def test_the_rows_drawn_lie_beside_the_figure(make, tmp_path):
    result = make["slopes"]()
    saved = save_figure(draw(result), tmp_path / "change.png")
    assert saved.data == (tmp_path / "change.csv",)
    assert os.fspath(saved) == str(saved) == str(tmp_path / "change.png")
    pd.testing.assert_frame_equal(pd.read_csv(saved.data[0]), result.data, check_dtype=False)
    assert repr(saved) == (
        f"<SavedFigure {saved}: 160 × {saved.height_mm:.0f} mm, DejaVu Sans; data: change.csv>"
    )


def test_several_tables_have_a_file_each(make, tmp_path):
    figure = draw(make["slopes"]())
    rows = pd.DataFrame({"participant_id": ["=1+1", "-5", "P01"], "value": [1.0, 2.5, None]})
    record = replace(figure_record(figure), data={"visits": rows, "changes": rows.iloc[:1]})
    setattr(figure, ATTRIBUTE, record)
    saved = save_figure(figure, tmp_path / "figure.svg")
    assert [path.name for path in saved.data] == ["figure-visits.csv", "figure-changes.csv"]
    assert saved.data[0].read_text() == "participant_id,value\n'=1+1,1\n-5,2.5\nP01,\n"


def test_no_data_where_none_are_wanted(drawn, tmp_path):
    assert save_figure(drawn("slopes"), tmp_path / "figure.svg", data=False).data == ()
    assert [path.name for path in tmp_path.iterdir()] == ["figure.svg"]


def test_a_second_file_type_keeps_the_same_table(drawn, tmp_path):
    save_figure(drawn("slopes"), tmp_path / "figure.svg")
    saved = save_figure(drawn("slopes"), tmp_path / "figure.pdf")
    assert saved.data == (tmp_path / "figure.csv",)
    with pytest.raises(FileError, match=r"figure\.csv is there already and was left as it is"):
        save_figure(drawn("scatter"), tmp_path / "figure.png")
    assert not (tmp_path / "figure.png").exists()


def test_a_figure_of_no_record_is_written_without_data(tmp_path):
    saved = save_figure(Figure(), tmp_path / "figure.png")
    assert (saved.data, saved.font, saved.remarks) == ((), "", ())


def test_a_figure_too_high_for_its_journal_is_written_and_told(make, tmp_path):
    figure = draw(make["slopes"](), style=replace(STYLES["nature_single"], max_height_mm=60))
    saved = save_figure(figure, tmp_path / "figure.pdf")
    assert saved.remarks[0] == (
        f"The figure is {saved.height_mm:.0f} mm high; Nature takes at most 60 mm: draw it wider, "
        "or show less in it."
    )
    assert repr(saved).endswith("\n".join(saved.remarks))


@pytest.mark.parametrize(
    ("name", "dpi", "said"),
    [
        ("a.png", 500, ("Cell asks for PDF or TIFF; this file is PNG.",)),
        ("a.TIF", 300, ("Cell asks for at least 500 dpi; this file has 300.",)),
        ("a.tiff", 500, ()),
        ("a.pdf", 72, ()),
    ],
)
def test_a_file_type_or_density_that_a_journal_does_not_take_is_told(name, dpi, said):
    style = replace(STYLES["cell_single"], fonts=())
    figure = Figure(figsize=(85 / 25.4, 3))
    assert described(figure, Path(name), data=(), style=style, dpi=dpi).remarks == said


def test_a_figure_of_another_width_is_told(make, tmp_path):
    figure = draw(make["slopes"]())
    figure.set_size_inches(3, 3)
    saved = save_figure(figure, tmp_path / "figure.svg")
    assert saved.remarks == ("The figure is 76 mm wide; the style report is 160 mm.",)


def test_a_missing_font_is_told_and_nothing_is_warned_of(make, tmp_path, capfd):
    style = replace(STYLES["nature_single"], fonts=("No Such Font", "Nor This"))
    saved = save_figure(draw(make["slopes"](), style=style), tmp_path / "figure.svg")
    assert saved.font == font_used(style) == "DejaVu Sans"
    assert saved.remarks == (
        "No Such Font or Nor This is not on this computer; the text is in DejaVu Sans.",
    )
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("dpi", [0, 71, 1201, 300.0, "300", True])
def test_dots_out_of_range_are_refused(drawn, tmp_path, dpi):
    with pytest.raises(FigureError) as caught:
        save_figure(drawn("slopes"), tmp_path / "figure.png", dpi=dpi)
    assert str(caught.value) == f"dpi is {dpi!r}; a whole number from 72 to 1200 is wanted."


def test_an_existing_file_is_left_as_it_is(drawn, tmp_path):
    path = tmp_path / "figure.png"
    path.write_bytes(b"mine")
    with pytest.raises(FileError) as caught:
        save_figure(drawn("slopes"), path)
    assert str(caught.value) == (
        f"{path} is there already and was left as it is; give overwrite=True to replace it, "
        "or another name."
    )
    assert path.read_bytes() == b"mine"


def test_overwrite_replaces_it(drawn, tmp_path):
    path = tmp_path / "figure.png"
    path.write_bytes(b"mine")
    assert save_figure(drawn("slopes"), path, overwrite=True).path == path
    assert path.read_bytes()[:4] == b"\x89PNG"


def test_unknown_suffix_is_refused(drawn, tmp_path):
    with pytest.raises(FigureError) as caught:
        save_figure(drawn("slopes"), tmp_path / "figure.pgn")
    assert str(caught.value) == (
        "The suffix of 'figure.pgn' is '.pgn'; allowed: '.png', '.svg', '.pdf', '.tif', '.tiff'. "
        "Did you mean '.png'?"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_suffix_in_capitals_is_understood(drawn, tmp_path):
    saved = save_figure(drawn("slopes"), tmp_path / "FIGURE.SVG")
    assert saved.path.read_bytes()[:5] == b"<?xml"


def test_a_folder_that_is_not_there_is_one_sentence(drawn, tmp_path):
    path = tmp_path / "nowhere" / "figure.png"
    with pytest.raises(FileError) as caught:
        save_figure(drawn("slopes"), path)
    assert str(caught.value) == f"{path} cannot be written: No such file or directory."


def test_something_else_than_a_figure_is_refused(tmp_path):
    with pytest.raises(FigureError, match="takes a matplotlib Figure, as draw"):
        save_figure("figure", tmp_path / "figure.png")


def test_a_failure_leaves_nothing_behind(drawn, tmp_path, monkeypatch):
    write = Path.write_bytes

    def fail(path: Path, content: bytes) -> None:
        if content.startswith(b"participant_id"):
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr("pathlib.Path.write_bytes", fail)
    with pytest.raises(FileError, match="No space left on device"):
        save_figure(drawn("slopes"), tmp_path / "figure.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_file_has_the_permissions_of_any_new_file(tmp_path):
    plain = tmp_path / "plain.txt"
    plain.write_text("")
    saved = save_figure(Figure(), tmp_path / "figure.svg")
    assert stat.S_IMODE(saved.path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
