"""Rows under a table that are no records: both roads say the same of them."""

import pytest

from ketbio.tables import check_large_table, check_table

HEADER = "participant_id,visit,madrs_total\n"
ROWS = [f"P{i:02},a,20\n" for i in range(40)]


@pytest.mark.parametrize(
    "rows",
    [
        [*ROWS, "Mean,a,20\n", "N,a,9\n"],
        [*ROWS[:20], "Mean,a,20\n", *ROWS[20:]],
        [*ROWS[:20], "SD,a,61\n", *ROWS[20:]],
        [*ROWS, "Checked by the site in March,,\n"],
    ],
    ids=["last rows", "in the middle", "a short word in the middle", "a note"],
)
@pytest.mark.parametrize("batch_rows", [7, 1_000])
def test_both_roads_say_the_same(tmp_path, rows, batch_rows):
    path = tmp_path / "ratings.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    whole = check_table(path, "madrs")
    large = check_large_table(path, "madrs", batch_rows=batch_rows, progress=False)
    assert large.complaints.equals(whole.complaints)
    assert large.kept.tolist() == whole.kept.tolist()
    assert large.notes == whole.notes
    assert not whole.ok
