"""Templates and partials of a user's own: filled, or refused in one sentence."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from ketbio.errors import ReportError
from ketbio.report import write_report
from ketbio.report.contents import Contents, gather_contents
from ketbio.report.convert import FORMATS
from ketbio.report.figure_files import FigureFile
from ketbio.report.more_figures import MoreFigures
from ketbio.report.render import known_names, render_markdown, require_templates
from ketbio.report.template_files import read_templates
from ketbio.study import ReportPlan

DOCS = Path(__file__).resolve().parents[2] / "docs" / "report.md"


@pytest.fixture(scope="module")
def whole(run):
    """What a report tells, gathered once."""
    return gather_contents(run, dict.fromkeys(run.results, FigureFile(problem="not drawn")))


@pytest.fixture
def filled(whole, tmp_path):
    """Return a function that fills a partial (or a document) of a user's own."""
    folder = tmp_path / "parts"
    folder.mkdir()

    def fill(text, *, name="summary.md.j2", sections=("summary",), template=None):
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        texts = read_templates(ReportPlan(title="T", partials=folder, template=template))
        require_templates(texts)
        return render_markdown(replace(whole, title="T", sections=sections), texts)

    return fill


def test_a_partial_takes_the_place_of_a_section_and_is_escaped(filled):
    text = filled("# Ours {#ours}\n\n{{ title }} has {{ findings | length }} *findings*.\n")
    assert text.split("# Ours {#ours}\n\n")[1] == "T has 2 *findings*.\n"
    assert filled("{{ '<b>*x*</b>' }}").endswith(r"\<b\>\*x\*\<\/b\>")
    assert filled("{{ '<b>' | safe }}").endswith(r"\<b\>")


def test_a_partial_can_be_a_section_of_its_own(filled):
    text = filled("# March\n", name="meeting.md.j2", sections=("limitations", "meeting"))
    assert text.index("# Limitations") < text.index("# March")
    assert "# Summary" not in text


def test_a_document_of_ones_own_is_still_told_to_be_simulated_and_safety_first(filled, tmp_path):
    template = tmp_path / "ours.md.j2"
    template.write_text("\ufeff# {{ title }}\n\n{{ findings[0].answer }}\n", encoding="utf-8")
    text = filled("", template=template)
    assert "Simulated data" in text.split("# T")[0]
    assert "Safety first." in text.split("# T")[0]
    assert "# Summary" not in text


