"""Table 1: who the participants are. Described, never tested."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ketbio.analyses.companions import count_line, mean_line, median_line
from ketbio.analyses.question import Question
from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.result import Result, Results
from ketbio.vocabulary import (
    CENSORED,
    MARKER,
    NON_RESPONDER,
    PARTICIPANT_ID,
    PARTICIPANT_VARIABLES,
    RESPONDER,
    UNIT,
    VALUE,
    VISIT,
    marker_label,
)
from ketbio.wording import count_of, join_words

ALL = "all"
MOST_LEVELS = 10
"""A text column with more levels is no category and is left out, by name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Variable:
    """One variable: its values by participant, and which of them are below or above a limit."""

    name: str
    label: str
    unit: str
    outcome: str
    values: "pd.Series[Any]"
    below: "pd.Series[bool]"
    above: "pd.Series[bool]"


def summarise_participants(
    participants: pd.DataFrame,
    *,
    variables: Sequence[str] | None = None,
    response: pd.DataFrame | None = None,
    endpoints: pd.DataFrame | None = None,
    baseline: str | None = None,
) -> Results:
    """Describe the participants, everyone together and by response.

    Numbers are given as mean (SD) with the median and quartiles as companion, categories as count
    and percent of those known. Nothing is tested: at baseline a test answers no question.

    Parameters
    ----------
    participants : DataFrame
        The validated ``participants`` table.
    variables : sequence of str, optional
        Columns to describe; all when None.
    response : DataFrame, optional
        As `derive_response` returns it; adds a column for responders and for non-responders.
    endpoints : DataFrame, optional
        The endpoints table; adds each marker at ``baseline``.
    baseline : str, optional
        The baseline visit; needed with ``endpoints``.

    Returns
    -------
    Results
        One `Result` per variable (and level) and group; ``statistic`` is the count of a category.

    Raises
    ------
    TableError
        Unknown variable, or a table without ``participant_id``.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"participant_id": ["P1", "P2", "P3"],
    ...     "sex": ["female", "male", "female"], "age_years": [15.0, 16.0, 14.0]})
    >>> summarise_participants(people).tidy()[["label", "outcome", "estimate", "n"]].round(1)
      label outcome  estimate  n
    0   Sex  female      66.7  3
    1   Sex    male      33.3  3
    2   Age              15.0  3
    3   Age              15.0  3
    """
    require_columns(participants, [PARTICIPANT_ID], what="participants")
    columns = [str(name) for name in participants.columns if name != PARTICIPANT_ID]
    for name in variables or ():
        require_one_of("variable", name, columns)
    groups = _groups(participants, response)
    lines: list[Result] = []
    left_out: list[str] = []
    for variable in _variables(participants, variables or columns, endpoints, baseline):
        if _is_number(variable.values):
            lines += [line for item in groups.items() if (line := _number(variable, *item))]
        elif variables is None and variable.values.nunique() > MOST_LEVELS:
            left_out.append(variable.label)
        else:
            lines += _categories(variable, groups)
    return Results(_with_notes(lines, left_out, groups, response))


def _groups(
    participants: pd.DataFrame, response: pd.DataFrame | None
) -> dict[str, "pd.Series[bool]"]:
    everyone = pd.Series(data=True, index=participants.index)
    if response is None:
        return {ALL: everyone}
    require_columns(response, [PARTICIPANT_ID, "response"], what="response")
    known = participants[PARTICIPANT_ID].map(response.set_index(PARTICIPANT_ID)["response"])
    return {ALL: everyone} | {name: known == name for name in (RESPONDER, NON_RESPONDER)}


def _variables(
    participants: pd.DataFrame,
    names: Iterable[str],
    endpoints: pd.DataFrame | None,
    baseline: str | None,
) -> list[_Variable]:
    made = []
    for name in names:
        label, unit = PARTICIPANT_VARIABLES.get(name, (name.replace("_", " "), ""))
        made.append(
            _Variable(
                name=name,
                label=label,
                unit=unit,
                outcome="",
                values=participants[name],
                below=pd.Series(data=False, index=participants.index),
                above=pd.Series(data=False, index=participants.index),
            )
        )
    if endpoints is None:
        return made
    require_columns(endpoints, [MARKER, VISIT, VALUE, UNIT, CENSORED], what="endpoints")
    at_baseline = endpoints[endpoints[VISIT] == baseline]
    for marker, rows in at_baseline.groupby(MARKER, sort=False):
        by_id = rows.set_index(PARTICIPANT_ID)
        values = participants[PARTICIPANT_ID].map(by_id[VALUE])
        censored = participants[PARTICIPANT_ID].map(by_id[CENSORED]).fillna("")
        made.append(
            _Variable(
                name=str(marker),
                label=marker_label(str(marker)),
                unit=str(rows[UNIT].iloc[0]),
                outcome=f"value at {baseline}",
                values=values,
                below=censored == "left",
                above=censored == "right",
            )
        )
    return made


def _is_number(values: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _question(variable: _Variable, outcome: str) -> Question:
    return Question(
        analysis="summarise_participants",
        marker=variable.name,
        label=variable.label,
        outcome=outcome,
        groups=(ALL,),
        n={},
        unit=variable.unit,
    )


def _missing(n: int, total: int) -> tuple[str, ...]:
    return (f"{total - n} of {total} missing.",) if n < total else ()


def _beyond(below: int, above: int, total: int) -> tuple[str, ...]:
    sides = {"below the LLOQ": (below, "high"), "above the ULOQ": (above, "low")}
    return tuple(
        f"{count} of {total} {where} and not in the mean, which is therefore too {bias}."
        for where, (count, bias) in sides.items()
        if count
    )


def _number(variable: _Variable, group: str, member: "pd.Series[bool]") -> Result | None:
    inside = variable.values[member]
    below, above = int(variable.below[member].sum()), int(variable.above[member].sum())
    values = inside.dropna().to_numpy(dtype=float)
    if not len(values):
        return None
    question = _question(variable, variable.outcome)
    return mean_line(
        question,
        values,
        group=group,
        warnings=_missing(len(values) + below + above, len(inside))
        + _beyond(below, above, len(inside)),
        companions=(median_line(question, values, group=group),),
    )


def _categories(variable: _Variable, groups: Mapping[str, "pd.Series[bool]"]) -> list[Result]:
    texts = variable.values.astype("str").where(variable.values.notna())
    lines = []
    for level in sorted(texts.dropna().unique()):
        for group, member in groups.items():
            inside = texts[member]
            n = int(inside.notna().sum())
            if n:
                lines.append(
                    count_line(
                        _question(variable, str(level)),
                        int((inside == level).sum()),
                        group=group,
                        n=n,
                        name="percent",
                        warnings=_missing(n, len(inside)),
                    )
                )
    return lines


def _with_notes(
    lines: list[Result],
    left_out: list[str],
    groups: Mapping[str, "pd.Series[bool]"],
    response: pd.DataFrame | None,
) -> list[Result]:
    """Put what holds for the whole table on its first line."""
    notes = []
    if left_out:
        notes.append(
            f"Not described (more than {MOST_LEVELS} different texts): {join_words(left_out)}."
        )
    if response is not None:
        unknown = len(groups[ALL]) - int(groups[RESPONDER].sum() + groups[NON_RESPONDER].sum())
        if unknown:
            notes.append(
                f"{count_of(unknown, 'participant')} without a known response: counted under "
                f"'{ALL}' only."
            )
    if not notes or not lines:
        return lines
    return [replace(lines[0], warnings=(*lines[0].warnings, *notes)), *lines[1:]]
