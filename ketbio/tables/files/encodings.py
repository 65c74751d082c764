"""The bytes of a text file → its text: in the encoding given, or in the one that fits.

A byte-order mark and strict UTF-8 are certain. Of the older encodings none is: each makes *some*
letter of every byte. One fits if its letters stand where letters stand in words; where two fit
that differ, the caller is asked.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from ketbio.errors import FileError, did_you_mean
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.letters import guessed, is_plausible
from ketbio.wording import count_of, join_words

USUAL = ("utf-8", "latin-1", "cp1252", "utf-16")
"""Encodings that messages name."""
CANDIDATES = ("cp1252", "cp1250", "mac_roman", "cp850")
"""Older encodings of Latin letters, in order: Windows (west, central), Macintosh, DOS."""
OTHER_SCRIPTS = [
    "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "shift_jis", "gb18030", "big5", "euc_kr",
]  # fmt: skip
"""Encodings that are only suggested."""

_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_UTF8 = ("utf-8", "utf8", "utf_8", "utf-8-sig")
_ODD_WORD = re.compile(rb"[^\s,;|\"]*[\x80-\xff][^\s,;|\"]*")
_WORDS_LOOKED_AT = 2_000
_SELDOM = re.compile(r"[ŠšŽžŒœŸƒ\xa0]|(?<=[^\W\d_])[–—·](?=[^\W\d_])")
"""What CP1252 makes of the bytes that other encodings use for their commonest letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text and how it was read.

    Attributes
    ----------
    text : str
        Without its byte-order mark.
    how : str
        For the note: the encoding, and how it was found where it was not given.
    notes : tuple of str
        What else was decided.
    faults : tuple of Fault
        What a person should look at.
    """

    text: str
    how: str
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def decode_text(content: bytes, name: str, *, encoding: str | None = None) -> Decoded:
    """Return the text of a file.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its base name, for messages.
    encoding : str, optional
        Its encoding; found by default.

    Raises
    ------
    FileError
        The encoding is not known or not that of the file; or none or more than one fits.

    Examples
    --------
    >>> decode_text("São".encode("cp1252"), "a.csv").how
    'CP1252 (found; no UTF-8)'
    """
    decoded = _found(content, name) if encoding is None else _as_told(content, name, encoding)
    if "\x00" in decoded.text:
        row = decoded.text[: decoded.text.index("\x00")].count("\n") + 1
        raise FileError(f"{name} holds a NUL byte in line {row}; it is damaged or not a text file.")
    return decoded


def _as_told(content: bytes, name: str, encoding: str) -> Decoded:
    is_utf8 = encoding.lower() in _UTF8
    marked = _marked(content)
    if marked and is_utf8:
        raise FileError(
            f"{name} is not UTF-8 but {marked.upper()}; set encoding = {marked!r} (--encoding "
            f"{marked} on the command line), or save it as 'CSV UTF-8'."
        )
    try:
        text = content.decode("utf-8-sig" if is_utf8 else encoding)
    except LookupError:
        raise FileError(
            f"encoding is {encoding!r}, which is not known.{did_you_mean(encoding, USUAL)} "
            f"Usual ones: {', '.join(map(repr, USUAL))}."
        ) from None
    except (UnicodeError, ValueError) as error:
        raise FileError(_not_decodable(content, name, encoding, error)) from None
    return Decoded(text=text.removeprefix("\ufeff"), how=encoding.upper())


def _found(content: bytes, name: str) -> Decoded:
    if marked := _marked(content):
        return _strictly(content, name, marked, f"{marked.upper()} (found by its byte-order mark)")
    try:
        return Decoded(text=content.decode("utf-8-sig"), how="UTF-8")
    except UnicodeDecodeError:
        pass
    if order := _byte_order(content):
        return _strictly(content, name, order, f"{order.upper()} (found; no byte-order mark)")
    return _older(content, name)


def _marked(content: bytes) -> str:
    return next((meant for mark, meant in _MARKS.items() if content.startswith(mark)), "")


def _strictly(content: bytes, name: str, encoding: str, how: str) -> Decoded:
    try:
        return Decoded(text=content.decode(encoding).removeprefix("\ufeff"), how=how)
    except UnicodeDecodeError as error:
        raise FileError(_not_decodable(content, name, encoding, error)) from None


def _byte_order(content: bytes) -> str:
    """Return which UTF-16 a text without a mark is: every other byte of plain text is zero."""
    sample = content[:4096]
    zeros = [sample[start::2].count(0) / max(len(sample) // 2, 1) for start in (0, 1)]
    if len(content) % 2 or max(zeros) < 0.4 or min(zeros) > 0.1:
        return ""
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _not_decodable(content: bytes, name: str, encoding: str, error: ValueError) -> str:
    advice = (
        'set encoding = "latin-1" (--encoding latin-1 on the command line) if it '
        "comes from an older program, or save it as 'CSV UTF-8'."
    )
    if not isinstance(error, UnicodeDecodeError) or error.start >= len(content):
        return f"{name} is not {encoding.upper()}; {advice}"
    line, column = _place(content, error.start, encoding)
    byte = f"byte 0x{content[error.start]:02X}"
    return f"{name} is not {encoding.upper()}: {byte} at line {line}, column {column}; {advice}"


def _place(content: bytes, at: int, encoding: str) -> tuple[int, int]:
    start = content.rfind(b"\n", 0, at) + 1
    column = len(content[start:at].decode(encoding, errors="replace")) + 1
    return content.count(b"\n", 0, at) + 1, column


# -- encodings of one byte per letter ----------------------------------------------------------
def _older(content: bytes, name: str) -> Decoded:
    words = list(dict.fromkeys(match[0] for match in _ODD_WORD.finditer(content)))
    fitting = {
        encoding: read
        for encoding in CANDIDATES
        if (read := _read_words(words[:_WORDS_LOOKED_AT], encoding)) is not None
        and all(map(is_plausible, read))
    }
    if not fitting:
        raise FileError(_nothing_fits(content, name))
    first, *others = fitting
    rivals = [one for one in others if fitting[one] != fitting[first]]
    is_sure = first == "cp1252" and not any(map(_SELDOM.search, fitting[first]))
    if rivals and not is_sure:
        raise FileError(_several_fit(content, name, words, [first, *rivals]))
    try:
        text = content.decode(first)
    except UnicodeDecodeError:
        raise FileError(_nothing_fits(content, name)) from None
    faults = tuple(guessed(content, words, fitting[first])) if first == "cp1252" else ()
    notes = () if faults else tuple(_rival_notes(content, words, fitting, [first, *rivals]))
    return Decoded(text=text, how=f"{first.upper()} (found; no UTF-8)", notes=notes, faults=faults)


def _read_words(words: Sequence[bytes], encoding: str) -> list[str] | None:
    try:
        return [word.decode(encoding) for word in words]
    except UnicodeDecodeError:
        return None


def _nothing_fits(content: bytes, name: str) -> str:
    sample = b"\n".join(_ODD_WORD.findall(content[:262_144])[:_WORDS_LOOKED_AT])
    likely = from_bytes(sample, cp_isolation=OTHER_SCRIPTS).best() if sample else None
    guess = f"; it may be {likely.encoding.upper()}" if likely is not None else ""
    line, column = _place(content, _first_odd(content), "latin-1")
    return (
        f"{name} is not UTF-8 (line {line}, column {column}), and its encoding cannot be told"
        f"{guess}: set encoding (--encoding on the command line), or save it as 'CSV UTF-8'."
    )


def _first_odd(content: bytes) -> int:
    odd = re.search(rb"[\x80-\xff]", content)
    return odd.start() if odd else 0


def _several_fit(content: bytes, name: str, words: Sequence[bytes], which: Sequence[str]) -> str:
    line = _line_of_difference(content, words, which)
    listed = join_words([one.upper() for one in which], last="or")
    return (
        f"{name} is not UTF-8 and may be {listed}, which differ in line {line}: set encoding = "
        f'"{which[0]}" (--encoding {which[0]} on the command line) or another of them, or save it '
        "as 'CSV UTF-8'."
    )


def _rival_notes(
    content: bytes,
    words: Sequence[bytes],
    fitting: Mapping[str, Sequence[str]],
    which: Sequence[str],
) -> Iterator[str]:
    if len(which) == 1:
        return
    readings = zip(*(fitting[one] for one in which), strict=True)
    differing = sum(len(set(reading)) > 1 for reading in readings)
    line = _line_of_difference(content, words, which)
    rivals = join_words([one.upper() for one in which[1:]], last="or")
    yield (
        f"{count_of(differing, 'word')}, such as in line {line}, would read otherwise in {rivals}: "
        "set encoding (--encoding on the command line) if letters look wrong."
    )


def _line_of_difference(content: bytes, words: Sequence[bytes], which: Sequence[str]) -> int:
    word = next(one for one in words if len({one.decode(e, "replace") for e in which}) > 1)
    return content.count(b"\n", 0, content.index(word)) + 1
