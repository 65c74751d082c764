"""Names of the months as sites write them: English, Spanish, Portuguese, German, French."""

import unicodedata

_NAMES = (
    "january enero janeiro januar janvier janner",
    "february febrero fevereiro februar fevrier feb fev febr",
    "march marzo marco marz mars maerz mrz",
    "april abril avril",
    "may mayo maio mai",
    "june junio junho juni juin",
    "july julio julho juli juillet juil",
    "august agosto aout",
    "september septiembre setiembre setembro septembre sept",
    "october octubre outubro oktober octobre",
    "november noviembre novembro novembre",
    "december diciembre dezembro dezember decembre",
)


def _month_words() -> dict[str, int]:
    """Return every name, and the first three letters of those that leave no doubt."""
    words = {name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()}
    short: dict[str, set[int]] = {}
    for name, month in words.items():
        short.setdefault(name[:3], set()).add(month)
        short.setdefault(name[:4], set()).add(month)
    return {cut: months.pop() for cut, months in short.items() if len(months) == 1} | words


MONTHS = _month_words()
"""Name of a month, small letters without accents, whole or of three or four letters → 1 to 12."""


def month_of(word: str) -> int:
    """Return the number of a month by its name, 0 where it is none.

    Examples
    --------
    >>> month_of("Jan"), month_of("Août"), month_of("märz"), month_of("dez."), month_of("jui")
    (1, 8, 3, 12, 0)
    """
    apart = unicodedata.normalize("NFKD", word.casefold().rstrip("."))
    return MONTHS.get("".join(letter for letter in apart if not unicodedata.combining(letter)), 0)
