"""What a rating scale's numbers mean, in words: for the dictionary of its table."""

import re

from ketbio.vocabulary import ALL_SCALES, SCALE_OF_TABLE, SCALES, OutcomeScale
from ketbio.wording import join_words

_KEY = re.compile(r"([a-z]+)(\d{4})[a-z]?")


def scale_sentences(schema: str) -> list[str]:
    r"""Return the range and the cut-offs of the scale that a table holds; empty for other tables.

    Parameters
    ----------
    schema : str
        Name of the table's schema.

    Examples
    --------
    >>> print("\n".join(scale_sentences("cdrsr")))
    CDRS-R (Poznanski 1996): 17 to 113 points.
    Response: a reduction of (baseline − 17) by at least 50 %.
    Remission: 28 points or less (Kennard 2006).
    """
    if schema not in SCALE_OF_TABLE:
        return []
    scale = ALL_SCALES[SCALE_OF_TABLE[schema]]
    sources = join_words(map(_cited, scale.references))
    range_ = f"{scale.name} ({sources}): {scale.floor} to {scale.ceiling} points."
    if scale.name not in SCALES:
        return [range_, "A scale of safety: there is no response and no remission."]
    return [range_, *_outcome_sentences(SCALES[scale.name])]


def _outcome_sentences(scale: OutcomeScale) -> list[str]:
    of = f"(baseline − {scale.floor})" if scale.floor else "the baseline"
    source = _cited(scale.remission_source) if scale.remission_source else "a convention of trials"
    remission = f"Remission: {scale.remission_at_or_below} points or less ({source})"
    others = [
        f"{at} or less ({_cited(key)})" for at, key in sorted(scale.remission_alternatives.items())
    ]
    found = [
        f"Response: a reduction of {of} by at least {scale.response_percent:g} %.",
        f"{remission}; also in use: {join_words(others)}." if others else f"{remission}.",
    ]
    if scale.severity_bands:
        bands = (f"{name} from {lowest}" for lowest, name in scale.severity_bands)
        found.append(f"Severity: {', '.join(bands)}.")
    return found


def _cited(key: str) -> str:
    """Return a citation key as readers know it: ``riedel2010`` → ``Riedel 2010``."""
    return _KEY.sub(lambda found: f"{found[1].capitalize()} {found[2]}", key)
