"""Which row of ``tidy(results)`` each number of the report comes from."""

from collections.abc import Collection, Iterable, Mapping

from ketbio.report.markdown import Markdown, link
from ketbio.result import Result, Results


def number_rows(results: Results) -> dict[Result, int]:
    """Return the row of ``tidy(results)`` of each result and companion.

    Parameters
    ----------
    results : Results

    Returns
    -------
    dict of Result to int
        Numbered from 1 in the order of `tidy`: companions follow the result they belong to.

    Examples
    --------
    >>> mean = Result(analysis="a", marker="m", outcome="o", groups=("g",), n={"g": 3})
    >>> main = Result(analysis="a", marker="m", outcome="o", groups=("g",), n={"g": 3},
    ...               companions=(mean,))
    >>> rows = number_rows(Results([main]))
    >>> rows[main], rows[mean]
    (1, 2)
    """
    numbered: dict[Result, int] = {}
    stacked = (one for result in results for one in (result, *result.companions))
    for row, result in enumerate(stacked, start=1):
        numbered.setdefault(result, row)
    return numbered


def row_identifier(row: int) -> str:
    """Return the id of a row of the appendix.

    Parameters
    ----------
    row : int

    Returns
    -------
    str

    Examples
    --------
    >>> row_identifier(12)
    'row-12'
    """
    return f"row-{row}"


def row_link(row: int, *, text: str | None = None) -> Markdown:
    r"""Return a link to a row of the appendix.

    Parameters
    ----------
    row : int
    text : str, optional
        What stands in the document; ``[row 12]`` where not given.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> print(row_link(12))
    [\[row 12\]](#row-12)
    """
    return link(f"[row {row}]" if text is None else text, identifier=row_identifier(row))


def rows_of(results: Iterable[Result], rows: Mapping[Result, int]) -> Markdown:
    """Return the rows of several results as links, ``3, 7``.

    Parameters
    ----------
    results : iterable of Result
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="o", groups=("g",), n={"g": 3})
    >>> print(rows_of([one], number_rows(Results([one]))))
    [1](#row-1)
    """
    numbers = sorted({rows[result] for result in results})
    return Markdown(", ".join(row_link(number, text=str(number)) for number in numbers))


def rows_in_brackets(results: Collection[Result], rows: Mapping[Result, int]) -> Markdown:
    r"""Return the rows of several results as links, ``[rows 3, 7]``.

    Parameters
    ----------
    results : collection of Result
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="o", groups=("g",), n={"g": 3})
    >>> print(rows_in_brackets([one], number_rows(Results([one]))))
    \[row [1](#row-1)\]
    """
    word = "row" if len(results) == 1 else "rows"
    return Markdown(rf"\[{word} {rows_of(results, rows)}\]")


def rows_in_runs(results: Collection[Result], rows: Mapping[Result, int]) -> Markdown:
    r"""Return the rows of many results as links, those that follow each other as a run.

    Parameters
    ----------
    results : collection of Result
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    Markdown

    Examples
    --------
    >>> several = [Result(analysis="a", marker=name, outcome="o", groups=("g",), n={"g": 3})
    ...            for name in "mno"]
    >>> print(rows_in_runs(several, number_rows(Results(several))))
    \[rows [1](#row-1)–[3](#row-3)\]
    """
    numbers = sorted({rows[result] for result in results})
    starts = [one for one in numbers if one - 1 not in numbers]
    ends = [one for one in numbers if one + 1 not in numbers]
    runs = [
        row_link(a, text=str(a))
        if a == b
        else f"{row_link(a, text=str(a))}–{row_link(b, text=str(b))}"
        for a, b in zip(starts, ends, strict=True)
    ]
    word = "row" if len(numbers) == 1 else "rows"
    return Markdown(rf"\[{word} {', '.join(runs)}\]")
