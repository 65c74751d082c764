"""Words that every sentence, figure and table uses for the parts of a result."""

import re
from typing import TYPE_CHECKING

from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import count_of, spaced

if TYPE_CHECKING:
    from ketbio.result.record import Result

TESTS_OF_MARKERS = frozenset(
    {"compare_responders", "compare_visits", "compare_crossover", "correlate_changes"}
)
"""Analyses that test a marker: beside them stand its noise and what was reported of it before."""

AVERAGE = "average over visits"
"""How the outcome of a contrast ends that is of all visits together."""

ANY_VISIT = "any visit"
"""How the outcome of a test ends that is of all visits together, and has no one estimate."""

NOT_IMPUTED = "; nothing was imputed."
"""How a warning tells which values are missing; what follows is what is taken of them."""

MARGINAL_MEAN = "estimated marginal mean"
"""How the name of a mean begins that a model gives for an arm at a visit."""

SUPERIORITY = "probability of superiority"
"""How the name of such an estimate begins."""

QUARTILES = "quartiles"
"""How the method begins where an interval is a range of the data, with no confidence in it."""


def named(name: str) -> str:
    """Return what an estimate is, as a noun: a share is named by what those counted have.

    Examples
    --------
    >>> named("with response by day 7"), named("mean change")
    ('percentage with response by day 7', 'mean change')
    """
    return f"percentage {name}" if name.startswith("with ") else name


def is_superiority(result: "Result") -> bool:
    """Return whether the estimate is a probability of superiority: 0.5, not 0, is no difference.

    Examples
    --------
    >>> from ketbio.result import Result
    >>> is_superiority(Result(analysis="a", marker="m", outcome="", groups=(), n={},
    ...                       estimate_name="probability of superiority"))
    True
    """
    return result.null_value == 0.5 or result.estimate_name.startswith(SUPERIORITY)


def contrast_words(result: "Result") -> str:
    """Return what is compared with what: first minus second, or first over second.

    Returns
    -------
    str
        Empty where there are not two groups.

    Examples
    --------
    >>> from ketbio.result import Result
    >>> contrast_words(Result(analysis="a", marker="m", outcome="", n={},
    ...                       groups=("responder", "non-responder"), null_value=0.5))
    'responder over non-responder'
    """
    if len(result.groups) != 2:
        return ""
    return (" over " if is_superiority(result) else " − ").join(result.groups)


def statistic_words(result: "Result") -> str:
    """Return the name of the test's statistic, with the first group in place of x.

    Examples
    --------
    >>> from ketbio.result import Result
    >>> statistic_words(Result(analysis="a", marker="m", outcome="", n={},
    ...     groups=("responder", "non-responder"), statistic_name="rank sum of x"))
    'rank sum of responders'
    """
    words = result.statistic_name
    if len(result.groups) != 2 or not words.endswith(" of x"):
        return words
    plural = "s" if result.groups[0].endswith("responder") else ""
    return f"{words.removesuffix('x')}{result.groups[0]}{plural}"


SIDES_OF_TEST = {
    "less": "one-sided: less",
    "greater": "one-sided: greater",
    "two-sided-doubled": "two-sided by doubling",
}
"""Alternative → how readers are told of it; ``two-sided`` is itself."""


def side_words(alternative: str) -> str:
    """Return what a test's alternative is called for readers.

    Examples
    --------
    >>> side_words("less"), side_words("two-sided")
    ('one-sided: less', 'two-sided')
    """
    return SIDES_OF_TEST.get(alternative, alternative)


def n_excluded(result: "Result") -> int:
    """Return how many participants were left out: one may have several rows of what was."""
    return int(result.excluded[PARTICIPANT_ID].nunique())


def how_many(group: str, count: int) -> str:
    """Return who was analysed in a group, in words."""
    if group in ("pairs", "participants"):
        return count_of(count, group.removesuffix("s"))
    return f"n = {count}" if group == "all" else f"{group} n = {count}"


_CHANGE = re.compile(r"change, (?P<first>[^,]+) to (?P<last>[^,]+)(?P<rest>,.*)?", re.DOTALL)
_COURSE = re.compile(r"course, (?P<first>[^,]+) to (?P<last>[^,]+)", re.DOTALL)
_VALUE = re.compile(r"value at (?P<visit>[^,]+)(?P<rest>,.*)?", re.DOTALL)


def is_of_change(result: "Result") -> bool:
    """Return whether what was analysed is a change between two visits."""
    return _CHANGE.fullmatch(result.outcome) is not None


def visits_of_change(result: "Result") -> tuple[str, str]:
    """Return the first and the last visit of a change, as words; empty where there is none."""
    found = _CHANGE.fullmatch(result.outcome)
    return (spaced(found["first"]), spaced(found["last"])) if found else ("", "")


def last_visit_of_course(result: "Result") -> str:
    """Return the last visit of a course, as words; empty where it is something else."""
    found = _COURSE.fullmatch(result.outcome)
    return spaced(found["last"]) if found else ""


def visit_of_value(result: "Result") -> str:
    """Return the visit of a value, as words; empty where it is something else."""
    found = _VALUE.fullmatch(result.outcome)
    return spaced(found["visit"]) if found else ""


def quantity_words(result: "Result", label: str = "") -> str:
    """Return what was analysed as a noun: ``change in MADRS from baseline to day 14``.

    Parameters
    ----------
    result : Result
        What is told.
    label : str
        What the marker is called; the result's own label where empty.

    Examples
    --------
    >>> from ketbio.result import Result
    >>> quantity_words(Result(analysis="a", marker="MADRS", outcome="change, baseline to day_14",
    ...                       groups=(), n={}))
    'change in MADRS from baseline to day 14'
    >>> quantity_words(Result(analysis="a", marker="MADRS", groups=(), n={},
    ...                       outcome="change, baseline to day_14, average over visits"))
    'change in MADRS from baseline, averaged over the visits up to day 14'
    """
    name = label or result.label
    if found := _CHANGE.fullmatch(result.outcome):
        first, last, rest = spaced(found["first"]), spaced(found["last"]), found["rest"] or ""
        if rest == f", {AVERAGE}":
            return f"change in {name} from {first}, averaged over the visits up to {last}"
        if rest == f", {ANY_VISIT}":
            return f"change in {name} from {first} at any visit up to {last}"
        return f"change in {name} from {first} to {last}{rest}"
    if found := _VALUE.fullmatch(result.outcome):
        return f"{name} at {spaced(found['visit'])}{found['rest'] or ''}"
    if found := _COURSE.fullmatch(result.outcome):
        return f"course of {name} from {spaced(found['first'])} to {spaced(found['last'])}"
    return f"{name}, {spaced(result.outcome)}" if result.outcome else name


def on_one_line(text: str) -> str:
    """Return a text on one line, without double spaces."""
    return re.sub(r"[ \t\r\n\u2028\u2029]+", " ", text).strip()
