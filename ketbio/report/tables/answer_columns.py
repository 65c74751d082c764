"""The columns of a table of answers: what each holds of one result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ketbio.number_formats import NumberFormat, level_words
from ketbio.report.smallest_p import smallest_p_sentence
from ketbio.report.tables.cell_words import (
    DASH,
    NOTHING,
    cell,
    count_words,
    effect_words,
    limits_words,
    mean_words,
    number_words,
    p_words,
)
from ketbio.report.tables.table import Cell
from ketbio.result import Result, contrast_words, side_words
from ketbio.wording import capitalised

BETWEEN_GROUPS = frozenset(
    {"compare_responders", "compare_visits", "compare_crossover", "compare_imputed"}
)
"""Analyses whose groups are set against each other, first minus second."""

MEANS = ("mean", "median", "geometric mean")
"""Companions that describe a group, beside counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a table of answers is made from.

    Attributes
    ----------
    results : tuple of Result
        The lines of the table; at least one.
    rows : mapping of Result to int
        Row of ``tidy`` of each result and companion.
    house : NumberFormat
    with_effects : bool
        Whether there is a column for the standardised effect.
    with_companions : bool
        Whether what was asked by other methods stands below each line.
    with_caveats : bool
        Whether what limits single lines is told in footnotes.
    """

    results: tuple[Result, ...]
    rows: Mapping[Result, int]
    house: NumberFormat
    with_effects: bool = True
    with_companions: bool = False
    with_caveats: bool = False

    def cell(self, text: str, result: Result, *notes: str) -> Cell:
        """Return a cell with the row of its result; no note on a cell without a number."""
        said = tuple(note for note in notes if note) if text != NOTHING else ()
        return cell(text, result, self.rows, notes=said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One column: its heading, and what it holds of a result."""

    heading: str
    cell: Callable[[Answers, Result], Cell]
    spanner: str = ""


def answer_parts(answers: Answers) -> list[Part]:
    """Return the columns beside the name of each line; some may turn out empty.

    Parameters
    ----------
    answers : Answers
    """
    results, house = answers.results, answers.house
    between = capitalised(contrast_words(results[0])) if _same_groups(results) else ""
    levels = {level_words(one.ci_level, house) for one in results}
    interval = f"{levels.pop()} CI" if len(levels) == 1 else "CI"
    estimate = common(results, lambda one: one.estimate_name) or "estimate"
    effect = common(results, lambda one: one.effect_size_name) or "effect size"
    parts = [
        *_group_parts(results),
        Part(heading=capitalised(estimate), cell=_estimate, spanner=between),
        Part(heading=interval, cell=_interval, spanner=between),
    ]
    if answers.with_effects:
        heading = f"{capitalised(effect)} ({interval})"
        parts.append(Part(heading=heading, cell=_effect, spanner=between))
    return [
        *parts,
        Part(heading=house.p_symbol, cell=_p),
        Part(heading=f"Adjusted {house.p_symbol}", cell=_adjusted_p),
    ]


def common(results: Sequence[Result], of: Callable[[Result], str]) -> str:
    """Return the word that all results have; empty where they differ."""
    words = {of(one) for one in results}
    return words.pop() if len(words) == 1 else ""


def _same_groups(results: Sequence[Result]) -> bool:
    return len({(one.analysis in BETWEEN_GROUPS, one.groups) for one in results}) == 1 and (
        results[0].analysis in BETWEEN_GROUPS
    )


def _group_parts(results: Sequence[Result]) -> list[Part]:
    """Return a column per group where all results have the same, and who was analysed."""
    counted = tuple(results[0].n)
    if any(tuple(one.n) != counted for one in results):
        return [Part(heading="Participants", cell=_participants)]
    groups = results[0].groups if _same_groups(results) else ()
    if results[0].analysis == "compare_visits":
        groups = groups[::-1]  # the earlier visit first, as it is read
    parts = [
        Part(heading=_group_heading(results, group), cell=_summary_of(group))
        for group in groups
        if any(_description(one, group) for one in results)
    ]
    if len(parts) == len(groups) and set(counted) <= set(groups):
        return parts  # n stands with each group
    return [*(Part(heading=_n_heading(name), cell=_n_of(name)) for name in counted), *parts]


