"""Files: whole, the same every time, never over another, in print quality."""

import os
import re
import stat

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from PIL import Image

from ketbio.errors import FigureError, FileError
from ketbio.figures import draw, save_figure

SUFFIXES = [".png", ".svg", ".pdf"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["estimation", "waterfall"])
def test_same_result_same_bytes(make, tmp_path, suffix, name):
    first = save_figure(draw(make[name]()), tmp_path / f"first{suffix}")
    with mpl.rc_context({"font.size": 20, "svg.fonttype": "path", "pdf.fonttype": 3}):
        second = save_figure(draw(make[name]()), tmp_path / f"second{suffix}")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_date_is_kept(drawn, tmp_path, suffix):
    content = save_figure(drawn("slopes"), tmp_path / f"figure{suffix}").read_bytes()
    assert not re.search(rb"CreationDate|<dc:date>|tIME", content)


def test_png_has_300_dots_per_inch(drawn, tmp_path):
    path = save_figure(drawn("slopes", "single_column"), tmp_path / "figure.png")
    with Image.open(path) as image:
        assert image.width == int(85 / 25.4 * 300)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)


def test_svg_keeps_its_text(drawn, tmp_path):
    svg = save_figure(drawn("estimation"), tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert "Simulated data</text>" in svg
    assert "p = .011" in svg
    assert "'DejaVu Sans'" in svg


def test_pdf_keeps_its_text_as_truetype(drawn, tmp_path):
    content = save_figure(drawn("estimation"), tmp_path / "figure.pdf").read_bytes()
    assert b"/Subtype /Type3" not in content
    assert b"/FontFile2" in content


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
    assert save_figure(drawn("slopes"), path, overwrite=True) == path
    assert path.read_bytes()[:4] == b"\x89PNG"


def test_unknown_suffix_is_refused(drawn, tmp_path):
    with pytest.raises(FigureError) as caught:
        save_figure(drawn("slopes"), tmp_path / "figure.pgn")
    assert str(caught.value) == (
        "The suffix of 'figure.pgn' is '.pgn'; allowed: '.png', '.svg', '.pdf'. "
        "Did you mean '.png'?"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_suffix_in_capitals_is_understood(drawn, tmp_path):
    assert save_figure(drawn("slopes"), tmp_path / "FIGURE.SVG").read_bytes()[:5] == b"<?xml"


def test_a_folder_that_is_not_there_is_one_sentence(drawn, tmp_path):
    path = tmp_path / "nowhere" / "figure.png"
    with pytest.raises(FileError) as caught:
        save_figure(drawn("slopes"), path)
    assert str(caught.value) == f"{path} cannot be written: No such file or directory."


def test_something_else_than_a_figure_is_refused(tmp_path):
    with pytest.raises(FigureError, match="takes a matplotlib Figure, as draw"):
        save_figure("figure", tmp_path / "figure.png")


def test_a_failure_leaves_nothing_behind(drawn, tmp_path, monkeypatch):
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", fail)
    with pytest.raises(FileError, match="No space left on device"):
        save_figure(drawn("slopes"), tmp_path / "figure.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_file_has_the_permissions_of_any_new_file(tmp_path):
    plain = tmp_path / "plain.txt"
    plain.write_text("")
    saved = save_figure(Figure(), tmp_path / "figure.svg")
    assert stat.S_IMODE(saved.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
