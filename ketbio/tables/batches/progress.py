"""How far a long check is, as a bar or for whoever asks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from ketbio.tables.batches.batch import Incoming


class Progress(Protocol):
    """Is told how many bytes were gone through."""

    def step(self, n_bytes: int) -> None:
        """Count bytes in."""


class _Counted:
    """Tells the share that is done, which never falls: how often a file is read is not known."""

    def __init__(self, size: int, tell: Callable[[float], None]) -> None:
        self._size, self._tell, self._done, self._share = max(size, 1), tell, 0, 0.0

    def step(self, n_bytes: int) -> None:
        """Count bytes in."""
        self._done += n_bytes
        passes, rest = divmod(self._done / self._size, 1.0)
        # Each time through the file is half of what is left.
        share = 1.0 - 0.5**passes * (1.0 - 0.5 * rest)
        self._share = max(self._share, min(share, 1.0))
        self._tell(self._share)


@contextmanager
def progress_of(
    wanted: Callable[[float], None] | bool | None, incoming: Incoming
) -> Iterator[Progress]:
    """Yield what to tell the bytes done.

    Parameters
    ----------
    wanted : callable, bool or None
        As for `ketbio.tables.check_large_table`.
    incoming : Incoming
        The file.
    """
    size = int(incoming.facts()["size"])
    if callable(wanted):
        yield _Counted(size, wanted)
        wanted(1.0)
        return
    if wanted is None:
        wanted = sys.stderr.isatty()
    if not wanted:
        yield _Counted(size, lambda _: None)
        return
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(str(incoming.facts()["file"]), total=1.0)
        yield _Counted(size, lambda share: bar.update(task, completed=share))
