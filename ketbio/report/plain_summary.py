"""What was and was not found, in plain language."""

import math
from collections.abc import Sequence

from ketbio.report.markdown import Markdown, join_markdown
from ketbio.report.models import main_contrasts, told_together
from ketbio.report.row_numbers import number_rows, row_link
from ketbio.result import Result, Results
from ketbio.study import StudyRun

RESPONSE = "summarise_response"
"""How many responded is told whatever was tested."""

PLANNED = ("primary", "secondary")
"""Aims whose findings are told; the exploratory ones would need more words than they bear."""


def describe_plainly(subject: StudyRun | Results) -> tuple[Markdown, ...]:
    """Return what was found by primary and secondary tests, and the response, in plain sentences.

    Where no analysis has an aim, all that was tested is told.

    Parameters
    ----------
    subject : StudyRun or Results

    Returns
    -------
    tuple of Markdown
        One paragraph per finding, with its row.

    Examples
    --------
    >>> describe_plainly(Results())
    ()
    """
    results = subject if isinstance(subject, Results) else subject.results
    rows = number_rows(results)
    return tuple(
        join_markdown([one.sentence("plain"), row_link(rows[one])]) for one in _told(results)
    )


def _told(every: Sequence[Result]) -> list[Result]:
    results = [
        one
        for group in told_together(every)
        for one in (main_contrasts(group) if len(group) > 1 else group)
    ]
    tested = [one for one in results if not math.isnan(one.p_value) or one.aim == PLANNED[0]]
    planned = [one for aim in PLANNED for one in tested if one.aim == aim]
    response = [one for one in results if one.analysis == RESPONSE and one not in planned]
    return [*(planned or tested), *response]
