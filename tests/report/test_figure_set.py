"""`write_figures`: every figure of a study as files, each named by what it shows, with an index."""

from dataclasses import replace

import pandas as pd
import pytest

from ketbio.errors import FigureError, FileError, ReportError
from ketbio.report import write_figures
from ketbio.report.figure_names import file_name
from ketbio.result import Results

STEMS = [
    "compare-responders-p-mtor-s2448-change-baseline-to-day-14",
    "compare-visits-madrs-total-day-14-against-baseline",
]


@pytest.fixture
def results(run):
    return Results(run.results[-2:])


def test_each_figure_has_its_files_and_its_row(results, tmp_path):
    index = write_figures(
        results, tmp_path / "new" / "figures", formats=["svg", "png"], style="nature_single"
    )
    folder = tmp_path / "new" / "figures"
    expected = [f"{stem}{suffix}" for stem in STEMS for suffix in (".csv", ".png", ".svg")]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*expected, "figures.csv"])
    assert index["file"].to_list() == [f"{s}{end}" for s in STEMS for end in (".svg", ".png")]
    written = pd.read_csv(folder / "figures.csv", keep_default_na=False, dtype={"rows": str})
    pd.testing.assert_frame_equal(written, index, check_dtype=False)
    first = index.iloc[0]
    assert first["kind"] == "Estimation plot"
    assert first["rows"] == "1"
    assert index["rows"].to_list()[2:] == ["4", "4"]  # the first has two companions
    assert first["width_mm"] == 89
    assert first["data"] == f"{STEMS[0]}.csv"
    for said in ("0.917 log2", "95% CI 0.400 to 1.40", "p = .0043"):
        assert said in first["caption"]
        assert said in first["alternative_text"]
    assert "Excluded: 2 – no blot at day 14 (2)" in first["caption"]
    tidy = results.tidy().set_index("row")
    for line in index.itertuples():
        row = tidy.loc[int(line.rows)]
        words = row[["analysis", "marker", "outcome"]]
        assert file_name(*words) == line.file[: -len(".svg")]


def test_a_run_tells_study_and_simulation_and_what_was_not_drawn(run, tmp_path):
    index = write_figures(run, tmp_path, formats="svg")
    drawn = index.loc[index["file"] != ""]
    svg = (tmp_path / drawn["file"].iloc[-1]).read_text(encoding="utf-8")
    assert "Simulated data" in svg
    assert "study DEMO-1" in svg
    undrawn = index.loc[index["file"] == ""]
    assert all(undrawn["remarks"].str.endswith("."))
    assert {"7", "10"} <= set(drawn["rows"])  # six lines of Table 1 stand before them


def test_one_analysis_alone(results, tmp_path):
    index = write_figures(results, tmp_path, formats=["svg"], only=["compare_visits"])
    assert index["file"].to_list() == [f"{STEMS[1]}.svg"]


def test_results_of_the_same_words_have_names_of_their_own(results, tmp_path):
    twice = Results([results[1], replace(results[1], title="again")])
    index = write_figures(twice, tmp_path, formats=["svg"])
    assert index["file"].to_list() == [f"{STEMS[1]}.svg", f"{STEMS[1]}-2.svg"]


def test_what_cannot_be_drawn_is_told_and_the_rest_is_written(results, tmp_path):
    empty = replace(results[0], data=results[0].data.iloc[:0])
    index = write_figures(Results([empty, results[1]]), tmp_path, formats=["svg"])
    assert index["file"].to_list() == ["", f"{STEMS[1]}.svg"]
    assert "has no rows, so there is nothing to draw" in index["remarks"].iloc[0]


def test_nothing_is_written_over_unless_asked(results, tmp_path):
    one = results[1]
    write_figures(one, tmp_path, formats=["svg"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_figures(one, tmp_path, formats=["svg"], overwrite=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    (tmp_path / f"{STEMS[1]}.svg").write_text("mine")
    with pytest.raises(FileError, match="is there already and was left as it is"):
        write_figures(one, tmp_path, formats=["svg"])
    assert (tmp_path / f"{STEMS[1]}.svg").read_text() == "mine"


def test_a_file_of_the_study_is_never_replaced(run, tmp_path):
    study = replace(run.study, path=tmp_path / "figures.csv")
    study.path.write_text("mine")
    only_flow = replace(run, study=study, results=Results())
    with pytest.raises(FileError, match="is a file of the study and is never overwritten"):
        write_figures(only_flow, tmp_path, formats=["svg"], overwrite=True)
    assert study.path.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_one_sentence(results, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match=r"^The folder .*/file/figures cannot be made: .*\.$"):
        write_figures(results[1], tmp_path / "file" / "figures", formats=["svg"])


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ({"formats": ["jpeg"]}, ReportError, "the figures' format is 'jpeg'; allowed: 'png', "),
        ({"formats": []}, ReportError, "No format is given for the figures; allowed: png, "),
        ({"only": ["compare_visit"]}, ReportError, "Did you mean 'compare_visits'?"),
        ({"style": "natur_single"}, FigureError, "Did you mean 'nature_single'?"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_written(results, tmp_path, words, error, said):
    with pytest.raises(error) as caught:
        write_figures(results, tmp_path / "new", **words)
    assert said in str(caught.value)
    assert not (tmp_path / "new").exists()


def test_something_else_is_refused(tmp_path):
    with pytest.raises(ReportError) as caught:
        write_figures(pd.DataFrame(), tmp_path)
    assert str(caught.value) == (
        "write_figures() was given a DataFrame; it takes a Study, a StudyRun, a Result or Results."
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("compare_visits", "MADRS", "total"), "compare-visits-madrs-total"),
        (("../..", "/etc/passwd"), "etc-passwd"),
        (("$%&_^\\{}#~", "🙂"), "figure"),
        (("CON", ""), "con"),
        (("血清" * 60,), "血清" * 20),
    ],
)
def test_names_are_plain_words(words, name):
    assert file_name(*words) == name
    assert len(file_name(*words).encode()) <= 120
