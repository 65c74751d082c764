"""Findings by what they are for: primary, secondary, exploratory, sensitivity, and the others."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.figure_files import FigureFile
from ketbio.report.findings import Finding, told_results
from ketbio.report.markdown import Markdown, join_markdown, markdown_table
from ketbio.report.models import is_of_model
from ketbio.report.result_cells import interval_text, method_text, number_text
from ketbio.report.row_numbers import row_link, rows_in_brackets
from ketbio.result import AIMS, Result
from ketbio.wording import capitalised, count_of, format_p

PRIMARY, SENSITIVITY = "primary", "sensitivity"

PAIRS = "correlate_markers"
"""The analysis whose results are of two markers each."""

HEADINGS = {
    "primary": "Primary analyses",
    "secondary": "Secondary analyses",
    "exploratory": "Exploratory analyses",
    "sensitivity": "Sensitivity analyses",
    "": "Analyses",
}
"""Aim → the heading of its section."""

OTHERS = "Other analyses"
"""The heading of those without an aim where others have one."""

SECTION_OF = {aim: aim or "analyses" for aim in AIMS}
"""Aim → the section of its findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Findings of one analysis of several markers, and the figure that shows them together.

    Attributes
    ----------
    figure : FigureFile
        Without a name where there is one finding only, or no figure of several.
    findings : tuple of Finding
    """

    figure: FigureFile
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """The findings of one aim.

    Attributes
    ----------
    heading : str
    remark : Markdown
        What has to be known of them together, with the rows; empty where nothing.
    beside : Markdown
        Sensitivity analyses beside their primary one, in a table; empty elsewhere.
    families : tuple of Family
        In the order of the plan; empty where no analysis has this aim.
    """

    heading: str
    remark: Markdown
    beside: Markdown
    families: tuple[Family, ...]


def families_of(results: Iterable[Result]) -> tuple[tuple[Result, ...], ...]:
    """Return results in families: what one analysis made of several markers stands together.

    Parameters
    ----------
    results : iterable of Result

    Returns
    -------
    tuple of tuple of Result
        In their order; a result that stands alone is a family of one.

    Examples
    --------
    >>> families_of([])
    ()
    """
    families: list[list[Result]] = []
    for one in results:
        if families and _are_together(families[-1], one):
            families[-1].append(one)
        else:
            families.append([one])
    return tuple(map(tuple, families))


def _are_together(family: Sequence[Result], one: Result) -> bool:
    """Tell whether a result is of the family: the same question, adjusted in the same way."""
    if is_of_model(family[0], one):
        return True
    adjusted = {member.adjustment for member in (*family, one) if member.adjustment}
    is_new = _markers(one) not in map(_markers, family)  # else the question is asked once more
    return _question(family[0]) == _question(one) and len(adjusted) <= 1 and is_new


def _markers(one: Result) -> tuple[str, ...]:
    return (one.marker, *one.groups) if one.analysis == PAIRS else (one.marker,)


def _question(one: Result) -> tuple[str, ...]:
    outcome = one.outcome.partition(", with that of ")[0]  # names the other marker of the pair
    return (one.analysis, one.title, one.aim, outcome, one.estimate_name)


def group_findings(
    results: Sequence[Result],
    findings: Sequence[Finding],
    rows: Mapping[Result, int],
    figures: Mapping[Result, FigureFile],
) -> dict[str, FindingGroup]:
    """Return the findings of each aim.

    Parameters
    ----------
    results : sequence of Result
        Those that were described; the lines of Table 1 are left aside.
    findings : sequence of Finding
        From `describe_findings`, of the same results.
    rows : mapping of Result to int
        From `number_rows`.
    figures : mapping of Result to FigureFile
        The first result of a family → the figure of the family.

    Returns
    -------
    dict of str to FindingGroup
        Section → its findings, each section of `SECTION_OF` once.

    Examples
    --------
    >>> group_findings([], [], {}, {})["primary"].families
    ()
    """
    told = told_results(results)
    by_result = dict(zip(told, findings, strict=True))
    every = [one for one in results if one.analysis != TABLE_1]
    has_aims = any(one.aim for one in told)
    groups = {}
    for aim, section in SECTION_OF.items():
        own = [one for one in told if one.aim == aim]
        groups[section] = FindingGroup(
            heading=OTHERS if has_aims and not aim else HEADINGS[aim],
            remark=_remark([one for one in every if one.aim == aim], rows)
            if aim == PRIMARY
            else Markdown(),
            beside=beside_table(every, rows) if aim == SENSITIVITY else Markdown(),
            families=tuple(
                Family(
                    figure=figures.get(family[0], FigureFile()),
                    findings=tuple(by_result[one] for one in family),
                )
                for family in families_of(own)
            ),
        )
    return groups


def _remark(primary: Sequence[Result], rows: Mapping[Result, int]) -> Markdown:
    said = primary_remark(primary)
    tested = [one for one in primary if not math.isnan(one.p_value)]
    return join_markdown([said, rows_in_brackets(tested, rows)]) if said else Markdown()


def primary_remark(primary: Sequence[Result]) -> str:
    """Return a caution where several tests are primary and no adjustment spans them.

    Examples
    --------
    >>> primary_remark([])
    ''
    """
    tested = [one for one in primary if not math.isnan(one.p_value)]
    n_families = len(families_of(tested))
    is_spanned = n_families == 1 or _are_one_call(tested)
    if len(tested) < 2 or (is_spanned and not any(math.isnan(one.p_adjusted) for one in tested)):
        return ""
    adjusted = [one for one in tested if not math.isnan(one.p_adjusted)]
    how = (
        "their p values are adjusted within an analysis at most, not over all of them"
        if adjusted
        else "their p values are not adjusted for one another"
    )
    return (
        f"{count_of(len(tested), 'test')} are called primary and {how}: the chance that at least "
        "one p value is small by chance alone is larger than each of them says."
    )


def _are_one_call(tested: Sequence[Result]) -> bool:
    """Whether all were adjusted together, as the visits of a crossover are."""
    calls = {(one.analysis, one.title, one.adjustment) for one in tested}
    return len(calls) == 1 and f" over {len(tested)} " in tested[0].adjustment


def beside_table(results: Sequence[Result], rows: Mapping[Result, int]) -> Markdown:
    """Return each primary result with the sensitivity analyses of its marker below it.

    Parameters
    ----------
    results : sequence of Result
    rows : mapping of Result to int
        From `number_rows`.

    Returns
    -------
    Markdown
        Empty where no sensitivity analysis has a primary one.

    Examples
    --------
    >>> beside_table([], {}) == ""
    True
    """
    primary = [one for one in results if one.aim == PRIMARY]
    below: dict[Result, list[Result]] = {}
    for one in results:
        if one.aim == SENSITIVITY and (of := primary_of(one, primary)) is not None:
            below.setdefault(of, []).append(one)
    lines = [one for main, others in below.items() for one in (main, *others)]
    if not lines:
        return Markdown()
    return markdown_table(
        [_line(one, rows) for one in lines],
        headings=["Row", "Aim", "Quantity", "n", "Estimate", "Interval", "p", "Method"],
        caption="Sensitivity analyses beside the primary analysis of the same marker",
        identifier="table-sensitivity",
        classes=("stub",),
    )


def primary_of(sensitivity: Result, primary: Sequence[Result]) -> Result | None:
    """Return the primary result that a sensitivity analysis stands beside, None where none does.

    Of the same marker: the one with most in common of kind and outcome, the first where equal.
    """
    same = [one for one in primary if one.marker == sensitivity.marker]
    return max(same, key=lambda one: _in_common(one, sensitivity), default=None)


def _in_common(one: Result, other: Result) -> tuple[int, int]:
    """Return how much two results share: kind and outcome, then words of the outcome (a visit)."""
    first, second = (set(each.outcome.replace(",", " ").split()) for each in (one, other))
    return 2 * (one.analysis == other.analysis) + (one.outcome == other.outcome), len(
        first & second
    )


def _line(one: Result, rows: Mapping[Result, int]) -> list[object]:
    quantity = ", ".join(part for part in (one.label, one.outcome, one.estimate_name) if part)
    adjusted = "" if math.isnan(one.p_adjusted) else f"; {_p(one.p_adjusted)} after adjustment"
    return [
        row_link(rows[one], text=str(rows[one])),
        capitalised(one.aim),
        f"{one.title}: {quantity}" if one.title else quantity,
        ", ".join(f"{group} {count}" for group, count in one.n.items()),
        number_text(one),
        interval_text(one) if not math.isnan(one.ci_low) else "",
        "" if math.isnan(one.p_value) else f"{_p(one.p_value)}{adjusted}",
        method_text(one),
    ]


def _p(p: float) -> str:
    return format_p(p, symbol=False)
