"""Table 1: who the participants are. Described, never tested."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from ketbio.analyses.participant_lines import (
    ALL,
    Groups,
    Variable,
    category_lines,
    number_lines,
)
from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import TableError
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

MOST_LEVELS = 10
"""A text column with more levels is no category and is left out, by name."""
TOO_MANY = f"more than {MOST_LEVELS} different texts"
NOBODY = "nobody has a value"


def summarise_participants(
    participants: pd.DataFrame,
    *,
    variables: Sequence[str] | None = None,
    response: pd.DataFrame | None = None,
    endpoints: pd.DataFrame | None = None,
    baseline: str | None = None,
    by: str | None = None,
    confidence_level: float = 0.95,
) -> Results:
    """Describe the participants, everyone together and by response or by another group.

    Numbers are given as mean (SD) with the median and quartiles as companion, categories as count
    and percent of those known; who is missing is counted. Two groups are set against each other,
    first minus second: the difference of means with Welch's interval and Hedges' g, the difference
    of percentages with Newcombe's hybrid score interval and the standardised difference, as
    companions of the first group's line. Nothing is tested: at baseline a test answers no question.

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
    by : str, optional
        A column of ``participants``, such as ``"arm"``, whose levels are the groups (in place of
        ``response``); their differences are told where there are two.
    confidence_level : float
        Of the differences' intervals.

    Returns
    -------
    Results
        One `Result` per variable (and level) and group; ``statistic`` is the count of a category.

    Raises
    ------
    TableError
        Unknown variable or group, or a table without ``participant_id``.
    StatisticsError
        A confidence level outside 0 to 1.

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
    groups = _groups(participants, response, by)
    lines: list[Result] = []
    left_out: dict[str, list[str]] = {TOO_MANY: [], NOBODY: []}
    described = variables or [name for name in columns if name != by]
    for variable in _variables(participants, described, endpoints, baseline):
        is_asked = variables is not None or variable.outcome
        if not is_asked and variable.values.isna().all():
            left_out[NOBODY].append(variable.label)
        elif variable.is_number:
            lines += number_lines(variable, groups, confidence_level=confidence_level)
        elif variables is None and variable.values.nunique() > MOST_LEVELS:
            left_out[TOO_MANY].append(variable.label)
        else:
            lines += category_lines(variable, groups, confidence_level=confidence_level)
    return Results(_with_notes(lines, left_out, groups, "group" if by else "response"))


def _groups(participants: pd.DataFrame, response: pd.DataFrame | None, by: str | None) -> Groups:
    everyone = {ALL: pd.Series(data=True, index=participants.index)}
    if by is not None:
        if response is not None:
            raise TableError(
                "Participants are described by response or by another group: give one."
            )
        require_one_of("by", by, [str(name) for name in participants.columns])
        known = participants[by].astype("str").where(participants[by].notna())
        levels = sorted(known.dropna().unique())
        if ALL in levels:
            raise TableError(
                f"{by} has a group named {ALL!r}, which is what everyone together is called here; "
                "give it another name."
            )
        return everyone | {str(level): known == level for level in levels}
    if response is None:
        return everyone
    require_columns(response, [PARTICIPANT_ID, "response"], what="response")
    known = participants[PARTICIPANT_ID].map(response.set_index(PARTICIPANT_ID)["response"])
    return everyone | {name: known == name for name in (RESPONDER, NON_RESPONDER)}


def _variables(
    participants: pd.DataFrame,
    names: Iterable[str],
    endpoints: pd.DataFrame | None,
    baseline: str | None,
) -> list[Variable]:
    made = []
    for name in names:
        label, unit = PARTICIPANT_VARIABLES.get(name, (name.replace("_", " "), ""))
        made.append(
            Variable(
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
            Variable(
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


def _with_notes(
    lines: list[Result], left_out: Mapping[str, list[str]], groups: Groups, split_by: str
) -> list[Result]:
    """Put what holds for the whole table on its first line."""
    notes = [
        f"Not described ({why}): {join_words(labels)}."
        for why, labels in left_out.items()
        if labels
    ]
    sizes = {group: int(member.sum()) for group, member in groups.items()}
    unknown = 2 * sizes[ALL] - sum(sizes.values()) if len(groups) > 1 else 0
    if unknown:
        notes.append(
            f"{count_of(unknown, 'participant')} without a known {split_by}: counted under "
            f"'{ALL}' only."
        )
    if not notes or not lines:
        return lines
    return [replace(lines[0], warnings=(*lines[0].warnings, *notes)), *lines[1:]]
