"""What a notebook shows of results, studies and markers: told first, numbers, then what unfolds."""

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from ketbio.analyses.laboratory.standard_curves import StandardCurves
from ketbio.notebook_parts import facts, folded, html_table
from ketbio.result import Results
from ketbio.study import read_study
from ketbio.study.notebook import run_view
from ketbio.tables import describe_marker


class Tags(HTMLParser):
    """Opening tags with their attributes; every tag must be closed by its own."""

    def __init__(self, text):
        super().__init__()
        self.seen, self.open, self.text = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def is_accessible(page):
    heads = [attrs for tag, attrs in page.seen if tag == "th"]
    counted = [tag for tag, _ in page.seen]
    return all(attrs.get("scope") in ("col", "row") for attrs in heads) and (
        counted.count("table") == counted.count("caption") == counted.count("thead")
    )


def test_a_result_is_told_first_then_numbers_then_what_unfolds(of_groups):
    out = pd.DataFrame({"participant_id": ["P07"], "reason": ["no value at day_14"]})
    companion = of_groups(role="sensitivity", estimate=0.21)
    result = of_groups(warnings=("One limit.",), excluded=out, companions=(companion,))
    shown = result._repr_html_()
    assert is_accessible(Tags(shown))
    order = [
        shown.index(words)
        for words in (
            'class="lead">Nucleus', "1 result: estimate, 95% interval, p and n", ">0.192 nats<",
            ">0.0183 to 0.368<", ">.037<", ">5 / 6<", "1 warning", "One limit.",
            "Left out: 1 entry", "P07", "Beside it: 1 companion", ">0.210 nats<",
        )
    ]  # fmt: skip
    assert order == sorted(order)


def test_columns_without_a_number_are_left_out(typical):
    shown = Results([typical["mean"]])._repr_html_()
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)', shown) == ["Result", "What", "Estimate", "n"]


def test_descriptions_are_folded_behind_the_answers(typical):
    shown = Results([typical["mean"], typical["groups"]])._repr_html_()
    answers, _, described = shown.partition("Described: 1 number")
    assert "nucleus accumbens entropy".capitalize() in answers
    assert "14.5 years" not in answers
    assert "14.5 years" in described


def test_many_sentences_are_folded(of_visits):
    shown = Results([of_visits()] * 14)._repr_html_()
    assert "2 more sentences" in shown
    assert is_accessible(Tags(shown))


def test_a_warning_of_several_results_is_told_once(of_visits):
    both = (
        of_visits(warnings=("Not adjusted.", "One outlier.")),
        of_visits(label="HAM-D", warnings=("Not adjusted.",)),
    )
    shown = Results(both)._repr_html_()
    assert "What to keep in mind: 2 warnings" in shown
    assert "<li>Not adjusted. (2 results)</li>" in shown
    assert "<li>MADRS, change, baseline to day_14: One outlier.</li>" in shown


def test_no_results_are_said():
    assert "No results." in Results()._repr_html_()


@pytest.mark.parametrize("label", ["<script>x</script>", "a\x1b[31m\u202eb", "😀 & 'q'"])
def test_names_are_escaped_and_cannot_steer(of_visits, label):
    shown = of_visits(label=label, warnings=(label,))._repr_html_()
    page = Tags(shown)
    assert "script" not in [tag for tag, _ in page.seen]
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_every_typical_result_has_a_view(typical):
    for result in typical.values():
        shown = result._repr_html_()
        assert is_accessible(Tags(shown))
        assert not re.search(r"\bnan\b|\binf\b|None", "".join(Tags(shown).text))


def test_a_table_counts_what_it_does_not_show():
    shown = html_table("Many", ["a"], [[one] for one in range(53)], rest=": .data holds all")
    assert "… and 3 more rows: .data holds all." in shown


def test_nothing_empty_is_shown():
    assert folded("Nothing", "") == ""
    assert facts([("Note", "")]) == ""
    assert facts([("Note", "x"), ("Seed", 0)]).count("<dt>") == 2


def test_a_marker_of_the_registry():
    shown = describe_marker("plasma BDNF")._repr_html_()
    assert is_accessible(Tags(shown))
    assert "raised in 2 reports, unchanged in 4 reports" in shown
    assert "7 reports" in shown


def test_standard_curves_are_told_with_their_levels(typical):
    levels = pd.DataFrame({"participant_id": ["P01"], "concentration_ng_ml": [float("nan")]})
    curves = StandardCurves(
        results=Results([typical["curve"]]), levels=levels, wells=pd.DataFrame({"well": ["A1"]})
    )
    shown = curves._repr_html_()
    assert is_accessible(Tags(shown))
    assert "1 level read from 1 well" in shown
    assert ">–</td>" in shown


class _Run:
    """What `run_view` reads of a run."""

    def __init__(self, study, results):
        self.study, self.results, self.checks = study, results, ()
        self.flow = pd.DataFrame({"step": ["in the table"], "n": [3], "excluded": [1],
                                  "reasons": ["no visit: 1"]})  # fmt: skip
        self.inputs = pd.DataFrame({"table": ["madrs"], "file": ["m.csv"], "sha256": ["ab"],
                                    "n_rows": [6]})  # fmt: skip
        self.software = pd.DataFrame({"package": ["ketbio"], "version": ["1"]})


@pytest.fixture
def study(tmp_path):
    (tmp_path / "m.csv").write_text("participant_id,visit,madrs_total\nP01,before,30\n")
    (tmp_path / "p.csv").write_text("participant_id\nP01\n")
    plan = tmp_path / "study.toml"
    plan.write_text(
        'seed = 1\n[study]\nid = "S1"\ntitle = "A <b>study</b>"\nsimulated = true\n'
        '[visits]\norder = ["before", "after"]\nbaseline = "before"\nendpoint = "after"\n'
        '[tables.participants]\nfile = "p.csv"\n[tables.madrs]\nfile = "m.csv"\n'
        '[response]\nscale = "MADRS"\n'
        '[[analyses]]\nkind = "compare_visits"\nmarkers = ["MADRS"]\n'
    )
    return read_study(plan)


def test_a_study_is_a_plan_at_a_glance(study):
    shown = study._repr_html_()
    assert is_accessible(Tags(shown))
    assert "A &lt;b&gt;study&lt;/b&gt; (S1)" in shown
    assert "Simulated data: no participant is real." in shown
    for words in ("before, after", "compare_visits", "markers: MADRS", "1 planned analysis"):
        assert words in shown
    assert "<td" in shown
    assert ">Title<" not in shown


def test_a_run_shows_its_results_and_who_was_analysed(study, typical):
    shown = run_view(_Run(study, Results([typical["visits"]])))
    assert is_accessible(Tags(shown))
    assert shown.index("−17.0 points") < shown.index("Who was analysed")
    assert "no visit: 1" in shown
