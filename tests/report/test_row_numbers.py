from ketbio.report.row_numbers import number_rows, row_link, rows_in_brackets, rows_of
from ketbio.result import Results


def test_numbers_are_those_of_tidy(run):
    rows = number_rows(run.results)
    tidy = run.results.tidy().set_index("row")
    assert list(rows.values()) == list(tidy.index)
    for result, row in rows.items():
        assert tidy.loc[row, "estimate"] == result.estimate
        assert tidy.loc[row, "role"] == result.role


def test_a_result_given_twice_keeps_its_first_row(run):
    result = run.results[0]
    assert number_rows(Results([result, result])) == {result: 1}


def test_links_name_their_rows_in_order(run):
    rows = number_rows(run.results)
    first, second = run.results[0], run.results[1]
    assert rows_of([second, first], rows) == "[1](#row-1), [2](#row-2)"
    assert rows_in_brackets([second], rows) == r"\[row [2](#row-2)\]"
    assert rows_in_brackets([second, first], rows).startswith(r"\[rows [1]")
    assert row_link(7) == r"[\[row 7\]](#row-7)"
