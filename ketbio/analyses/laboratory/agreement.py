"""One method of measuring against another: bias and limits of agreement (Bland & Altman)."""

import math
from dataclasses import dataclass

import pandas as pd

from ketbio.analyses.laboratory.replicate_rows import is_beyond_limit, reasons_of
from ketbio.analyses.question import Question
from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import StatisticsError, TableError
from ketbio.result import Result
from ketbio.statistics.agreement import SCALES, Agreement, limits_of_agreement
from ketbio.statistics.records import Estimate
from ketbio.vocabulary import PARTICIPANT_ID, REASON, UNIT, VALUE, VISIT
from ketbio.wording import count_of, format_number, format_p

ALPHA = 0.05
CITED = ("blandaltman1986", "blandaltman1999", "carkeet2015")
KEYS = [PARTICIPANT_ID, VISIT]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Paired:
    """Pairs of ``first`` and ``second``, and who is left out and why."""

    pairs: pd.DataFrame
    excluded: pd.DataFrame


def compare_methods(
    first: pd.DataFrame,
    second: pd.DataFrame,
    *,
    marker: str,
    value: str = VALUE,
    names: tuple[str, str] = ("first", "second"),
    unit: str | None = None,
    scale: str = "difference",
    confidence_level: float = 0.95,
) -> Result:
    """Compare two methods that measured the same samples.

    Parameters
    ----------
    first, second : DataFrame
        ``participant_id, visit`` and the value, one row per sample; paired by participant and
        visit, never by row order. A sample that one of them lacks is left out, with the reason.
    marker : str
        What both measure.
    value : str
        Column of the value, in both.
    names : tuple of str
        The methods, for the words.
    unit : str, optional
        Of both; that of their column ``unit`` when None, where they have one.
    scale : {"difference", "ratio"}
        Whether the methods differ by an amount or by a factor.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    Result
        ``estimate`` is the bias, first minus second (first over second with ``"ratio"``);
        companions: both limits of agreement, and the slope of the difference on the mean. ``data``:
        ``participant_id, visit, first, second, mean, difference``; with ``"ratio"`` the geometric
        mean and the ratio.

    Raises
    ------
    TableError
        A column is not there, a sample is there twice, or the units differ.

    Examples
    --------
    >>> samples = pd.DataFrame({"participant_id": ["P01", "P02", "P03"], "visit": "baseline"})
    >>> found = compare_methods(samples.assign(value=[10.0, 12, 15]), marker="BDNF_serum",
    ...     second=samples.assign(value=[14.0, 11, 9]).iloc[::-1], names=("kit A", "kit B"))
    >>> round(found.estimate, 3), found.groups
    (1.0, ('kit A', 'kit B'))
    """
    require_one_of("scale", scale, SCALES)
    told = _unit((first, second), names) if unit is None else unit
    paired = _pair(first, second, value, names)
    is_ratio = scale == "ratio"
    data = _with_differences(paired.pairs, is_ratio)
    question = Question(
        analysis="compare_methods",
        marker=marker,
        outcome=f"agreement of {names[0]} and {names[1]}",
        groups=names,
        n={"pairs": len(data)},
        unit="" if is_ratio else told,
    )
    fields = {"role": "description", "data": data, "excluded": paired.excluded}
    try:
        found = limits_of_agreement(
            data["first"].to_numpy(dtype=float),
            data["second"].to_numpy(dtype=float),
            scale=scale,
            confidence_level=confidence_level,
        )
    except StatisticsError as refused:
        return question.without_answer(str(refused).rstrip("."), **fields)
    return question.answer(
        **fields,
        **_numbers(found.bias),
        null_value=1.0 if is_ratio else 0.0,
        spread=math.nan if is_ratio else found.sd,
        warnings=_limits(data, found, is_ratio),
        references=CITED,
        companions=(
            *(
                question.answer(role="description", references=CITED, **_numbers(one))
                for one in (found.lower, found.upper)
            ),
            question.about(unit="").answer(
                role="sensitivity",
                p_value=found.slope_p,
                p_method="t test of the slope, which assumes normal differences",
                is_exact=False,
                alternative="two-sided",
                references=CITED[1:2],
                **_numbers(found.slope),
            ),
        ),
    )


