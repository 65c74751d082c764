"""A drop folder watched: each content is checked once, its results written beside it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from ketbio.errors import FileError, KetbioError
from ketbio.intake.check_log import (
    INCOMPLETE,
    SEEN_BEFORE,
    UNREADABLE,
    log_checks,
    log_seen_before,
    log_unreadable,
    outcome,
    read_check_log,
)
from ketbio.intake.deliveries import Recipient
from ketbio.intake.drop_folder import RESULTS, Look, content_hash, files_in, whole_files
from ketbio.intake.result_files import result_folder, write_results
from ketbio.tables.privacy.titles import masked_title, without_identifiers

LOG = "checks.jsonl"
"""The log of a drop folder, beside the results."""
UNFINISHED = (UNREADABLE, INCOMPLETE)
"""Outcomes after which a file is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One delivered file, handled.

    Attributes
    ----------
    file : str
        Its base name.
    outcome : str
        What came of it, in the words of the log.
    message : str
        One sentence for the screen.
    results : Path or None
        The folder of its results; None where there are none.
    ok : bool
        Whether nothing is wrong with it.
    """

    file: str
    outcome: str
    message: str
    results: Path | None = None
    ok: bool


def watch_folder(
    folder: str | PathLike[str],
    recipient: Recipient,
    *,
    seconds: float = 2.0,
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[Handled]:
    """Look at a drop folder again and again, and yield each file when it has been handled.

    A file is taken when two looks in a row find it alike, so that one still being copied is left
    alone. The folder is looked at, not subscribed to: network drives send no messages.

    Parameters
    ----------
    folder : path
        The drop folder. Results and the log go to ``ketbio-results`` in it.
    recipient : Recipient
        Who says which table a file is a delivery of, and checks it.
    seconds : float
        Between two looks.
    wait : callable
        Waits that long.

    Yields
    ------
    Handled
        One per file, without end.

    Raises
    ------
    FileError
        The folder cannot be read, or results or log cannot be written.
    """
    desk = _Desk(Path(folder), recipient)
    before = files_in(desk.folder)
    while True:
        wait(seconds)
        now = files_in(desk.folder)
        yield from desk.handle({path: now[path] for path in whole_files(before, now)})
        before = now


def handle_new_files(folder: str | PathLike[str], recipient: Recipient) -> Sequence[Handled]:
    """Handle what lies in a drop folder now, each content once.

    Parameters
    ----------
    folder : path
        The drop folder.
    recipient : Recipient
        Who says which table a file is a delivery of, and checks it.

    Returns
    -------
    sequence of Handled
        The files that had not been handled before.

    Raises
    ------
    FileError
        The folder cannot be read, or results or log cannot be written.
    """
    desk = _Desk(Path(folder), recipient)
    return tuple(desk.handle(files_in(desk.folder)))


class _Desk:
    """Takes files, remembers by the log what was handled, and by their looks what was opened."""

    def __init__(self, folder: Path, recipient: Recipient) -> None:
        self.folder = folder
        self.recipient = recipient
        self.log = folder / RESULTS / LOG
        lines = read_check_log(self.log)
        self.handled = {_mark(line) for line in lines if line.get("outcome") not in UNFINISHED}
        # What could not be checked is tried again: what was wrong may lie beside the file.
        self.told = {_mark(line): _words(line) for line in lines}
        self.opened: set[tuple[Path, Look]] = set()

    def handle(self, looks: dict[Path, Look]) -> Iterator[Handled]:
        for path, look in looks.items():
            if (path, look) in self.opened:
                continue
            try:
                sha256 = content_hash(path)
            except FileError:  # taken away again, or locked while it is copied: the next look
                continue
            self.opened.add((path, look))
            if (masked_title(path.name), sha256) not in self.handled:
                one = self.take(path, sha256)
                if one.outcome not in UNFINISHED:
                    self.handled.add((masked_title(path.name), sha256))
                yield one

    def take(self, path: Path, sha256: str) -> Handled:
        self.log.parent.mkdir(exist_ok=True)
        name = masked_title(path.name)  # a file may be named by whom it is of
        first = next((name for name, seen in sorted(self.handled) if seen == sha256), None)
        if first is not None:
            log_seen_before(name, first, self.log, sha256=sha256)
            message = f"{name}: the same content as {first}, which was handled before."
            return Handled(file=name, outcome=SEEN_BEFORE, message=message, ok=True)
        try:
            check = self.recipient.check(path, self.recipient.table_of(path))
        except KetbioError as error:
            return self.not_checked(path.name, sha256, str(error))
        results = result_folder(path, sha256)
        write_results(check, path, results)
        if self.is_news(name, sha256, outcome(check)):
            log_checks([check], self.log)
        return Handled(
            file=name,
            outcome=outcome(check),
            message=f"{name}: {check.summary()}",
            results=results,
            ok=check.ok,
        )

    def not_checked(self, file: str, sha256: str, why: str) -> Handled:
        name, words = masked_title(file), without_identifiers(why, file=file)
        if self.is_news(name, sha256, words):
            log_unreadable(file, why, self.log, sha256=sha256)
        return Handled(file=name, outcome=UNREADABLE, message=f"Not checked: {words}", ok=False)

    def is_news(self, file: str, sha256: str, words: str) -> bool:
        """Return whether the log does not say that already as the last word on a content."""
        is_news = self.told.get((file, sha256)) != words
        self.told[file, sha256] = words
        return is_news


def _words(line: Mapping[str, Any]) -> str:
    return str(line.get("message") or line.get("outcome", ""))


def _mark(line: Mapping[str, Any]) -> tuple[str, str]:
    return str(line.get("file", "")), str(line.get("sha256", ""))
