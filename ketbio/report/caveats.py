"""What limits the numbers of a finding: every warning once, and whose it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ketbio.report.models import MODELS, where
from ketbio.result import Result, is_permutation
from ketbio.wording import capitalised, join_words, spaced

PERMUTATION = "Permutation test"
"""What the companion of a model is called whose p is by permutation."""


def caveats_of(results: Sequence[Result]) -> tuple[str, ...]:
    """Return every warning once; of a model one that is not of all its contrasts with whose.

    Parameters
    ----------
    results : sequence of Result
        One, or those of one model.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> caveats_of([Result(analysis="a", marker="m", outcome="", groups=(), n={},
    ...                    warnings=("Few participants.",))])
    ('Few participants.',)
    """
    concerned: dict[str, list[Result]] = {}
    for result in results:
        for warning in result.warnings:
            concerned.setdefault(warning, []).append(result)
    own = [
        warning if len(of) == len(results) else _of_some(warning, of)
        for warning, of in concerned.items()
    ]
    told = set(concerned)
    beside: dict[str, list[str]] = {}
    for one in (one for result in results for one in result.companions):
        new = [warning for warning in one.warnings if warning not in told]
        if new:
            beside.setdefault(_name_beside(one), []).extend(new)
            told |= set(new)
    return (*own, *_of_companions(beside))


def _of_some(warning: str, results: Sequence[Result]) -> str:
    """Return a warning of some contrasts of a model with whose it is, where it does not say so."""
    whose = capitalised(join_words(dict.fromkeys(map(where, results))))
    says_so = warning.casefold().startswith(f"the {whose.casefold()} ")
    return warning if says_so else f"{whose}: {warning}"


def _name_beside(one: Result) -> str:
    if one.analysis in MODELS and is_permutation(one):
        return PERMUTATION
    return capitalised(one.estimate_name or spaced(one.outcome))


def _of_companions(beside: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Give the warnings of what stands beside; those of the one permutation test as one."""
    for name, warnings in beside.items():
        if name == PERMUTATION:
            yield f"{name}, beside it: {' '.join(warnings)}"
        else:
            yield from (f"{name}, beside it: {warning}" for warning in warnings)