def test_the_example_of_the_documentation_can_be_filled(filled):
    example = re.search(r"```jinja\n(# The meeting.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert example is not None
    text = filled(example[1], name="meeting.md.j2", sections=("meeting",))
    assert "# The meeting of March {#meeting}" in text
    assert "0.917" not in text  # no finding of this run is primary


REFUSED = [
    ("{{ findngs }}", "1: 'findngs' is not a variable of the report. Did you mean 'findings'?"),
    ("{% if false %}{{ findngs }}{% endif %}", "line 1: 'findngs' is not a variable"),
    ("\n\n{{ findings[0].headng }}", "line 3: what is asked for is 'headng'; allowed:"),
    ("{% for one in findings %}\n{{ one.headng }}{% endfor %}", "Did you mean 'heading'?"),
    ("{{ title | uper }}", "line 1: there is no filter 'uper'. Did you mean 'upper'?"),
    ("{% if title is strng %}{% endif %}", "there is no test 'strng'. Did you mean 'string'?"),
    ("\n{% include '_findng.md.j2' %}", "line 2: the file to take in is '_findng.md.j2'; allowed:"),
    ("{% include title ~ '.md.j2' %}", "line 1: the file to take in is 'T.md.j2'; allowed:"),
    ("{% fro one in findings %}", "line 1: Encountered unknown tag 'fro'."),
    ("{% for one in findings %}", "line 1: Unexpected end of template."),
    ("{{ ''.__class__.__mro__ }}", "reaches into Python, which a template may not."),
    ("{{ title['__class__'] }}", "'__class__' reaches into Python, which a template may not."),
    ("{{ title | attr('__class__') }}", "'__class__' reaches into Python"),
    ("{{ '{0.__class__}'.format(title) }}", "'__class__' reaches into Python"),
    ("{{ 'a' * 1000000000 }}", "line 1: '*' is for small numbers only."),
    ("{{ range(1000000000) | list }}", "line 1: 1000000000 is too large"),
    ("{% include 'summary.md.j2' %}", "the file takes itself in; leave that out."),
    ("{{ 1 / 0 }}", "line 1: division by zero."),
    ("{{ title() }}", "line 1: 'str' object is not callable."),
    (b"\xff\xfe", "parts/summary.md.j2 is not UTF-8 text (byte 0); save it as UTF-8."),
    ("![x](http://example.org/x.png)", "shows the image 'http://example.org/x.png', which is no"),
    ("![x](/etc/hosts)", "shows the image '/etc/hosts', which is no figure of this report"),
    ("![x][y]\n\n[y]: x.png", "shows an image by reference"),
    ("[x](JavaScript:alert(1))", "a link that begins with 'JavaScript:'; allowed: '#', 'https:'"),
    ("[x][y]\n\n[y]: data:text/html,x", "a link that begins with 'data:'"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_what_cannot_be_filled_is_refused_in_one_sentence(filled, text, sentence):
    with pytest.raises(ReportError) as error:
        filled(text)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read_is_refused(filled, tmp_path):
    with pytest.raises(ReportError, match=r"gone\.md\.j2 cannot be read: No such file"):
        filled("", template=tmp_path / "gone.md.j2")


def test_the_notices_cannot_be_replaced(filled):
    with pytest.raises(ReportError, match="would replace the notices that stand on every report"):
        filled("nothing", name="_notices.md.j2")


def test_a_fault_is_found_before_the_study_is_run_and_nothing_is_written(run, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "summary.md.j2").write_text("{{ findngs }}")
    plan = ReportPlan(title="T", partials=tmp_path / "parts")
    study = replace(run.study, report=plan)  # its tables are not there: it cannot be run
    with pytest.raises(ReportError, match="Did you mean 'findings'"):
        write_report(study, tmp_path / "r.html")
    figures = replace(study, report=ReportPlan(title="T", figures="natur", lines={"figures": 9}))
    with pytest.raises(ReportError, match=r"study\.toml, line 9: figures in \[report\]: .*allowed"):
        write_report(figures, tmp_path / "r.html")
    assert [file.name for file in tmp_path.iterdir()] == ["parts"]


def test_a_fault_found_while_filling_leaves_nothing_behind(run, tmp_path, monkeypatch):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "summary.md.j2").write_text("{{ findings[0].headng }}")
    undrawn = dict.fromkeys(run.results, FigureFile(problem="not drawn"))
    monkeypatch.setattr("ketbio.report.write.draw_figures", lambda *_, **__: undrawn)
    monkeypatch.setattr("ketbio.report.write.draw_more_figures", lambda *_, **__: MoreFigures())
    plan = ReportPlan(title="T", partials=tmp_path / "parts")
    told = replace(run, study=replace(run.study, report=plan))
    with pytest.raises(ReportError, match="Did you mean 'heading'"):
        write_report(told, tmp_path / "r.html")
    assert [file.name for file in tmp_path.iterdir()] == ["parts"]


def test_text_that_looks_like_a_template_is_only_text(nasty, nasty_text):
    figures = dict.fromkeys(nasty.results, FigureFile(problem="not drawn"))
    text = render_markdown(gather_contents(nasty, figures))
    assert r"\{\{ t \}\}" in text
    assert "{{ t }}" not in text
    assert "{{ t }}" in nasty_text


@pytest.mark.parametrize("name", known_names())
def test_every_variable_is_documented(name):
    assert re.search(rf"`{name}(\(\))?`", DOCS.read_text(encoding="utf-8"))


def test_the_parts_of_a_finding_are_documented(whole):
    text = DOCS.read_text(encoding="utf-8")
    for record in (whole.findings[0], whole.findings[0].figure, whole.primary, whole.deviations,
                   whole.title_page, whole.checks):  # fmt: skip
        assert [one.name for one in fields(record) if f"`{one.name}`" not in text] == []
    assert {one.name for one in fields(Contents)} < set(known_names())


@pytest.mark.parametrize("shown", ["findings", "findings[0]", "checks", "next_figure", "self"])
def test_what_is_no_text_is_not_printed(filled, shown):
    with pytest.raises(ReportError, match=r"line 1: what stands in double braces is .*, not text"):
        filled(f"{{{{ {shown} }}}}")


def test_loops_in_loops_come_to_an_end(filled):
    loops = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"
    with pytest.raises(ReportError, match=r"line 1: range\(\) counts to 100,000 in a report"):
        filled(loops)
    with pytest.raises(ReportError, match="1000000000 is too large"):
        filled("{{ 'a'.ljust(1000000000) }}")


def test_nothing_is_drawn_at_random(filled):
    with pytest.raises(ReportError, match="there is no filter 'random'"):
        filled("{{ [1, 2] | random }}")


def test_control_characters_are_refused_by_line(filled):
    with pytest.raises(ReportError, match=r"summary.md.j2, line 2: holds the control .* U\+001B"):
        filled("a\nb\x1bc")


ACTIVE = {
    "![a [b] c](/etc/hostname)": "shows the image '/etc/hostname'",
    "[x](javascript\\:alert)": "has the link 'javascript:alert'",
    '[x]{data-src="/etc/hostname"}': "the attribute 'data-src'",
    '[x]{typst:text:fill="panic"}': "the attribute 'typst:text:fill'",
}


@pytest.mark.parametrize("text", ACTIVE)
def test_what_only_pandoc_understands_is_refused_too(filled, whole, tmp_path, text):
    with pytest.raises(ReportError, match=re.escape(ACTIVE[text])):
        FORMATS["docx"].write(filled(f"A {text}\n"), whole, tmp_path)
