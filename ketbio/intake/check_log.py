"""A log of every check: one line of JSON each, added to and never written anew."""

import datetime as dt
import json
from collections.abc import Iterable
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any

from ketbio.errors import FileError
from ketbio.study.checking import NOT_COMPARED
from ketbio.tables.outcome.sentences import is_safety_seen
from ketbio.tables.outcome.told import ToldCheck
from ketbio.tables.privacy.titles import masked_title, without_identifiers

ACCEPTED, HAS_ERRORS, INCOMPLETE, STOPPED, UNREADABLE, SEEN_BEFORE = (
    "accepted",
    "has errors",
    "incomplete: another table could not be read",
    "stopped: direct identifiers",
    "unreadable",
    "seen before",
)
"""What came of a check."""
IDENTIFIER_RULE = "direct_identifier"


def log_checks(checks: Iterable[ToldCheck], path: str | PathLike[str]) -> None:
    r"""Add a line for each check to a log.

    Parameters
    ----------
    checks : iterable of Check or LargeCheck
        What was checked.
    path : path
        The log, JSON lines; made where it is not there. A line holds ``time`` (UTC), ``file``,
        ``sha256``, ``table``, ``schema``, ``schema_version``, ``ketbio``, ``outcome``, the counts
        of records and of complaints, ``is_safety_seen`` (false where nobody could look at an item
        of the safety rules) and ``rules`` (complaints by rule). No cell is in it.

    Raises
    ------
    FileError
        The log cannot be written to.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> ages = pd.DataFrame({"participant_id": ["P01"], "age_years": ["150"]})
    >>> with TemporaryDirectory() as folder:
    ...     log_checks([check_table(ages, "participants")], Path(folder) / "log.jsonl")
    ...     line = read_check_log(Path(folder) / "log.jsonl")[0]
    >>> line["outcome"], line["n_incoming"], line["rules"]
    ('has errors', 1, {'range': 1})
    """
    _append([_line(check) for check in checks], Path(path))


def log_unreadable(file: str, message: str, path: str | PathLike[str], *, sha256: str = "") -> None:
    """Add a line for a file that could not be checked.

    Parameters
    ----------
    file : str
        Its base name.
    message : str
        Why not.
    path : path
        The log.
    sha256 : str
        Hash of its content, where it could be had.

    Raises
    ------
    FileError
        The log cannot be written to.
    """
    said = {"file": masked_title(file), "sha256": sha256, "outcome": UNREADABLE}
    _append([{**_stamp(), **said, "message": without_identifiers(message, file=file)}], Path(path))


def log_seen_before(file: str, first: str, path: str | PathLike[str], *, sha256: str) -> None:
    """Add a line for a file whose content was checked before, under this name or another.

    Parameters
    ----------
    file, first : str
        Its base name, and that of the file which was checked.
    path : path
        The log.
    sha256 : str
        Hash of the content.

    Raises
    ------
    FileError
        The log cannot be written to.
    """
    said = {"file": masked_title(file), "sha256": sha256, "outcome": SEEN_BEFORE}
    _append([{**_stamp(), **said, "first": masked_title(first)}], Path(path))


def read_check_log(path: str | PathLike[str]) -> list[dict[str, Any]]:
    """Return the lines of a log; a line cut short by a crash is left out.

    Parameters
    ----------
    path : path
        The log; one that is not there has no lines.

    Raises
    ------
    FileError
        The log cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileError(f"{Path(path).name} cannot be read: {error.strerror}.") from None
    return [line for line in map(_parsed, text.splitlines()) if line]


def _parsed(line: str) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def outcome(check: ToldCheck) -> str:
    """Return what came of a check, in the log's words."""
    if any(one.rule == IDENTIFIER_RULE and one.severity == "error" for one in check.found):
        return STOPPED
    if any(one.rule == NOT_COMPARED for one in check.found):
        return INCOMPLETE
    return ACCEPTED if check.ok else HAS_ERRORS


def _stamp() -> dict[str, Any]:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"time": now, "ketbio": version("ketbio")}


def _line(check: ToldCheck) -> dict[str, Any]:
    rules = check.complaints["rule"].value_counts()
    return {
        **_stamp(),
        "file": masked_title(check.file),
        "sha256": check.sha256,
        "table": check.table,
        "schema": check.schema,
        "schema_version": check.schema_version,
        "outcome": outcome(check),
        "n_incoming": check.n_incoming,
        "n_accepted": check.n_accepted,
        "n_rejected": check.n_rejected,
        "counts": check.counts(),
        "is_safety_seen": is_safety_seen(check),
        "rules": {str(rule): int(n) for rule, n in sorted(rules.items())},
    }


def _append(lines: list[dict[str, Any]], path: Path) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    try:
        # One write to a file opened for adding: lines of two programs never mix.
        with path.open("a", encoding="utf-8", newline="\n") as log:
            log.write(text)
    except OSError as error:
        raise FileError(f"the log {path.name} cannot be written: {error.strerror}.") from None
