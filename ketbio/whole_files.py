"""Files written whole or not at all: one way, for rows, figures, reports and the demo study."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def write_whole(writers: Mapping[Path, Callable[[Path], object]]) -> None:
    """Write files beside their places and move them there when all of them are whole.

    Parameters
    ----------
    writers : mapping of Path to callable
        Where each file shall be, and what writes it at the path that it is given. A file that is
        there is replaced: whether it may be is for the caller to ask first.

    Raises
    ------
    OSError
        As the writing raises it; nothing half written is left behind.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole({Path(folder) / "a.txt": lambda part: part.write_text("whole")})
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    parts = {path: path.with_name(f".{uuid4().hex}{path.suffix}") for path in writers}
    try:
        for path, write in writers.items():
            write(parts[path])
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
