"""Names of visits that people take for the same: D14, day 14, Tag 14 and W2 for ``day_14``.

Only ever a suggestion: a visit is the study's own, and none is renamed in silence.
"""

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from ketbio.tables.alike import folded_code, nearest_word

_WORDS = {
    "day": "d day days tag tage dia dias jour jours j",
    "week": "w wk wks week weeks woche wochen wo semana semanas semaine semaines sem",
    "month": "m mo mon month months monat monate mes meses mois",
    "hour": "h hr hrs hour hours hora horas heure heures stunde stunden std",
    "visit": "v vis visit visite visita besuch",
    "baseline": "bl base baseline basal basale basislinie",
    "screening": "scr screen screening",
    "follow": "fu followup follow up",
    "end": "eot eos end endpoint",
}
_CANONICAL = {word: name for name, words in _WORDS.items() for word in words.split()}
_DAYS = {"day": Fraction(1), "week": Fraction(7), "hour": Fraction(1, 24)}
_FIRST = "baseline"
_MOST_DIGITS = 20


def nearest_visit(word: str, visits: Sequence[str]) -> str:
    """Return the visit of a study that a word seems to name, empty where none does.

    Parameters
    ----------
    word : str
        As written.
    visits : sequence of str
        The study's visits in order; ``V2`` is the second where no visit is called so.

    Examples
    --------
    >>> order = ["baseline", "hour_24", "day_14"]
    >>> [nearest_visit(word, order) for word in ("Base line", "D14", "week 2", "V2", "T 0")]
    ['baseline', 'day_14', 'day_14', 'hour_24', '']
    >>> nearest_visit("day 7", order), nearest_visit("basline", order), nearest_visit("D0", order)
    ('', 'baseline', 'baseline')
    """
    alike = [one for one in visits if folded_code(one) == folded_code(word)]
    if alike:
        return alike[0]
    name, number = _parts(word)
    by_parts = {_parts(one): one for one in reversed(visits)}
    if name in _WORDS and (name, number) in by_parts:
        return by_parts[name, number]
    if name in _DAYS and number is not None:
        meant = _DAYS[name] * number
        for (kind, count), one in by_parts.items():
            if kind in _DAYS and count is not None and _DAYS[kind] * count == meant:
                return one
    if number == 0 and (name in _DAYS or name == "visit"):
        return by_parts.get((_FIRST, None), "")
    if name == "visit" and number is not None:
        has_numbers = any(kind == "visit" for kind, _ in by_parts)
        return "" if has_numbers or not 0 < number <= len(visits) else visits[number - 1]
    # A word with other numbers is another visit: day 15 is not day 14.
    same_numbers = [one for one in visits if _numbers(one) == _numbers(word)]
    return nearest_word(word, same_numbers)


def visit_word(word: str) -> str:
    """Return the name that ketbio would give a visit, empty for what is no name of a visit.

    Examples
    --------
    >>> [visit_word(word) for word in ("BL", "D14", "Tag 1", "V2", "total", "day")]
    ['baseline', 'day_14', 'day_1', 'visit_2', '', '']
    """
    name, number = _parts(word)
    if name not in _WORDS:
        return ""
    if number is None:
        return name if name in (_FIRST, "screening", "end") and not _numbers(word) else ""
    return f"{name}_{number}"


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word).casefold()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _numbers(word: str) -> list[int]:
    # No visit has a longer number, and Python refuses to read one of thousands of digits.
    return [int(digits[:_MOST_DIGITS]) for digits in re.findall(r"[0-9]+", word)]


def _parts(word: str) -> tuple[str, int | None]:
    """Return the kind of a visit and its number: ``("day", 14)``."""
    plain = _plain(word)
    letters = re.sub(r"[\W\d_]+", "", plain)
    numbers = _numbers(plain)
    name = _CANONICAL.get(letters, letters)
    return name, numbers[0] if len(numbers) == 1 else None
