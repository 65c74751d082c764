"""Words typed after an option → what the functions take."""

from typing import Any

from ketbio.errors import KetbioError


def mapping(pairs: list[str], option: str) -> dict[str, str]:
    """Read ``LEFT=RIGHT`` words."""
    read: dict[str, str] = {}
    for pair in pairs:
        left, sign, right = (part.strip() for part in pair.partition("="))
        if not sign:
            raise KetbioError(f"{option} is {pair!r}; OURS=INCOMING is wanted.")
        if left in read:
            raise KetbioError(
                f"{option} gives {left!r} twice: {read[left]!r} and {right!r}; give it once."
            )
        read[left] = right
    return read


def visit_names(written: str) -> list[str] | None:
    """Read the visits, comma between; each has a name of its own."""
    if not written:
        return None
    names = [name.strip() for name in written.split(",")]
    if "" in names or len(set(names)) < len(names):
        raise KetbioError(
            f"--visits is {written!r}; every visit once, with a comma between, is wanted."
        )
    return names


def recodes(pairs: list[str], option: str) -> dict[str, dict[str, str]]:
    """Read ``OURS:WRITTEN=MEANT`` words."""
    read: dict[str, dict[str, str]] = {}
    for left, meant in mapping(pairs, option).items():
        column, sign, written = left.partition(":")
        if not sign:
            raise KetbioError(f"{option} is {left}={meant}; OURS:WRITTEN=MEANT is wanted.")
        read.setdefault(column, {})[written] = meant
    return read


def windows(pairs: list[str], option: str) -> dict[str, tuple[float, float]]:
    """Read ``VISIT=FIRST:LAST`` words."""
    read = {}
    for visit, days in mapping(pairs, option).items():
        first, sign, last = days.partition(":")
        try:
            read[visit] = (float(first), float(last))
        except ValueError:
            sign = ""
        if not sign:
            raise KetbioError(
                f"{option} is {visit}={days}; VISIT=FIRST:LAST is wanted, such as day_14=12:16."
            )
    return read


def numbers(pairs: list[str], option: str) -> dict[str, float]:
    """Read ``WORD=NUMBER`` words."""
    read = {}
    for word, number in mapping(pairs, option).items():
        try:
            read[word] = float(number)
        except ValueError:
            raise KetbioError(
                f"{option} is {word}={number}; a number is wanted after the =."
            ) from None
    return read


def several_each(pairs: list[str], option: str) -> dict[str, list[str]]:
    """Read ``OURS=WORD`` words; a column may be named again for another word."""
    read: dict[str, list[str]] = {}
    for pair in pairs:
        for column, word in mapping([pair], option).items():
            read.setdefault(column, []).append(word)
    return read


FOUND = "auto"
"""After ``--plate``: the file says by itself what its wells hold."""
_PLATE_LISTS = ("plates", "masked")
_PLATE_NUMBERS = ("wavelength", "reference_wavelength")


def plate_words(given: list[str], option: str) -> dict[str, Any] | None:
    """Read ``KEY=VALUE`` words of a plate reader's file, or the one word ``auto``.

    Examples
    --------
    >>> plate_words(["unit=pg/mL", "masked=A3,B4"], "--plate")
    {'unit': 'pg/mL', 'masked': ['A3', 'B4']}
    >>> plate_words(["auto"], "--plate")
    {}
    """
    if not given:
        return None
    read: dict[str, Any] = dict(mapping([word for word in given if word != FOUND], option))
    for key in _PLATE_LISTS:
        if key in read:
            read[key] = [word.strip() for word in read[key].split(",")]
    for key in _PLATE_NUMBERS:
        if key in read:
            if not read[key].isdecimal():
                raise KetbioError(f"{option} is {key}={read[key]}; a whole number is wanted.")
            read[key] = int(read[key])
    return read
