"""The tables of a model in a report: its contrasts, and its estimated marginal means."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from ketbio.report.markdown import Markdown, markdown_table
from ketbio.report.model_findings import EVERYBODY
from ketbio.report.models import (
    means_of,
    model_outcome,
    simultaneous_of,
    where,
)
from ketbio.report.result_cells import number_text
from ketbio.report.row_numbers import row_link
from ketbio.result import Result, contrast_words, permutation_of
from ketbio.wording import capitalised, format_number, format_p, spaced

_DF = re.compile(r"[tF]\((?P<df>[^)]*)\)")


def contrasts_table(group: Sequence[Result], rows: Mapping[Result, int], number: int) -> Markdown:
    """Return the contrasts of a model as a table, one line each.

    Parameters
    ----------
    group : sequence of Result
        Of one model.
    rows : mapping of Result to int
        From `number_rows`.
    number : int
        Of the finding.

    Returns
    -------
    Markdown
        Columns that would be empty are left out.
    """
    unit, level = _common(one.unit for one in group), _levels(group)
    arms = _common(_groups_counted(one) for one in group)
    heads = {
        "estimate": f"Estimate ({unit})" if unit else "Estimate",
        "interval": f"{level} interval",
        "together": f"Simultaneous {level} interval",
        "n": f"n ({arms})" if arms not in ("", EVERYBODY) else "n",
    }
    lines = [_contrast_cells(one, rows, heads, unit) for one in group]
    who = _common(spaced(contrast_words(one)) for one in group)
    kept = [
        name
        for name in lines[0]
        if not (name == "Contrast" and who) and any(line[name] for line in lines)
    ]
    compared = f"the contrasts of the model, {who}" if who else "the contrasts of the model"
    return markdown_table(
        [[line[name] for name in kept] for line in lines],
        headings=kept,
        caption=f"{capitalised(group[0].label)}, {model_outcome(group)}: {compared}",
        identifier=f"table-finding-{number}",
        classes=("stub",),
    )


def _groups_counted(one: Result) -> str:
    return " / ".join(map(spaced, one.n))


def _common(words: Iterable[str]) -> str:
    """Return the word that all share; empty where they differ."""
    known = set(words)
    return known.pop() if len(known) == 1 else ""


def _contrast_cells(
    one: Result, rows: Mapping[Result, int], heads: Mapping[str, str], unit: str
) -> dict[str, object]:
    test, both = permutation_of(one), simultaneous_of(one)
    return {
        "Row": row_link(rows[one], text=str(rows[one])),
        "Visit": where(one),
        "Contrast": spaced(contrast_words(one)) or _alone(one),
        heads["estimate"]: format_number(one.estimate) if unit else number_text(one),
        heads["interval"]: _limits(one),
        heads["together"]: _linked(both, rows, _limits),
        "df": _df(one),
        "p": _p(one.p_value),
        "Adjusted p": _p(one.p_adjusted),
        "Permutation p": _linked(test, rows, lambda each: _p(each.p_value)),
        heads["n"]: _counts(one, heads["n"]),
    }


def _counts(one: Result, heading: str) -> str:
    if heading != "n" or list(one.n) == [EVERYBODY]:
        return " / ".join(map(str, one.n.values()))
    return ", ".join(f"{spaced(name)} {count}" for name, count in one.n.items())


def _limits(one: Result) -> str:
    if math.isnan(one.ci_low):
        return "–"
    return f"{format_number(one.ci_low)} to {format_number(one.ci_high)}"


def _alone(one: Result) -> str:
    return ", ".join(spaced(group) for group in one.groups if group != EVERYBODY)


def _linked(
    one: Result | None, rows: Mapping[Result, int], text_of: Callable[[Result], str]
) -> object:
    return row_link(rows[one], text=text_of(one)) if one is not None else ""


def _df(one: Result) -> str:
    """Return the degrees of freedom, which the name of the statistic carries."""
    found = _DF.match(one.statistic_name)
    return found["df"] if found else ""


def _p(p: float) -> str:
    return "" if math.isnan(p) else format_p(p, symbol=False)


def means_table(group: Sequence[Result], rows: Mapping[Result, int], number: int) -> Markdown:
    """Return the estimated marginal means of a model as a table: visits down, arms across.

    Parameters
    ----------
    group : sequence of Result
        Of one model.
    rows : mapping of Result to int
        From `number_rows`.
    number : int
        Of the finding.

    Returns
    -------
    Markdown
        Empty where there are none.
    """
    means = {(where(mean), _arm(mean)): mean for one in group for mean in means_of(one)}
    unit = _common(mean.unit for mean in means.values())
    if not means:
        return Markdown()
    visits = dict.fromkeys(visit for visit, _ in means)
    reference = [one.groups[1] for one in group if len(one.groups) == 2][:1]
    known = [arm for _, arm in means]
    arms = dict.fromkeys([*(one for one in reference if one in known), *known])
    return markdown_table(
        [
            [visit, *(_linked(means.get((visit, arm)), rows, _mean_text) for arm in arms)]
            for visit in visits
        ],
        headings=["Visit", *(capitalised(spaced(arm)) for arm in arms)],
        caption=f"{capitalised(group[0].label)}, {model_outcome(group)}: estimated marginal means"
        f"{f' ({unit})' if unit else ''} with their {_levels(group)} intervals and n",
        identifier=f"table-means-{number}",
        classes=("stub",),
    )


def _arm(mean: Result) -> str:
    return mean.groups[0] if mean.groups else "all"


def _mean_text(mean: Result) -> str:
    if math.isnan(mean.estimate):
        return "not estimated"
    text = format_number(mean.estimate)
    if not math.isnan(mean.ci_low):
        text += f" ({format_number(mean.ci_low)} to {format_number(mean.ci_high)})"
    return f"{text}; n = {mean.n_total}" if mean.n else text


def _levels(group: Sequence[Result]) -> str:
    return " or ".join(f"{100 * level:g}%" for level in sorted({one.ci_level for one in group}))