def _unit(tables: tuple[pd.DataFrame, pd.DataFrame], names: tuple[str, str]) -> str:
    """Return the one unit that both tables name, ``""`` where neither names one."""
    named = [
        (name, unit)
        for name, table in zip(names, tables, strict=True)
        if UNIT in table
        for unit in dict.fromkeys(table[UNIT].dropna().astype("str"))
        if unit
    ]
    if len({unit for _, unit in named}) > 1:
        listed = ", ".join(f"{name} {unit}" for name, unit in named)
        raise TableError(f"the units differ: {listed}. Bring both methods to one unit first.")
    return named[0][1] if named else ""


def _numbers(found: Estimate) -> dict[str, float | str]:
    return {
        "estimate": found.value,
        "estimate_name": found.name,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_level": found.ci_level,
        "ci_method": found.ci_method,
    }


def _with_differences(pairs: pd.DataFrame, is_ratio: bool) -> pd.DataFrame:
    a, b = pairs["first"], pairs["second"]
    if is_ratio:
        return pairs.assign(mean=(a * b) ** 0.5, difference=a / b)
    return pairs.assign(mean=(a + b) / 2, difference=a - b)


def _pair(first: pd.DataFrame, second: pd.DataFrame, value: str, names: tuple[str, str]) -> _Paired:
    sides = [
        _one_side(table, value, what, name)
        for table, what, name in zip((first, second), ("first", "second"), names, strict=True)
    ]
    both = sides[0].merge(sides[1], on=KEYS, how="outer", sort=False, validate="one_to_one")
    reasons = []
    for row in both.to_dict("records"):
        lacking = [f"{name}{row[f'{what}_why'] if pd.notna(row[f'{what}_why']) else ''}"
                   for what, name in zip(("first", "second"), names, strict=True)
                   if pd.isna(row[what])]  # fmt: skip
        reasons.append(f"{row[VISIT]}: no value by {' or '.join(lacking)}" if lacking else "")
    both[REASON] = pd.Series(reasons, index=both.index, dtype="str")
    lost = both[REASON] != ""
    return _Paired(
        pairs=both.loc[~lost, [*KEYS, "first", "second"]].reset_index(drop=True),
        excluded=both.loc[lost, [PARTICIPANT_ID, REASON]].reset_index(drop=True),
    )


def _one_side(table: pd.DataFrame, value: str, what: str, name: str) -> pd.DataFrame:
    require_columns(table, [*KEYS, value], what=what)
    side = table[[*KEYS, value]].astype(dict.fromkeys(KEYS, "str"))
    twice = side[side.duplicated(KEYS)]
    if len(twice):
        row = twice.iloc[0]
        raise TableError(
            f"{name} has two rows of {row[PARTICIPANT_ID]} at {row[VISIT]}; one row per sample is "
            "allowed. Average replicates first, or remove the duplicate."
        )
    if not pd.api.types.is_numeric_dtype(side[value]):
        raise TableError(f"column {value!r} of {what} holds {side[value].dtype}; allowed: numbers.")
    numbers = side[value].astype("float64").mask(is_beyond_limit(table))
    why = reasons_of(table)
    told = (" (" + why + ")").where(why != "", "")
    return side[KEYS].assign(**{what: numbers}).assign(**{f"{what}_why": told})


def _limits(data: pd.DataFrame, found: Agreement, is_ratio: bool) -> tuple[str, ...]:
    said = []
    people = data[PARTICIPANT_ID].nunique()
    if people < len(data):
        said.append(
            f"{count_of(len(data), 'pair')} are of {count_of(people, 'participant')}; the limits "
            "take them as independent, and are too narrow where people differ in the bias."
        )
    if found.slope_p < ALPHA:
        hint = "" if is_ratio else ' Compare them with scale="ratio".'
        said.append(
            "The difference depends on the level (slope on the mean "
            f"{format_number(found.slope.value, signed=True)}, {format_p(found.slope_p)}): one "
            f"bias and one pair of limits do not hold over the whole range.{hint}"
        )
    return tuple(said)
