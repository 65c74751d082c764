"""The limitations of a report: every warning of every result, once, with its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.markdown import Markdown
from ketbio.report.row_numbers import rows_in_brackets
from ketbio.result import NOT_IMPUTED, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Limitation:
    """A sentence that limits what the report says, and the rows it concerns."""

    sentence: str
    rows: Markdown


def describe_limitations(
    results: Sequence[Result], rows: Mapping[Result, int]
) -> tuple[Limitation, ...]:
    """Return every caveat of every analysis, each once, with the rows it concerns.

    What is said of the lines of Table 1 stands below that table, and how many values are missing
    to a model, and whose, at its finding: here stands what the model takes of them.

    Parameters
    ----------
    results : sequence of Result
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    tuple of Limitation

    Examples
    --------
    >>> describe_limitations([], {})
    ()
    """
    concerned: dict[str, list[Result]] = {}
    told = [main for main in results if main.analysis != TABLE_1]
    for result in (one for main in told for one in (main, *main.companions)):
        for warning in result.warnings:
            concerned.setdefault(_without_counts(warning), []).append(result)
    return tuple(
        Limitation(
            sentence=sentence,
            rows=rows_in_brackets(found, rows),
        )
        for sentence, found in concerned.items()
    )


def _without_counts(warning: str) -> str:
    _, _, taken = warning.partition(NOT_IMPUTED)
    return taken.strip() or warning
