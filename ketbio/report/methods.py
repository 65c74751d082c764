"""The methods of a report, written from what the results say was done."""

import re
from collections.abc import Mapping, Sequence

from ketbio.report.bibliography import cite
from ketbio.report.kinds import KINDS
from ketbio.report.markdown import Markdown, escape_markdown, join_markdown
from ketbio.report.row_numbers import rows_in_brackets
from ketbio.result import Result, side_words
from ketbio.study import Study
from ketbio.vocabulary import SCALES
from ketbio.wording import join_words

PRINCIPLE = (
    "Estimates are given with their intervals first and p values after them.",
    ("lang2015",),
)


def describe_methods(results: Sequence[Result], study: Study | None) -> tuple[Markdown, ...]:
    """Return the methods as paragraphs.

    Parameters
    ----------
    results : sequence of Result
    study : Study or None
        The plan, where there is one: it says how response was defined and rows were treated.

    Returns
    -------
    tuple of Markdown

    Examples
    --------
    >>> len(describe_methods([], None))
    1
    """
    used = [KINDS[kind] for kind in dict.fromkeys(one.analysis for one in results) if kind in KINDS]
    return (
        *(_plan_paragraphs(study, results) if study is not None else ()),
        *(_cited(sentence, keys) for sentence, keys in used),
        _cited(*PRINCIPLE),
    )


def _plan_paragraphs(study: Study, results: Sequence[Result]) -> tuple[Markdown, ...]:
    run = f"from {study.baseline} to {study.endpoint}"
    if study.crossover is not None:
        run = "from the baseline of each period to its later visits"
    sentences = (
        f"The visits of the study are {join_words(study.visits)}; changes run {run}.",
        *_marker_sentences(study),
        REJECTED[study.rejected_rows],
    )
    plain = tuple(escape_markdown(sentence) for sentence in sentences)
    if NEED_RESPONSE.isdisjoint(one.analysis for one in results):
        return plain
    return (*plain, _response_definition(study), escape_markdown(MISSING[study.response.missing]))


def _response_definition(study: Study) -> Markdown:
    response, scale = study.response, SCALES.get(study.response.scale)
    cut = float(response.remission_at_or_below)
    less = f" less the scale's floor of {scale.floor}" if scale and scale.floor else ""
    source = scale.cut_off_source(cut) if scale else ()
    of_scale = join_markdown(
        [f"Response on {response.scale}", cite(scale.references if scale else ())]
    )
    convention = "" if source else ", a convention of trials"
    sentence = (
        f"was a reduction by {study.endpoint} of at least "
        f"{response.reduction_percent:g}% of the total at {study.baseline}{less}, and remission a "
        f"total of {cut:g} or less at {study.endpoint}{convention}."
    )
    return join_markdown([of_scale, _cited(sentence, source)])


def _marker_sentences(study: Study) -> tuple[str, ...]:
    return tuple(
        f"{marker.label} was derived from the table {marker.table}{_options(marker.options)}."
        for marker in study.markers
    )


def _options(options: Mapping[str, object]) -> str:
    said = (
        f"{name.replace('_', ' ')}: {join_words(value) if isinstance(value, list) else value}"
        for name, value in options.items()
    )
    return f" ({'; '.join(said)})" if options else ""


NEED_RESPONSE = frozenset({"summarise_response", "compare_responders"})
"""Analyses that stand on the definition of response."""

MISSING = {
    "exclude": "A participant without the endpoint visit has no response value and is left out.",
    "non_responder": "A participant without the endpoint visit was counted as a non-responder.",
}
"""What was done with a participant who has no endpoint rating."""

REJECTED = {
    "stop": "Had a row of the incoming tables been rejected, nothing would have been analysed.",
    "exclude": "Rows of the incoming tables that were rejected are left out and counted above.",
}
"""What was done with rejected rows."""


def _cited(sentence: str, keys: Sequence[str]) -> Markdown:
    if not keys:
        return escape_markdown(sentence)
    return Markdown(f"{join_markdown([sentence.removesuffix('.'), cite(keys)])}.")


def describe_techniques(
    results: Sequence[Result], rows: Mapping[Result, int]
) -> tuple[Markdown, ...]:
    """Return each distinct way in which an estimate, interval or p value was made.

    Parameters
    ----------
    results : sequence of Result
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    tuple of Markdown
        One sentence each, with the rows it concerns and its references.

    Examples
    --------
    >>> describe_techniques([], {})
    ()
    """
    alike: dict[tuple[str, ...], list[Result]] = {}
    for result in (one for main in results for one in (main, *main.companions)):
        is_tested = result.p_method or result.references
        if is_tested or (result.ci_method and result.role != "description"):
            alike.setdefault(_technique(result), []).append(result)
    return tuple(_technique_sentence(found, rows) for found in alike.values())


def _technique(result: Result) -> tuple[str, ...]:
    return (
        result.estimate_name,
        NUMBER.sub("#", result.p_method),
        result.alternative,
        NUMBER.sub("#", result.ci_method),
        f"{result.ci_level:g}" if result.ci_method else "",
        result.effect_size_name,
        result.adjustment,
        *result.references,
    )


NUMBER = re.compile(r"[\d.,]*\d")
"""A number in the words of a method; techniques that differ only in numbers are told as one."""


def _pooled(methods: Sequence[str]) -> str:
    """Return words that differ only in their numbers once, each number with its range."""
    ranges = zip(*(NUMBER.findall(words) for words in methods), strict=True)
    told = iter([_range(numbers) for numbers in ranges])
    return NUMBER.sub(lambda _number: next(told), methods[0])


def _range(numbers: Sequence[str]) -> str:
    if len(set(numbers)) == 1:
        return numbers[0]
    ordered = sorted(numbers, key=lambda number: float(number.replace(",", "")))
    return f"{ordered[0]} to {ordered[-1]}"


def _technique_sentence(found: Sequence[Result], rows: Mapping[Result, int]) -> Markdown:
    first = found[0]
    p_method = _pooled([one.p_method for one in found])
    ci_method = _pooled([one.ci_method for one in found])
    parts = [
        f"p: {p_method}" if p_method else "",
        side_words(first.alternative),
        f"{100 * first.ci_level:g}% interval: {ci_method}" if ci_method else "",
        f"standardised as {first.effect_size_name}" if first.effect_size_name else "",
        f"adjusted by {first.adjustment}" if first.adjustment else "",
    ]
    made = "; ".join(part for part in parts if part)
    name = escape_markdown(first.estimate_name or "estimate")
    where = rows_in_brackets(found, rows)
    head = Markdown(f"**{name}** {where}{':' if made else ''}")
    return join_markdown([head, made, cite(first.references)])
