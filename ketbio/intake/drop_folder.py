"""What lies in a drop folder: which files are whole, and which contents were handled before."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ketbio.errors import FileError

RESULTS = "ketbio-results"
"""The folder for results, in the drop folder itself."""
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".download", ".lock")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One file as it was at one look: a file is whole when two looks find it alike."""

    size: int
    changed_ns: int


def files_in(folder: Path) -> dict[Path, Look]:
    """Return the delivered files of a folder, as they are now.

    Parameters
    ----------
    folder : Path
        The drop folder. Hidden files, locks of office programs and unfinished downloads are no
        deliveries, and folders in it are not looked into.

    Raises
    ------
    FileError
        The folder is not there, or cannot be read.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise FileError(f"the folder {folder.name!r} cannot be read: {error.strerror}.") from None
    return dict(_looks(entries))


def _looks(entries: list[Path]) -> Iterator[tuple[Path, Look]]:
    for path in entries:
        if path.name.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED:
            continue
        try:
            if path.is_file():
                facts = path.stat()
                yield path, Look(size=facts.st_size, changed_ns=facts.st_mtime_ns)
        except OSError:  # gone between the two calls: it was no delivery yet, or is none any more
            continue


def whole_files(before: Mapping[Path, Look], now: Mapping[Path, Look]) -> list[Path]:
    """Return the files that did not change between two looks.

    Examples
    --------
    >>> one, other = Look(size=3, changed_ns=1), Look(size=4, changed_ns=2)
    >>> [str(path) for path in whole_files({Path("a"): one, Path("b"): one},
    ...                                    {Path("a"): one, Path("b"): other})]
    ['a']
    """
    return [path for path, look in now.items() if before.get(path) == look]


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    FileError
        The file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}.") from None
    return digest.hexdigest()
