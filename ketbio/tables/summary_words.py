"""Words that head the summary under a table, in the languages of the sites: Mean, SD, n, Summe."""

import re
import unicodedata

_SUMMARY_WORDS = (
    "mean means average avg sd stdev stddev stdabw std sem se median min minimum max maximum sum "
    "total totals subtotal n count range iqr cv variance percentile quartile "
    "mittelwert mittel mw durchschnitt summe gesamt gesamtsumme zwischensumme anzahl spannweite "
    "standardabweichung standardfehler varianz "
    "media promedio mediana suma desviacion desvio minimo maximo rango varianza recuento "
    "soma contagem amplitude "
    "moyenne ecart mediane somme effectif etendue"
)
_WORDS_BESIDE = (
    "of the all and grand sub overall standard dev deviation error arithmetic group "
    "und der aller alle de del la los e et y type estandar padrao std"
)
_SUMMARIES = frozenset(_SUMMARY_WORDS.split())
_BESIDE = frozenset(_WORDS_BESIDE.split())
_NUMBER = re.compile(r"\b[nN]\s*=\s*[0-9]+")
# "Range?" is a remark on a value, and "Q1" a code.
_OTHER_SIGNS = re.compile(r"[0-9?!*#@%]")
_LONGEST = 60
_SHORT = 3


def is_summary(word: str) -> bool:
    """Return whether a text in the key column names a summary and no participant.

    Examples
    --------
    >>> [is_summary(word) for word in ("Mean", "n = 4", "Mean ± SD", "Écart-type", "Total:", "N")]
    [True, True, True, True, True, True]
    >>> [is_summary(word) for word in ("MAX01", "P01", "", "S-D", "meander", "Range?")]
    [False, False, False, False, False, False]
    """
    return bool(_summary_words(word))


def is_telling(word: str) -> bool:
    """Return whether a text names a summary wherever it stands: it could not be a code.

    Examples
    --------
    >>> [is_telling(word) for word in ("Mean", "SD", "N", "n=4", "Max", "Summe")]
    [True, False, False, True, False, True]
    """
    words = _summary_words(word)
    return any(len(one) > _SHORT for one in words)


def _summary_words(word: str) -> list[str]:
    """Return the words of a text that name a summary, none where it has any other word."""
    if not word or len(word) > _LONGEST:
        return []
    if word.isascii() and "=" not in word and _OTHER_SIGNS.search(word):
        return []
    apart = unicodedata.normalize("NFKD", word)
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    rest, n_counts = _NUMBER.subn(" ", plain)
    if _OTHER_SIGNS.search(rest):
        return []
    words = re.findall(r"[^\W_]+", rest.casefold())
    found = [one for one in words if one in _SUMMARIES]
    if any(one not in _SUMMARIES | _BESIDE for one in words):
        return []
    return [*found, *["count"] * n_counts]
