"""The words of `fit_mmrm`, and which of them do not go together."""

from collections.abc import Mapping, Sequence
from typing import Any

from ketbio.analyses.visit_models.model import ModelWords
from ketbio.analyses.visit_models.rows import OUTCOMES
from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import check_draws, check_flag, check_level, check_word
from ketbio.statistics.mixed.structures.choice import STRUCTURES
from ketbio.statistics.mmrm import METHODS
from ketbio.statistics.multiplicity import LABELS
from ketbio.wording import join_words

MVT = "mvt"
ADJUSTMENTS = (*(word for word in LABELS if word != "none"), MVT, "none")
"""The words of ``adjust``."""
ALTERNATIVES = ("two-sided", "less", "greater")
STRUCTURE_CHOICES = tuple(STRUCTURES)
FREEDOM = (
    "kenward_roger_linear", "kenward_roger", "satterthwaite", "between_within", "residual",
    "normal",
)  # fmt: skip
"""The words of ``df``."""
COVARIANCES = ("model", "CR0", "CR2", "CR3")
ROBUST_TAKE = ("satterthwaite", "between_within", "residual", "normal")
"""Degrees of freedom that robust standard errors can have."""

ALLOWED: Mapping[str, Sequence[str]] = {
    "structure": STRUCTURE_CHOICES,
    "method": METHODS,
    "df": FREEDOM,
    "covariance": COVARIANCES,
    "alternative": ALTERNATIVES,
    "adjust": ADJUSTMENTS,
    "outcome": OUTCOMES,
}
"""Word → what it may be."""


def refuse_words(words: ModelWords, **others: Any) -> None:
    """Raise `StatisticsError` for the first word that is not allowed, or not with another one."""
    asked = {
        "structure": words.structure,
        "method": words.method,
        "df": words.df,
        "covariance": words.covariance,
        "alternative": words.alternative,
        **{name: one for name, one in others.items() if name in ALLOWED},
    }
    for name, allowed in ALLOWED.items():
        if name != "df" or words.df is not None:
            check_word(name, asked[name], allowed)
    check_flag("by_arm", words.by_arm)
    check_flag("fallbacks", words.fallbacks)
    check_level(words.level)
    check_draws(others["draws"])
    if others["permutation"] not in ("auto", True, False):
        raise StatisticsError(
            f"permutation is {others['permutation']!r}; allowed: 'auto', True, False."
        )
    for _, sentence in clashes(asked):
        raise StatisticsError(sentence)


def clashes(asked: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return key and sentence of what cannot be asked together; the words hold one by one.

    Examples
    --------
    >>> [key for key, _ in clashes({"covariance": "CR2", "df": "kenward_roger"})]
    ['df']
    """
    found = []
    covariance = asked.get("covariance", "model")
    df = asked.get("df") or (FREEDOM[0] if covariance == "model" else ROBUST_TAKE[0])
    if covariance != "model" and df not in ROBUST_TAKE:
        listed = join_words(map(repr, ROBUST_TAKE), last="or")
        found.append(
            (
                "df",
                f"covariance is {covariance!r}, and df is {df!r}, which corrects the model's own "
                f"covariance; allowed with it: {listed}. Write df='satterthwaite'.",
            )
        )
    if asked.get("method") == "ml" and df.startswith("kenward_roger"):
        found.append(
            (
                "df",
                f"method is 'ml', and df is {df!r}, which is of REML; write method='reml', or "
                "df='satterthwaite'.",
            )
        )
    if asked.get("by_arm") and asked.get("arm", "arm") is None:
        found.append(
            ("by_arm", "by_arm is True, and arm is None, so that there are no arms; leave it out.")
        )
    return found
