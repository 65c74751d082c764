import os
import stat

import pytest

from ketbio.errors import ReportError
from ketbio.report.tables.write import FORMATS, write_table


@pytest.mark.parametrize("ending", FORMATS)
def test_each_format_by_the_end_of_the_name(ending, table, tmp_path):
    target = write_table(table, tmp_path / f"t.{ending}")
    first = target.read_bytes()
    assert first
    assert write_table(table, target, overwrite=True).read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == [f"t.{ending}"]


def test_results_give_every_table_in_one_file(people, results, tmp_path):
    written = write_table([*people, *results], tmp_path / "all.tex", number_format="nejm")
    text = written.read_text()
    assert text.count(r"\begin{table}") == 2
    assert "P: exact, 462 arrangements" in text


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("t.pdf", {}, "the table's format is 'pdf'; allowed: 'html', 'docx'"),
        ("t", {}, "has no ending that tells its format"),
        ("t.docx", {"format": "html"}, "does not fit its format 'html'"),
        ("t.html", {"format": "htlm"}, "Did you mean 'html'"),
        ("missing/t.html", {}, "is not there; make it first"),
        ("there.csv", {}, "is there already and was not touched"),
        ("folder.csv", {}, "is a folder"),
    ],
)
def test_a_bad_target_is_refused_in_a_sentence(name, options, told, table, tmp_path):
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ReportError, match=told):
        write_table(table, tmp_path / name, **options)
    assert (tmp_path / "there.csv").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_refused(table, tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(ReportError, match="Choose a folder that you may write to"):
        write_table(table, tmp_path / "t.html")


def test_a_disk_that_fails_leaves_nothing(table, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", fail)
    with pytest.raises(ReportError, match="No space left on device"):
        write_table(table, tmp_path / "t.html")
    assert not list(tmp_path.iterdir())


def test_several_tables_for_a_csv_and_nothing_at_all_are_refused(people, results, tmp_path):
    with pytest.raises(ReportError, match="holds one table"):
        write_table([*people, *results], tmp_path / "t.csv")
    with pytest.raises(ReportError, match="no result to tabulate"):
        write_table([], tmp_path / "t.csv")
    with pytest.raises(ReportError, match=r"write_table\(\) was given a str"):
        write_table("results", tmp_path / "t.csv")
    assert not list(tmp_path.iterdir())
