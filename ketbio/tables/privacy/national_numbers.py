"""National numbers: which cells are numbers of a person, by check digit and strict form.

A check digit lets one random number in eleven (NHS, BSN) or in a hundred (CPF) pass. So a number
without the signs of its usual form counts only where more numbers of the column pass than chance
lets pass once in 100,000 columns.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

_ONCE_IN = 1e-5
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A kind of national number.

    Attributes
    ----------
    form : pattern
        As written, signs between left out.
    passes : callable
        Whether its check digit is right.
    by_chance : float
        How many random numbers of the form pass.
    usual : pattern
        The form, with its signs, that is enough by itself.
    """

    form: re.Pattern[str]
    passes: Callable[[str], bool]
    by_chance: float
    usual: re.Pattern[str]


def _weighted(digits: str, weights: Collection[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _nhs(digits: str) -> bool:
    return (11 - _weighted(digits, range(10, 1, -1)) % 11) % 11 == int(digits[9])


def _cpf(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    first = _weighted(digits, range(10, 1, -1)) * 10 % 11 % 10
    second = _weighted(digits, range(11, 1, -1)) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


def _dni(code: str) -> bool:
    digits = code[:-1].translate(str.maketrans("XYZ", "012"))
    return _DNI_LETTERS[int(digits) % 23] == code[-1]


def _bsn(digits: str) -> bool:
    return (_weighted(digits, range(9, 1, -1)) - int(digits[8])) % 11 == 0


def _steuer_id(digits: str) -> bool:
    # ISO 7064, mod 11,10; of the first ten digits exactly one stands twice or three times.
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    repeats = [digits[:10].count(digit) for digit in set(digits[:10])]
    is_formed = digits[0] != "0" and sorted(repeats)[-1] in (2, 3)
    return is_formed and sum(n > 1 for n in repeats) == 1 and (11 - product) % 10 == int(digits[10])


def _rentenversicherung(code: str) -> bool:
    letter = f"{ord(code[8]) - ord('A') + 1:02d}"
    digits = code[:8] + letter + code[9:11]
    total = sum(
        sum(map(int, str(int(digit) * weight)))
        for digit, weight in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True)
    )
    return total % 10 == int(code[11])


def _krankenversicherung(code: str) -> bool:
    digits = f"{ord(code[0]) - ord('A') + 1:02d}{code[1:9]}"
    total = sum(
        sum(map(int, str(int(digit) * (1 + place % 2)))) for place, digit in enumerate(digits)
    )
    return total % 10 == int(code[9])


def _nir(code: str) -> bool:
    number = int(code[:13].replace("2A", "19").replace("2B", "18"))
    return 97 - number % 97 == int(code[13:])


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_NEVER = _form(r"(?!)")
_NUMBERS = (
    _Number(
        form=_form(r"[1-9][0-9]{9}"), passes=_nhs, by_chance=1 / 11,
        usual=_form(r"[1-9][0-9]{2}([ -])[0-9]{3}\1[0-9]{4}"),
    ),
    _Number(
        form=_form(r"[0-9]{11}"), passes=_cpf, by_chance=1 / 100,
        usual=_form(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"),
    ),
    _Number(
        form=_form(r"[0-9]{8}[A-Z]"), passes=_dni, by_chance=1 / 23,
        usual=_form(r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}-?[A-Z]|[0-9]{8}-[A-Z]"),
    ),
    _Number(
        form=_form(r"[XYZ][0-9]{7}[A-Z]"), passes=_dni, by_chance=1 / 23,
        usual=_form(r"[XYZ]-[0-9]{7}-[A-Z]"),
    ),
    _Number(form=_form(r"[1-9][0-9]{8}"), passes=_bsn, by_chance=1 / 11, usual=_NEVER),
    _Number(
        form=_form(r"[1-9][0-9]{10}"), passes=_steuer_id, by_chance=1 / 10,
        usual=_form(r"[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}"),
    ),
    _Number(
        form=_form(r"[0-9]{2}(0[1-9]|[1-7][0-9])(0[0-9]|1[0-2])[0-9]{2}[A-Z][0-9]{3}"),
        passes=_rentenversicherung, by_chance=1 / 50,
        usual=_form(r"[0-9]{2} [0-9]{6} [A-Z] [0-9]{3}"),
    ),
    _Number(
        form=_form(r"[A-Z][0-9]{9}"), passes=_krankenversicherung, by_chance=1 / 10, usual=_NEVER
    ),
    _Number(
        form=_form(r"[1-478][0-9]{4}([0-9]{2}|2[AB])[0-9]{8}"), passes=_nir, by_chance=1 / 97,
        usual=_form(r"[0-9] [0-9]{2} [0-9]{2} [0-9][0-9AB] [0-9]{3} [0-9]{3} [0-9]{2}"),
    ),
)  # fmt: skip
# No check digit, but no other thing is written so: US SSN, Italian codice fiscale, Mexican CURP.
_STRICT = re.compile(
    r"(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}"
    r"|[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]"
    r"|[A-Z][AEIOUX][A-Z]{2}[0-9]{2}[01][0-9][0-3][0-9][HM][A-Z]{5}[0-9A-Z][0-9]"
)
_WORTH_A_LOOK = re.compile(r"[0-9A-Z][0-9A-Z .\-]{7,22}")


def is_national_number(cell: str) -> bool:
    """Return whether a cell by itself is a national number, in the form in which people write it.

    Parameters
    ----------
    cell : str
        As written, trimmed.

    Examples
    --------
    >>> is_national_number("943 476 5919"), is_national_number("943 476 5918")
    (True, False)
    >>> is_national_number("111.444.777-35"), is_national_number("9434765919")
    (True, False)
    """
    if not _WORTH_A_LOOK.fullmatch(cell):
        return False
    bare = re.sub(r"[ .\-]", "", cell)
    return bool(_STRICT.fullmatch(cell)) or any(
        number.usual.fullmatch(cell) and number.form.fullmatch(bare) and number.passes(bare)
        for number in _NUMBERS
    )


def national_numbers(cells: Collection[str]) -> set[str]:
    """Return the cells of a column that are national numbers without the signs of their form.

    Parameters
    ----------
    cells : collection of str
        The column's filled cells, trimmed, each once.

    Examples
    --------
    >>> numbers = ["4291417772", "4631706694", "4074391503", "4008063609", "4837783538"]
    >>> len(national_numbers(numbers)), len(national_numbers(numbers[:1]))
    (5, 0)
    """
    bare = [cell for cell in cells if cell.isalnum() and _WORTH_A_LOOK.fullmatch(cell)]
    found: set[str] = set()
    for number in _NUMBERS if bare else ():
        formed = [cell for cell in bare if number.form.fullmatch(cell)]
        # Round numbers are measurements, and pass or fail together.
        formed = [cell for cell in formed if not cell.endswith("000")]
        passing = {cell for cell in formed if number.passes(cell)}
        if passing and _chance(len(passing), len(formed), number.by_chance) < _ONCE_IN:
            found |= passing
    return found


def _chance(n_passing: int, n: int, by_chance: float) -> float:
    """Return the chance that as many or more of so many random numbers pass."""
    from scipy.special import bdtrc  # noqa: PLC0415 hardly ever needed, and slow to import

    return float(bdtrc(n_passing - 1, n, by_chance))
