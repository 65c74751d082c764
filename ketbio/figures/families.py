"""Several results drawn as one figure: what was given, their names, and what holds for all."""

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from ketbio.errors import FigureError
from ketbio.figures.labels import spoken
from ketbio.figures.wrapping import text_width, wrap_text
from ketbio.result import Result
from ketbio.vocabulary import marker_label
from ketbio.wording import MINUS, format_number, format_p, join_words


def require_results(
    results: object, *, caller: str, analyses: Sequence[str], of: str
) -> tuple[Result, ...]:
    """Return the results given, or say what was given instead.

    Parameters
    ----------
    results : object
        What the caller was given; one `Result` is a family of one.
    caller : str
        Name of the function, for the sentence.
    analyses : sequence of str
        Those that the figure is of.
    of : str
        These in words: ``"correlations"``.

    Raises
    ------
    FigureError
        No result, something else than results, or those of another analysis.

    Examples
    --------
    >>> require_results([], caller="draw_forest", analyses=["compare_visits"], of="comparisons")
    Traceback (most recent call last):
    ketbio.errors.FigureError: draw_forest() was given no result; give it the comparisons ...
    """
    if isinstance(results, Result):
        results = (results,)
    if isinstance(results, str | pd.DataFrame) or not isinstance(results, Iterable):
        name = type(results).__name__
        raise FigureError(f"{caller}() takes a list of results; a {name} was given.")
    given = tuple(results)
    if not given:
        raise FigureError(
            f"{caller}() was given no result; give it the {of} of one or more markers."
        )
    for one in given:
        if not isinstance(one, Result):
            name = type(one).__name__
            raise FigureError(f"{caller}() takes a list of results; one of them is a {name}.")
        if one.analysis not in analyses:
            allowed = join_words(analyses, last="or")
            raise FigureError(
                f"{caller}() draws {of} ({allowed}); one result is of {one.analysis}. Leave it out."
            )
    return given


def labels_of(results: Iterable[Result]) -> dict[str, str]:
    """Return how markers are written for readers, by their name.

    A result names its first marker; the other one of a correlation is named by its description.

    Examples
    --------
    >>> one = Result(analysis="correlate_markers", marker="a", label="A", outcome="",
    ...              groups=("a", "p_GSK3B_S9"), n={})
    >>> labels_of([one])
    {'p_GSK3B_S9': 'p-GSK3β (Ser9)', 'a': 'A'}
    """
    found: dict[str, str] = {}
    for result in results:
        if len(result.groups) == 2:
            found.setdefault(result.groups[1], marker_label(result.groups[1]))
        for one in (*result.companions, result):
            if one.label:
                found[one.marker] = one.label
    return {name: spoken(label) for name, label in found.items()}


