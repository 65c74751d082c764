"""A delimited file of any size → blocks of UTF-8 bytes, each of whole rows."""

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from ketbio.errors import FileError

BLOCK_BYTES = 16 * 2**20
"""How much of a file is parsed at a time."""
LONGEST_ROW = 64 * 2**20
"""Bytes without the end of a row after which a file is taken for damaged."""
_BOM = codecs.BOM_UTF8


class Hash(Protocol):
    """What counts the bytes of a file together."""

    def update(self, data: bytes, /) -> None:
        """Take further bytes in."""


def text_blocks(
    path: Path, *, encoding: str, first: int, digest: Hash | None = None
) -> Iterator[bytes]:
    """Yield the rows of a file as UTF-8, block by block; a quoted cell is never cut.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str
        Its encoding.
    first : int
        Bytes of the first block; the others have `BLOCK_BYTES`.
    digest : Hash, optional
        Is given every byte as it stands in the file.

    Raises
    ------
    FileError
        The file is not text in that encoding, or a row does not end.
    """
    rest, size = b"", first
    for part in _decoded(path, encoding, digest, size):
        end = _last_row_end(part) if _is_plain(rest, part) else 0
        if end and len(rest) + len(part) >= size:
            yield b"".join((rest, memoryview(part)[:end]))
            rest, size = part[end:], BLOCK_BYTES
            continue
        rest += part
        if len(rest) < size:
            continue
        end = _last_row_end(rest)
        if end:
            yield rest[:end]
            rest, size = rest[end:], BLOCK_BYTES
        elif len(rest) > LONGEST_ROW:
            raise FileError(
                f"{path.name} has a row of more than {LONGEST_ROW // 2**20} MiB: a quote that is "
                "not closed, or line ends of an old kind? Save it as 'CSV UTF-8'."
            )
    if rest:
        yield rest


def some_blocks(
    path: Path, places: Sequence[tuple[int, int]], *, encoding: str, first: int
) -> Iterator[bytes]:
    """Yield some of the blocks that `text_blocks` has yielded, by (start, length) of their text."""
    if not _is_utf8(encoding):
        wanted, start = {begin for begin, _ in places}, 0
        for block in text_blocks(path, encoding=encoding, first=first):
            if start in wanted:
                yield block
            start += len(block)
        return
    with path.open("rb") as file:
        lead = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
        for begin, length in places:
            file.seek(lead + begin)
            yield file.read(length)


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def _is_plain(*parts: bytes) -> bool:
    return not any(b'"' in part for part in parts)


def _decoded(path: Path, encoding: str, digest: Hash | None, size: int) -> Iterator[bytes]:
    is_utf8 = _is_utf8(encoding)
    decoder = codecs.getincrementaldecoder("utf-8" if is_utf8 else encoding)()
    is_start = True
    with path.open("rb") as file:
        while part := file.read(size):
            if digest is not None:
                digest.update(part)
            try:
                if not (is_utf8 and part.isascii() and not decoder.getstate()[0]):
                    part = decoder.decode(part).encode("utf-8")
            except UnicodeDecodeError as error:
                raise FileError(_not_decodable(path, encoding, error)) from None
            if b"\x00" in part:
                raise FileError(f"{path.name} holds a NUL byte; it is damaged or not a text file.")
            yield part.removeprefix(_BOM) if is_start else part
            is_start, size = False, BLOCK_BYTES
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise FileError(_not_decodable(path, encoding, error)) from None


def _not_decodable(path: Path, encoding: str, error: UnicodeDecodeError) -> str:
    return (
        f"{path.name} is not {encoding.upper()} (byte 0x{error.object[error.start]:02X}); set "
        'encoding = "latin-1" (--encoding latin-1 on the command line) if it comes from an older '
        "program, or save it as 'CSV UTF-8'."
    )


def _last_row_end(text: bytes) -> int:
    """Return the place after the last line end that no quoted cell holds, 0 for none."""
    end = text.rfind(b"\n") + 1
    n_quotes = text.count(b'"', 0, end) if b'"' in text else 0
    while end and n_quotes % 2:
        before = text.rfind(b"\n", 0, end - 1) + 1
        n_quotes -= text.count(b'"', before, end)
        end = before
    return end
