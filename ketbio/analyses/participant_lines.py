"""The lines of Table 1 for one variable: a number, or the levels of a category, by group."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ketbio.analyses.companions import count_line, mean_line, median_line
from ketbio.analyses.participant_differences import difference_of_means, difference_of_percentages
from ketbio.analyses.question import Question
from ketbio.result import Result

ALL = "all"

Groups = Mapping[str, "pd.Series[bool]"]
"""Group → who is in it; everyone first."""

MISSING = "missing"
BELOW, ABOVE = "below the LLOQ", "above the ULOQ"
IN_NO_MEAN = "Values beyond a limit are in no mean, so that the difference of means may be off"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variable:
    """One variable: its values by participant, and which of them are below or above a limit."""

    name: str
    label: str
    unit: str
    outcome: str
    values: "pd.Series[Any]"
    below: "pd.Series[bool]"
    above: "pd.Series[bool]"

    @property
    def is_number(self) -> bool:
        """Whether it has a mean."""
        values = self.values
        return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)

    def question(self, outcome: str) -> Question:
        """Return what is asked of it."""
        return Question(
            analysis="summarise_participants",
            marker=self.name,
            label=self.label,
            outcome=outcome,
            groups=(ALL,),
            n={},
            unit=self.unit,
        )


def number_lines(variable: Variable, groups: Groups, *, confidence_level: float) -> list[Result]:
    """Return mean (SD) per group, with median, who is missing, and the difference of two groups.

    Parameters
    ----------
    variable : Variable
    groups : Groups
    confidence_level : float
        Of the difference's interval.
    """
    question = variable.question(variable.outcome)
    known = {
        group: variable.values[member].dropna().to_numpy(dtype=float)
        for group, member in groups.items()
    }
    lines = {group: _number(variable, question, group, member) for group, member in groups.items()}
    pair = _pair(groups)
    if pair and all(len(known[group]) for group in pair):
        between = difference_of_means(question, known, pair, confidence_level=confidence_level)
        between = replace(between, warnings=(*between.warnings, *_not_in_means(variable, groups)))
        first, *others = lines[pair[0]]
        lines[pair[0]] = [_with_companion(first, between), *others]
    return [line for found in lines.values() for line in found]


def category_lines(variable: Variable, groups: Groups, *, confidence_level: float) -> list[Result]:
    """Return count and percent per level and group, with the difference of two groups.

    Parameters
    ----------
    variable : Variable
    groups : Groups
    confidence_level : float
        Of the difference's interval.
    """
    texts = variable.values.astype("str").where(variable.values.notna())
    counts = {group: _Known.of(texts[member]) for group, member in groups.items()}
    pair = _pair(groups)
    lines = [
        _counted(variable.question(""), group, known.total, known.total, MISSING)
        for group, known in counts.items()
        if known.total and not known.n
    ]
    for place, level in enumerate(sorted(texts.dropna().unique())):
        question = variable.question(str(level))
        here = {
            group: _level(question, group, known, with_missing=place == 0)
            for group, known in counts.items()
            if known.n
        }
        if pair and all(group in here for group in pair):
            between = difference_of_percentages(
                question,
                {group: (counts[group].of_level(str(level)), counts[group].n) for group in pair},
                confidence_level=confidence_level,
            )
            here[pair[0]] = _with_companion(here[pair[0]], between)
        lines += here.values()
    return lines


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Known:
    """The texts of one group: how many are known, of how many."""

    texts: "pd.Series[Any]"
    n: int
    total: int

    @classmethod
    def of(cls, texts: "pd.Series[Any]") -> "_Known":
        return cls(texts=texts, n=int(texts.notna().sum()), total=len(texts))

    def of_level(self, level: str) -> int:
        return int((self.texts == level).sum())


def _pair(groups: Groups) -> tuple[str, str] | None:
    """Return the two groups to compare; None where there are more or fewer."""
    described = [group for group in groups if group != ALL]
    return (described[0], described[1]) if len(described) == 2 else None


def _with_companion(line: Result, companion: Result) -> Result:
    return replace(line, companions=(*line.companions, companion))


def _number(
    variable: Variable, question: Question, group: str, member: "pd.Series[bool]"
) -> list[Result]:
    """Return the mean with what belongs to it; where nobody has a value, how many have none."""
    inside = variable.values[member]
    below, above = int(variable.below[member].sum()), int(variable.above[member].sum())
    values = inside.dropna().to_numpy(dtype=float)
    total = len(inside)
    n_missing = total - len(values) - below - above
    counts = {MISSING: n_missing, BELOW: below, ABOVE: above}
    counted = [_counted(question, group, n, total, name) for name, n in counts.items() if n]
    if not len(values):
        return counted
    line = mean_line(
        question,
        values,
        group=group,
        warnings=_missing(n_missing, total) + _beyond(below, above, total),
        companions=(median_line(question, values, group=group), *counted),
    )
    return [line]


def _level(question: Question, group: str, known: _Known, *, with_missing: bool) -> Result:
    n_missing = known.total - known.n
    line = count_line(
        question,
        known.of_level(question.outcome),
        group=group,
        n=known.n,
        name="percent",
        warnings=_missing(n_missing, known.total),
    )
    if not (with_missing and n_missing):
        return line
    asked = question.about(outcome="")
    return _with_companion(line, _counted(asked, group, n_missing, known.total, MISSING))


def _counted(question: Question, group: str, count: int, total: int, name: str) -> Result:
    return count_line(question, count, group=group, n=total, name=name)


def _not_in_means(variable: Variable, groups: Groups) -> tuple[str, ...]:
    """Say of a difference of means how many values of either group are only bounded."""
    pair = _pair(groups) or ()
    beyond = [int((variable.below | variable.above)[groups[group]].sum()) for group in pair]
    if not any(beyond):
        return ()
    told = " and ".join(f"{n} of {group}" for n, group in zip(beyond, pair, strict=True))
    return (f"{IN_NO_MEAN} ({told}).",)


def _missing(n: int, total: int) -> tuple[str, ...]:
    return (f"{n} of {total} missing.",) if n else ()


def _beyond(below: int, above: int, total: int) -> tuple[str, ...]:
    sides = {BELOW: (below, "high"), ABOVE: (above, "low")}
    return tuple(
        f"{count} of {total} {where} and not in the mean, which is therefore too {bias}."
        for where, (count, bias) in sides.items()
        if count
    )
