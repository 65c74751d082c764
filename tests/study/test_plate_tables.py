"""Tables of a study file that read the files of plate readers."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import check_study, read_study

LEVELS = (1000, 500, 250, 125, 62.5)


def study(folder, plate):
    """Write a study of one plate, and return the path of its file."""
    lines = ["PL1,1,2"]
    layout = [",1,2"]
    for i, level in enumerate((*LEVELS, 0)):
        lines.append(f"{'ABCDEF'[i]},{2 / (i + 1):.3f},{0.5 + i / 100:.3f}")
        layout.append(f"{'ABCDEF'[i]},{f'STD{level:g}' if level else 'BLANK'},S{i}x")
    (folder / "plate.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "layout.csv").write_text("\n".join(layout), encoding="utf-8")
    text = f"""
[study]
id = "plates"
title = "Plates"

[visits]
order = ["baseline", "day 7"]
baseline = "baseline"
endpoint = "day 7"

[tables.wells]
file = "plate.csv"
schema = "elisa_plates"

[tables.wells.plate]
{plate}
"""
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_layout_stands_beside_the_study_file(tmp_path):
    path = study(tmp_path, 'layout = "layout.csv"\nunit = "pg/mL"\nvisit = "baseline"')
    check = check_study(read_study(path))["wells"]
    assert check.ok, check.sentences()
    assert check.accepted["participant_id"].dropna().tolist() == [f"S{i}x" for i in range(6)]
    assert check.accepted["concentration"].max() == 1.0


@pytest.mark.parametrize(
    ("plate", "said"),
    [
        ('layout = "none.csv"', "tables.wells names the layout 'none.csv', which is not there"),
        ('layot = "layout.csv"', "plate: option is 'layot'"),
        ('visit = "day 8"', "the visit of 'samples' is 'day 8'"),
        ("masked = 3", "plate: masked is 3; a list of text is wanted."),
        ("masked = true", "plate: masked is True; a list of text is wanted."),
        ("layout = 3", "plate: layout is 3; text is wanted."),
        ('kind = "gen6"', "plate: kind is 'gen6'"),
    ],
)
def test_what_the_plate_cannot_say_is_told_before_any_file_is_read(tmp_path, plate, said):
    with pytest.raises(StudyError) as refused:
        read_study(study(tmp_path, plate))
    assert said in str(refused.value)
