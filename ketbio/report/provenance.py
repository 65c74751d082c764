"""Where a report comes from: its day, its files and their hashes, its seed, its software."""

import os
import platform
import time
from collections.abc import Mapping
from importlib.metadata import version

import pandas as pd

from ketbio.errors import ReportError
from ketbio.report.markdown import Markdown, markdown_table
from ketbio.result import Result
from ketbio.study import StudyRun
from ketbio.wording import join_words

LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""

_DIGITS = len(str(LAST_SECOND))


def report_date() -> str:
    """Return the day of the report: that of ``SOURCE_DATE_EPOCH`` where it is set, else today.

    Returns
    -------
    str
        As 2026-01-31, in UTC.

    Examples
    --------
    >>> len(report_date())
    10
    """
    return time.strftime("%Y-%m-%d", time.gmtime(report_seconds()))


def report_seconds() -> int:
    """Return the report's moment in seconds since 1970, from ``SOURCE_DATE_EPOCH`` where it is set.

    Returns
    -------
    int

    Raises
    ------
    ReportError
        ``SOURCE_DATE_EPOCH`` is no such number.

    Examples
    --------
    >>> report_seconds() > 0
    True
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not fixed:
        return int(time.time())
    if not fixed.isdecimal() or int(fixed[: _DIGITS + 1]) > LAST_SECOND:
        raise ReportError(
            f"SOURCE_DATE_EPOCH is {fixed!r}; allowed: whole seconds since 1970, 0 to "
            f"{LAST_SECOND}. Correct it, or leave it out."
        )
    return int(fixed)


def inputs_table(inputs: pd.DataFrame) -> Markdown:
    """Return the incoming files, their rows and hashes, as a table; empty where there are none."""
    if inputs.empty:
        return Markdown()
    return markdown_table(
        [[row["file"], f"{row['n_rows']:,}", row["sha256"]] for _, row in inputs.iterrows()],
        headings=["File", "Rows", "SHA-256"],
        right=["Rows"],
        caption="Incoming files",
        identifier="table-inputs",
        classes=("stub", "hashes"),
    )


def software_table(software: pd.DataFrame | None) -> Markdown:
    """Return the packages and their versions as a table: those of the run, or of this session."""
    known = [("Python", platform.python_version()), ("ketbio", version("ketbio"))]
    rows = (
        known
        if software is None
        else list(zip(software["package"], software["version"], strict=True))
    )
    return markdown_table(
        [[package, number] for package, number in rows],
        headings=["Package", "Version"],
        caption="Software",
        identifier="table-software",
        classes=("stub",),
    )


def session_words() -> str:
    """Return the machine's kind, as numbers can hang on it in their last digits.

    Returns
    -------
    str

    Examples
    --------
    >>> session_words().startswith("Run with ")
    True
    """
    implementation = platform.python_implementation()
    return f"Run with {implementation} on {platform.system()}, {platform.machine()}."


def seed_words(run: StudyRun | None, rows: Mapping[Result, int]) -> str:
    """Return the seed of the study, or those of the results."""
    if run is not None:
        return str(run.study.seed)
    seeds = dict.fromkeys(str(one.seed) for one in rows if one.seed is not None)
    return join_words(seeds) or "none: nothing was drawn"
