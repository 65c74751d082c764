"""What was and was not found, in plain language."""

import math
from collections.abc import Sequence

from ketbio.report.markdown import Markdown, join_markdown
from ketbio.report.row_numbers import number_rows, row_link
from ketbio.result import Result, Results
from ketbio.study import StudyRun

PRIMARY = "primary"


def describe_plainly(subject: StudyRun | Results) -> tuple[Markdown, ...]:
    """Return the primary findings, or all that was tested, in plain sentences with their rows.

    Parameters
    ----------
    subject : StudyRun or Results

    Returns
    -------
    tuple of Markdown
        One paragraph per finding.

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


def _told(results: Sequence[Result]) -> list[Result]:
    primary = [one for one in results if one.aim == PRIMARY]
    return primary or [one for one in results if not math.isnan(one.p_value)]
