"""One column of the file feeds several of ours, as docs/study_file.md shows."""

import pandas as pd

from ketbio.tables import check_table


def test_one_column_of_antibodies_feeds_target_form_and_site():
    sheet = pd.DataFrame(
        {
            "participant_id": "P01",
            "visit": "baseline",
            "gel_id": "G1",
            "lane": "1",
            "Antibody": ["p-mTOR", "mTOR", "b-actin"],
            "IntDen": [900, 1800, 2500],
        }
    )
    check = check_table(
        sheet,
        "blots",
        columns=dict.fromkeys(["target", "form", "site"], "Antibody") | {"intensity": "IntDen"},
        values={
            "target": {"p-mTOR": "mTOR", "b-actin": "actin"},
            "form": {"p-mTOR": "phospho", "mTOR": "total", "b-actin": "loading"},
            "site": {"p-mTOR": "S2448"},
        },
        missing_in={"site": ["mTOR", "b-actin"]},
    )
    assert check.ok, check.sentences()
    assert check.accepted["form"].tolist() == ["phospho", "total", "loading"]
    assert check.accepted["site"].fillna("").tolist() == ["S2448", "", ""]
