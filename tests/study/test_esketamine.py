"""A real trial, read as it is: ten adolescents before and 24 h after esketamine (OSF 2ujqn)."""

import html
import re
from pathlib import Path

import pytest

from ketbio.cli import run
from ketbio.study import analyse_study, read_study

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "docs" / "studies" / "esketamine_adolescents.toml"
DATA = ROOT.parent / "shared" / "studies" / "esketamine_adolescents" / "Dataset.csv"

pytestmark = pytest.mark.skipif(
    not DATA.is_file(), reason="the published data lie outside the repository and are not here"
)


@pytest.fixture(scope="module")
def results():
    return {result.analysis: result for result in analyse_study(read_study(STUDY)).results}


def test_check_shows_the_worsened_participant_first_and_is_status_zero(capsys):
    assert run(["check", str(STUDY)]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert "SAFETY" in first
    assert "Participant 10" in first
    assert "6 at hour_24, up from 3 at baseline" in first


def test_published_means_and_interval(results):
    visits = results["compare_visits"]
    means = [one.estimate for one in visits.companions if one.estimate_name == "mean"]
    assert means == [pytest.approx(39.1), pytest.approx(26.8)]
    t = next(one for one in visits.companions if one.ci_method == "paired t")
    assert (round(t.ci_low, 4), round(t.ci_high, 4)) == (-18.8914, -5.7086)
    assert visits.estimate == pytest.approx(-12.3)


def test_exact_p_and_its_interval(results):
    visits = results["compare_visits"]
    assert (visits.p_value, visits.n_extreme, visits.n_arrangements) == (2 / 1024, 2, 1024)
    # by hand: flipping a subset leaves p as it is until the shift passes its mean; p > .05 from the
    # 26th smallest of the 1,023 subset means on, counted from either end
    assert (visits.ci_low, visits.ci_high) == (-19.0, -7.0)


def test_responders_and_remitters(results):
    response = results["summarise_response"]
    assert (response.statistic, response.n) == (2, {"all": 10})
    assert sorted(response.data.query("response == 'responder'")["participant_id"]) == ["4", "5"]
    assert response.companions[0].statistic == 1


def test_report_prints_all_of_it(tmp_path, capsys):
    path = tmp_path / "report.html"
    assert run(["report", str(STUDY), "--out", str(path)]) == 0
    capsys.readouterr()
    page = re.sub(
        r'data:[^"]*|<(style|script).*?</\1>', "", path.read_text(encoding="utf-8"), flags=re.S
    )
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
    for said in (
        "39.1",
        "26.8",
        "−12.3",
        "−18.8914",
        "−5.7086",
        "2 of 1,024",
        "2 of 10",
        "1 of 10",
    ):
        assert said in text, said
    assert "p = .0020" in text
    assert "Simulated" not in text
