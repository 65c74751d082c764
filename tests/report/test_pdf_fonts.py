"""A PDF of names in other scripts: the fonts of the machine write them, or it is refused."""

import subprocess
from dataclasses import replace
from shutil import which

import pytest

from ketbio.errors import ReportError
from ketbio.report import convert, write_report
from ketbio.report.pdf_fonts import part_letters

CUNEIFORM = "\U00012000"


def renamed(result, first, second):
    """The result with other names of its groups, wherever they stand."""
    names = dict(zip(result.groups, (first, second), strict=True))
    own = {
        "groups": tuple(names[group] for group in result.groups),
        "n": {names[group]: n for group, n in result.n.items()},
        "companions": (),
    }
    return replace(result, data=result.data.assign(group=result.data["group"].map(names)), **own)


@pytest.fixture
def responders(run):
    return next(one for one in run.results if one.analysis == "compare_responders")


def has_font(letter: str) -> bool:
    if which("fc-list") is None or which("pdffonts") is None or which("pdftotext") is None:
        return False
    command = ["fc-list", f":charset={ord(letter):x}", "family"]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return any("LastResort" not in line for line in found.splitlines())


@pytest.mark.skipif(not has_font("应"), reason="no font with Chinese letters, or no poppler-utils")
def test_chinese_names_have_their_letters_in_text_and_figures(responders, tmp_path):
    path = write_report(
        renamed(responders, "应答者", "无应答者"), tmp_path / "r.pdf", results=False
    )
    fonts, text = (
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for command in (["pdffonts", str(path)], ["pdftotext", "-layout", str(path), "-"])
    )
    assert "LastResort" not in fonts  # its letters are boxes
    assert "无应答者 (n = 6)" in text  # on the figure
    parted = text.replace("\u200c", "")
    assert "Mean difference (应答者 − 无应答者)" in parted  # in the text
    assert "(应答者 − 无应答者), 95% CI" in parted  # over the figure, a line with "ff"


def test_a_letter_that_no_font_has_is_named_and_no_box_drawn(responders, tmp_path, monkeypatch):
    compiled = convert._compile
    monkeypatch.setattr(
        convert, "_compile", lambda source, **_: compiled(source, ignore_system_fonts=True)
    )  # as on a machine without other fonts
    with pytest.raises(ReportError, match=f"none here has one: .*{CUNEIFORM}"):
        write_report(renamed(responders, f"arm {CUNEIFORM}", "other"), tmp_path / "r.pdf")
    assert list(tmp_path.iterdir()) == []


def test_where_our_own_fonts_have_all_letters_no_other_is_looked_at(
    responders, tmp_path, monkeypatch
):
    asked, compiled = [], convert._compile

    def keep(source, **how):
        asked.append(how)
        return compiled(source, **how)

    monkeypatch.setattr(convert, "_compile", keep)
    write_report(renamed(responders, "день β ≥", "other"), tmp_path / "r.pdf", results=False)
    assert asked == [{"ignore_system_fonts": True}]


def test_letters_are_parted_only_where_a_line_needs_a_second_font(tmp_path):
    drawing = tmp_path / "figure.svg"
    lines = "<g><!-- fill 应 --><text fill='f'>{}</text><text>off file β −</text></g>"
    drawing.write_text(lines.format("off 应 file fl a"), encoding="utf-8")
    part_letters(tmp_path)
    parted = lines.format("of\u200cf 应 f\u200cile f\u200cl a")
    assert drawing.read_text(encoding="utf-8") == parted
