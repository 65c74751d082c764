"""`ketbio figures` and `ketbio styles` on the command line."""

import pandas as pd
import pytest

INDEX = "figures.csv"
STUDY = """
seed = 1

[study]
id = "TINY-1"
title = "Six participants"
simulated = true

[visits]
order = ["baseline", "day_14"]
baseline = "baseline"
endpoint = "day_14"

[tables.participants]
file = "participants.csv"

[tables.madrs]
file = "madrs.csv"

[response]
scale = "MADRS"
reduction_percent = 50
"""
PEOPLE = "participant_id\n" + "".join(f"P0{n}\n" for n in range(1, 7))
ROWS = ["participant_id,visit,madrs_total"]
ROWS += [f"P0{n},baseline,{30 + n}\nP0{n},day_14,{9 + 4 * n}" for n in range(1, 7)]


@pytest.fixture
def study(tmp_path):
    (tmp_path / "participants.csv").write_text(PEOPLE)
    (tmp_path / "madrs.csv").write_text("\n".join(ROWS) + "\n")
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def test_a_study_gives_its_figures_and_their_index(typed, study, tmp_path):
    out = tmp_path / "figures"
    words = ["figures", study, "--out", out, "--style", "cell_single", "--format", "pdf"]
    status, said, remarks = typed(*words, "--format", "tiff", "--only", "summarise_response")
    assert status == 0, remarks
    index = pd.read_csv(out / "figures.csv", keep_default_na=False)
    assert said.splitlines() == [*(str(out / name) for name in index["file"]), str(out / INDEX)]
    assert [name.rpartition(".")[2] for name in index["file"]] == ["pdf", "tiff"]
    assert set(index["width_mm"]) == {85}
    assert all((out / name).stat().st_size > 1000 for name in index["file"])
    assert all(index["alternative_text"].str.startswith("Waterfall plot of MADRS, response"))
    said_within = "Simulated data. Waterfall".encode("utf-16-be")
    assert (out / index["file"].iloc[0]).read_bytes().count(said_within) == 1

    status, said, remarks = typed(*words, "--only", "summarise_response")
    assert (status, said) == (2, "")
    assert "is there already and was left as it is" in remarks


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--style", "nature_singel"], "Did you mean 'nature_single'?"),
        (["--format", "jpeg"], "the figures' format is 'jpeg'; allowed: 'png', "),
    ],
)
def test_a_wrong_word_is_one_sentence(typed, study, tmp_path, words, said):
    status, out, remarks = typed("figures", study, "--out", tmp_path / "new", *words)
    assert (status, out) == (2, "")
    assert said in remarks
    assert not (tmp_path / "new").exists()


def test_styles_are_listed(typed):
    status, said, _ = typed("styles")
    assert status == 0
    assert "nature_single: 89 × 170 mm, 6 and 7 pt, 450 dpi; Nature research figure guide" in said
    assert "[from memory, not checked]" in said