def coefficient(value: float) -> str:
    """Return a correlation with two decimals and a true minus sign.

    Examples
    --------
    >>> coefficient(-0.3049), coefficient(0.0), coefficient(float("nan"))
    ('−0.30', '0.00', '–')
    """
    return fixed(value, 2)


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals and a true minus sign, for columns of numbers.

    Examples
    --------
    >>> fixed(-12.345, 1), fixed(-0.001, 2), fixed(float("inf"), 2)
    ('−12.3', '0.00', '∞')
    """
    if not math.isfinite(value):
        return format_number(value)
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) != 0 else text


def span_of(counts: Iterable[int]) -> str:
    """Return a number, or from where to where several go.

    Examples
    --------
    >>> span_of([11, 11]), span_of([11, 8, 9])
    ('11', '8 to 11')
    """
    known = sorted(set(counts))
    return f"{known[0]:,}" if len(known) == 1 else f"{known[0]:,} to {known[-1]:,}"


def smallest_p_words(results: Sequence[Result]) -> str:
    """Return the smallest p value of several results, adjusted where they are; may be empty.

    Examples
    --------
    >>> smallest_p_words([Result(analysis="a", marker="m", outcome="", groups=(), n={},
    ...                          p_value=0.01, p_adjusted=0.04)])
    'smallest adjusted p = .040'
    """
    for word, name in (("adjusted ", "p_adjusted"), ("", "p_value")):
        known = [p for one in results if not math.isnan(p := getattr(one, name))]
        if known:
            return f"smallest {word}{format_p(min(known))}"
    return ""


def common_words(results: Iterable[Result], name: str) -> list[str]:
    """Return the different words of one field of the results, in their order.

    Examples
    --------
    >>> common_words([Result(analysis="a", marker="m", outcome="", groups=(), n={}, unit="s")],
    ...              "unit")
    ['s']
    """
    return list(dict.fromkeys(word for one in results if (word := str(getattr(one, name)))))


def of_all_pairs(one: Result) -> str:
    """Return what is analysed, without the other marker of a pair.

    Examples
    --------
    >>> of_all_pairs(Result(analysis="correlate_markers", marker="a", groups=("a", "b"), n={},
    ...                     outcome="change, baseline to day_14, with that of b"))
    'change, baseline to day_14'
    """
    return one.outcome.partition(", with that of ")[0]


def outcome_words(results: Iterable[Result]) -> str:
    """Return in a sentence what of each marker is shown; empty where no outcome says it.

    Examples
    --------
    >>> outcome_words([Result(analysis="a", marker="m", outcome="change, baseline to day_14",
    ...                       groups=(), n={})])
    'Of each: change, baseline to day 14.'
    """
    outcomes = dict.fromkeys(spoken(of_all_pairs(one)) for one in results if one.outcome)
    return f"Of each: {join_words(outcomes, last='or')}." if outcomes else ""


def fitted_lines(text: str, *, width_pt: float, size_pt: float, lines: int) -> str:
    """Return text wrapped to a width, cut with ``…`` where it takes more lines than there are.

    Examples
    --------
    >>> fitted_lines("a marker with a long name", width_pt=40, size_pt=8, lines=1)
    'a mark…'
    """
    wrapped = wrap_text(text, width_pt=width_pt, size_pt=size_pt).split("\n")
    if len(wrapped) <= lines:
        return "\n".join(wrapped)
    last = wrapped[lines - 1]
    while last and text_width(f"{last}…", size_pt=size_pt) > width_pt:
        last = last[:-1]
    return "\n".join([*wrapped[: lines - 1], f"{last.rstrip()}…"])


def family_table(results: Sequence[Result], labels: dict[str, str]) -> pd.DataFrame:
    """Return one row per result: what a figure of several results draws.

    Examples
    --------
    >>> one = Result(analysis="compare_visits", marker="a", outcome="", groups=("y", "x"),
    ...              n={"pairs": 4}, estimate=1.5)
    >>> family_table([one], {"a": "A"})[["marker", "label", "n", "estimate"]].values.tolist()
    [['a', 'A', 4, 1.5]]
    """
    return pd.DataFrame(
        [
            {
                "title": one.title,
                "analysis": one.analysis,
                "marker": one.marker,
                "label": labels.get(one.marker, one.label),
                "outcome": one.outcome,
                "groups": "; ".join(one.groups),
                "n": one.n_total,
                "n_per_group": "; ".join(f"{name} {count}" for name, count in one.n.items()),
                "estimate_name": one.estimate_name,
                "estimate": one.estimate,
                "unit": one.unit,
                "ci_low": one.ci_low,
                "ci_high": one.ci_high,
                "ci_level": one.ci_level,
                "effect_size_name": one.effect_size_name,
                "effect_size": one.effect_size,
                "effect_size_ci_low": one.effect_size_ci[0],
                "effect_size_ci_high": one.effect_size_ci[1],
                "p_value": one.p_value,
                "p_method": one.p_method,
                "p_adjusted": one.p_adjusted,
                "adjustment": one.adjustment,
            }
            for one in results
        ]
    )
