"""A model of several contrasts as the report tells it: a sentence for each, and what was fitted."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from ketbio.number_formats import write_p
from ketbio.report.markdown import Markdown, escape_markdown, join_markdown
from ketbio.report.models import (
    MODELS,
    main_contrasts,
    means_of,
    simultaneous_of,
    where,
)
from ketbio.report.result_cells import interval_text, number_text
from ketbio.report.row_numbers import row_link, rows_in_runs
from ketbio.result import Result, contrast_words, is_permutation, permutation_of
from ketbio.wording import capitalised, count_of, format_number, format_p, spaced

MOST_SENTENCES = 12
"""Contrasts told one by one; the table has all."""
EVERYBODY = "all"
"""The group of an analysis without groups."""
_OVERALL = re.compile(r"F\(")


def contrast_sentences(
    group: Sequence[Result], rows: Mapping[Result, int], *, sentences: str, full: str
) -> tuple[Markdown, ...]:
    """Return a sentence for each contrast, with its row.

    Parameters
    ----------
    group : sequence of Result
        Of one model.
    rows : mapping of Result to int
        From `number_rows`.
    sentences, full : str
        Style of the sentences, and the style in which the methods stand elsewhere.

    Returns
    -------
    tuple of Markdown
        Of many contrasts the first few, then where the others are.
    """
    told = [
        _told(one, rows, sentences=sentences, full=full, named=False)
        for one in group[:MOST_SENTENCES]
    ]
    left = len(group) - MOST_SENTENCES
    if left > 0:
        told.append(escape_markdown(f"{count_of(left, 'further contrast')}: see the table."))
    return tuple(told)


def model_answer(
    group: Sequence[Result], rows: Mapping[Result, int], *, sentences: str, full: str
) -> Markdown:
    """Return the contrasts of the last visit and on the average, with their rows."""
    told = [
        _told(one, rows, sentences=sentences, full=full, named=True)
        for one in main_contrasts(group)
    ]
    return join_markdown(told)


def _told(
    one: Result, rows: Mapping[Result, int], *, sentences: str, full: str, named: bool
) -> Markdown:
    if sentences == full:
        said = [_short(one, named=named)]
    else:
        said = [one.sentence(sentences), permutation_words(one, sentences)]
    return join_markdown([*filter(None, said), row_link(rows[one])])


def permutation_words(one: Result, sentences: str) -> str:
    """Return what the permutation test beside a model's contrast says, where no sentence does.

    Examples
    --------
    >>> permutation_words(Result(analysis="fit_mmrm", marker="m", outcome="", groups=(), n={}),
    ...                   "apa")
    ''
    """
    test = permutation_of(one)
    if test is None or one.analysis not in MODELS or sentences not in _HOUSES:
        return ""
    return f"By permutation {write_p(test.p_value, _HOUSES[sentences])}."


_HOUSES = {"full": "ketbio", "apa": "apa", "ama": "ama"}
"""Style of sentences → how its p values are written; plain sentences have words of their own."""


def quantity(group: Sequence[Result]) -> str:
    """Return what every contrast of a model is.

    Examples
    --------
    >>> quantity([])
    'Contrasts of the model'
    """
    names = dict.fromkeys(one.estimate_name for one in group if one.estimate_name)
    return capitalised(" or ".join(names)) or "Contrasts of the model"


def _short(one: Result, *, named: bool) -> str:
    """Return a contrast without how it was made: the table and the methods say that for all."""
    head = ", ".join(part for part in (where(one), _who(one, named=named)) if part)
    said = [f"{capitalised(head)}: {_estimate(one)}"]
    if not math.isnan(one.p_value):
        said.append(format_p(one.p_value))
    if not math.isnan(one.p_adjusted):
        said.append(f"{format_p(one.p_adjusted)} after {one.adjustment}")
    if test := permutation_of(one):
        said.append(f"by permutation {format_p(test.p_value)}")
    counts = ", ".join(
        f"{'' if group == EVERYBODY else f'{spaced(group)} '}n = {count}"
        for group, count in one.n.items()
    )
    return f"{'; '.join([', '.join(said), *([counts] if counts else [])])}."


def _who(one: Result, *, named: bool) -> str:
    contrast = spaced(contrast_words(one)) if len(one.groups) == 2 else ""
    name = one.estimate_name or "estimate"
    if not named:
        return contrast or ", ".join(spaced(group) for group in one.groups if group != EVERYBODY)
    return f"{name} ({contrast})" if contrast else name


def _estimate(one: Result) -> str:
    if math.isnan(one.estimate):
        return "not estimated"
    return f"{number_text(one)}{', ' + interval_text(one) if not math.isnan(one.ci_low) else ''}"


def model_words(group: Sequence[Result], rows: Mapping[Result, int]) -> tuple[Markdown, ...]:
    """Return what model was fitted, and where what else it gave stands.

    Parameters
    ----------
    group : sequence of Result
        Of one model.
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    tuple of Markdown
        Sentences.
    """
    methods = list(dict.fromkeys(one.p_method for one in group if one.p_method))
    told = [escape_markdown(f"Model: {one}.") for one in methods]
    beside = list(_beside(group))
    overall = sorted(filter(_is_overall, beside), key=is_permutation)  # the model's first
    told += [_overall(one, rows) for one in overall]
    others = [one for one in beside if one not in overall]
    if others:
        kinds = list(dict.fromkeys(one.estimate_name for one in others if one.estimate_name))
        shown = ", ".join(kinds[:6]) + (" and others" if len(kinds) > 6 else "")
        what = f"What else belongs to the model stands in the appendix: {shown}."
        told.append(join_markdown([what, rows_in_runs(others, rows)]))
    return tuple(told)


def _is_overall(one: Result) -> bool:
    """Return whether several contrasts are tested at once, by the model or by permutation."""
    by_permutation = math.isnan(one.estimate) and is_permutation(one)
    return by_permutation or _OVERALL.match(one.statistic_name) is not None


def _overall(one: Result, rows: Mapping[Result, int]) -> Markdown:
    """Return a test of several contrasts at once."""
    if is_permutation(one):
        what = f"{capitalised(spaced(one.outcome.rpartition(', ')[2]))}, by permutation"
        said = f"{what}: {one.statistic_name} = {format_number(one.statistic)}, "
        return join_markdown([f"{said}{format_p(one.p_value)}.", row_link(rows[one])])
    said = f"{capitalised(spaced(one.outcome))}: {one.statistic_name} = "
    said += f"{format_number(one.statistic)}, {format_p(one.p_value)}."
    return join_markdown([said, row_link(rows[one])])


def _beside(group: Sequence[Result]) -> Iterable[Result]:
    """Give the companions that no table of the finding shows."""
    for one in group:
        shown = {*means_of(one), permutation_of(one), simultaneous_of(one)}
        yield from (each for each in one.companions if each not in shown)