def _n_heading(name: str) -> str:
    return {"pairs": "Pairs", "all": "n"}.get(name, f"{capitalised(name)}, n")


def _group_heading(results: Sequence[Result], group: str) -> str:
    sizes = {one.n[group] for one in results if group in one.n}
    names = {found.estimate_name for one in results if (found := _description(one, group))}
    words = f"{capitalised(group)}{', mean (SD)' if names == {'mean'} else ''}"
    return f"{words} (n = {sizes.pop()})" if len(sizes) == 1 else words


def _n_of(name: str) -> Callable[[Answers, Result], Cell]:
    def made(answers: Answers, result: Result) -> Cell:
        return answers.cell(str(result.n[name]), result) if name in result.n else DASH

    return made


def _summary_of(group: str) -> Callable[[Answers, Result], Cell]:
    """Return how a group is described: by its mean, or by how many of it."""

    def made(answers: Answers, result: Result) -> Cell:
        found = _description(result, group)
        sizes = {one.n.get(group, 0) for one in answers.results}
        known = f"n = {result.n[group]}" if group in result.n and len(sizes) > 1 else ""
        if found is None:
            return answers.cell(known, result) if known else DASH
        is_count = found.statistic_name == "count"
        text = (count_words if is_count else mean_words)(found, answers.house)
        name = "" if found.estimate_name == "mean" else f"{capitalised(found.estimate_name)}."
        return answers.cell("; ".join(filter(None, (text, known))), found, name)

    return made


def _description(result: Result, group: str) -> Result | None:
    return next(
        (
            one
            for one in result.companions
            if one.role == "description"
            and one.groups == (group,)
            and one.marker == result.marker
            and (one.estimate_name in MEANS or one.statistic_name == "count")
        ),
        None,
    )


def _participants(answers: Answers, result: Result) -> Cell:
    who = ", ".join(f"{group} {count}" for group, count in result.n.items())
    return answers.cell(who, result)


def _estimate(answers: Answers, result: Result) -> Cell:
    name = result.estimate_name
    is_named = bool(common(answers.results, lambda one: one.estimate_name))
    note = "" if is_named or not name else f"{capitalised(name)}."
    if result.statistic_name == "count":
        return answers.cell(count_words(result, answers.house), result, note)
    return answers.cell(number_words(result.estimate, answers.house, name=name), result, note)


def _interval(answers: Answers, result: Result) -> Cell:
    text = limits_words(
        result.ci_low, result.ci_high, answers.house, level=result.ci_level,
        name=result.estimate_name,
    )  # fmt: skip
    return answers.cell(text, result, _made_by(result.ci_method))


def _effect(answers: Answers, result: Result) -> Cell:
    """Return the standardised effect, where it is another number than the estimate."""
    if result.effect_size_name == result.estimate_name:
        return DASH
    is_named = bool(common(answers.results, lambda one: one.effect_size_name))
    note = "" if is_named else f"{capitalised(result.effect_size_name)}."
    text = effect_words(result, answers.house)
    return answers.cell(text, result, note, _made_by(result.effect_size_ci_method))


def _made_by(method: str) -> str:
    return f"Interval: {method}." if method else ""


def _p(answers: Answers, result: Result) -> Cell:
    tested = ", ".join(word for word in (result.p_method, side_words(result.alternative)) if word)
    method = f"{answers.house.p_symbol}: {tested}." if tested else ""
    floor = smallest_p_sentence(result, answers.house)
    return answers.cell(p_words(result.p_value, answers.house), result, method, floor)


def _adjusted_p(answers: Answers, result: Result) -> Cell:
    text = p_words(result.p_adjusted, answers.house)
    note = f"Adjusted by {result.adjustment}." if result.adjustment else ""
    return answers.cell(text, result, note)
