"""What every participant gave in every period, and who cannot be compared with themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.crossovers.design import CrossoverDesign
from ketbio.analyses.values import require_shared_ids
from ketbio.analyses.visit_models.rows import NOT_KNOWN
from ketbio.endpoints.change import CHANGES, why_missing
from ketbio.endpoints.frames import (
    one_row_each,
    require_columns,
    require_one_of,
    select_markers,
)
from ketbio.endpoints.periods import OUTCOME, SEQUENCE
from ketbio.errors import TableError
from ketbio.statistics.crossover.crossover_arrays import CrossoverArrays, crossover_arrays
from ketbio.statistics.crossover.label_permutation import half_differences
from ketbio.statistics.records import FloatArray
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, REASON, UNIT, VALUE, VISIT
from ketbio.wording import join_words

NO_SEQUENCE = "no sequence in participants"
COLUMNS = (
    PARTICIPANT_ID,
    "sequence",
    "period",
    "treatment",
    "baseline_value",
    "value",
    "response",
    "is_complete",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossoverRows:
    """One marker at one visit of the periods.

    Attributes
    ----------
    marker, unit, role : str
        The marker, its unit, and which of the periods' visits.
    outcome : str
        What is compared, in words.
    rows : DataFrame
        `COLUMNS`; one row per participant × period that has a response. ``is_complete``: whether
        the participant has one in every period.
    excluded : DataFrame
        ``participant_id, reason`` of those who lack a period, the sequence or their row in
        participants.
    """

    marker: str
    unit: str
    role: str
    outcome: str
    rows: pd.DataFrame
    excluded: pd.DataFrame

    @property
    def first(self) -> str:
        """The first sequence that somebody with every period has."""
        return str(self.complete[SEQUENCE].iloc[0])

    @property
    def complete(self) -> pd.DataFrame:
        """The rows of the participants with every period."""
        return self.rows[self.rows["is_complete"]]

    def wide(self, column: str) -> pd.DataFrame:
        """Return a column of the complete, participants in rows and periods in columns."""
        complete = self.complete  # its rows are in order of participant, then period
        periods = list(dict.fromkeys(complete["period"]))
        values = complete[column].to_numpy(dtype=np.float64).reshape(-1, len(periods))
        participants = pd.Index(dict.fromkeys(complete[PARTICIPANT_ID]), name=PARTICIPANT_ID)
        return pd.DataFrame(values, index=participants, columns=periods)

    def sequence_of(self, participants: Iterable[str]) -> list[str]:
        """Return the sequences of participants."""
        known = self.rows.drop_duplicates(PARTICIPANT_ID).set_index(PARTICIPANT_ID)[SEQUENCE]
        return [str(known[one]) for one in participants]


def participant_sequences(
    participants: pd.DataFrame, *, sequence: str, design: CrossoverDesign
) -> dict[str, str]:
    """Return participant → sequence, empty where the table has none.

    Raises
    ------
    TableError
        No such column, a participant twice, or a sequence that the design does not name.
    """
    require_columns(participants, [PARTICIPANT_ID, sequence], what="participants")
    ids = participants[PARTICIPANT_ID].astype("str")
    twice = ids[ids.duplicated()]
    if len(twice):
        raise TableError(
            f"participants has two rows of {twice.iloc[0]}; one row per participant is allowed. "
            "Remove the duplicate."
        )
    labels = participants[sequence].astype("str").where(participants[sequence].notna(), "")
    for who, label in zip(ids, labels, strict=True):
        if label and label not in design.sequences:
            raise TableError(
                f"{who} has the {sequence} {label!r}; known: "
                f"{join_words(map(repr, design.sequences), last='or')}. Correct the table, or name "
                "the sequence with its treatments."
            )
    return dict(zip(ids, labels, strict=True))


def crossover_rows(
    endpoints: pd.DataFrame,
    sequence_of: dict[str, str],
    *,
    marker: str,
    role: str,
    design: CrossoverDesign,
) -> CrossoverRows:
    """Return the rows of one marker at one visit of the periods.

    Raises
    ------
    TableError
        Unknown marker or visit, a participant twice at a visit, or values in two units.
    """
    select_markers(endpoints, [marker])
    own = endpoints[endpoints[MARKER] == marker]
    visits = [period[one] for period in design.periods for one in _roles_of(design, role)]
    for visit in visits:
        require_one_of("a visit of periods", visit, dict.fromkeys(endpoints[VISIT]))
    chosen = own[own[VISIT].isin(visits)]
    one_row_each(chosen, what="endpoints")
    people = pd.DataFrame({PARTICIPANT_ID: list(sequence_of)})
    require_shared_ids(endpoints, people, what="the participants table")
    known = {(row[PARTICIPANT_ID], row[VISIT]): row for row in chosen.to_dict("records")}
    rows: list[dict[str, Any]] = []
    excluded: list[dict[str, str]] = []
    ordered = sorted(sequence_of, key=lambda one: _place(sequence_of[one], design))
    for who in ordered:
        label = sequence_of[who]
        if not label:
            excluded.append({PARTICIPANT_ID: who, REASON: NO_SEQUENCE})
            continue
        periods = [
            _period(known, who, number, role, design) for number in range(len(design.periods))
        ]
        why = [one[REASON] for one in periods if one[REASON]]
        if why:
            excluded.append({PARTICIPANT_ID: who, REASON: "; ".join(why)})
        rows += [
            {
                PARTICIPANT_ID: who,
                SEQUENCE: label,
                "treatment": design.sequences[label][one["period"] - 1],
                "is_complete": not why,
                **one,
            }
            for one in periods
            if not one[REASON]
        ]
    strangers = dict.fromkeys(one for one in chosen[PARTICIPANT_ID] if one not in sequence_of)
    excluded += [{PARTICIPANT_ID: who, REASON: NOT_KNOWN} for who in strangers]
    return CrossoverRows(
        marker=marker,
        unit=str(own[UNIT].iloc[0]),
        role=role,
        outcome=outcome_words(role, design),
        rows=pd.DataFrame(rows, columns=list(COLUMNS)).astype({"is_complete": bool}),
        excluded=pd.DataFrame(excluded, columns=[PARTICIPANT_ID, REASON]).astype("str"),
    )


def outcome_words(role: str, design: CrossoverDesign) -> str:
    """Return what is compared: the change within the period, or the value itself."""
    if design.baseline_as == "change":
        return f"change, {design.baseline} to {role}"
    adjusted = f", adjusted for {design.baseline}" if design.baseline_as == "covariate" else ""
    where = "in the period" if role == OUTCOME else f"at {role}"
    return f"value {where}{adjusted}"


def arrays_of(rows: CrossoverRows, design: CrossoverDesign) -> CrossoverArrays:
    """Return the complete participants as arrays, in the order of `CrossoverRows.wide`."""
    wide = rows.wide("response")
    return crossover_arrays(
        wide.to_numpy(dtype=float),
        rows.sequence_of(wide.index),
        {label: list(given) for label, given in design.sequences.items()},
        reference=design.reference,
    )


def with_contrasts(
    rows: CrossoverRows, arrays: CrossoverArrays, design: CrossoverDesign, treatment: str
) -> pd.DataFrame:
    """Return the rows of a result, with each participant's own numbers for the contrast.

    ``difference``: mean response under the treatment less that under the reference, not adjusted
    for period. ``period_contrast``: what `max_t_test` compares between the sequences; NaN in
    designs that are not of two treatments in two sequences.
    """
    data = rows.rows.reset_index(drop=True)
    complete = rows.complete
    means = complete.groupby(["treatment", PARTICIPANT_ID])["response"].mean()
    by_id = means.loc[treatment] - means.loc[design.reference]
    ids = list(rows.wide("response").index)
    contrast: FloatArray = np.full(len(ids), np.nan)
    if design.has_joint_test:
        contrast = half_differences(arrays)
    labels = list(design.sequences)
    return data.assign(
        difference=data[PARTICIPANT_ID].map(by_id),
        period_contrast=data[PARTICIPANT_ID].map(dict(zip(ids, contrast, strict=True))),
        sequence_number=[labels.index(one) + 1 for one in data[SEQUENCE]],
    )


def _roles_of(design: CrossoverDesign, role: str) -> tuple[str, ...]:
    return (role,) if design.baseline_as == "none" else (design.baseline, role)


def _place(label: str, design: CrossoverDesign) -> int:
    return list(design.sequences).index(label) if label else len(design.sequences)


def _period(
    known: dict[tuple[str, str], dict[Any, Any]],
    who: str,
    number: int,
    role: str,
    design: CrossoverDesign,
) -> dict[str, Any]:
    """Return one participant's period: baseline, value, response, or why there is none."""
    period = design.periods[number]
    visits = {one: period[one] for one in _roles_of(design, role)}
    found = {one: known.get((who, visit)) for one, visit in visits.items()}
    why = [text for one, visit in visits.items() if (text := why_missing(found[one], visit))]
    if len(why) == len(visits) and all(row is None for row in found.values()):
        why = [f"no value in period {number + 1} ({join_words(visits.values(), last='or')})"]
    value = _value(found[role])
    baseline = _value(found.get(design.baseline))
    response = value
    if design.baseline_as == "change" and not why:
        response = CHANGES["difference"](baseline, value)
    return {
        "period": number + 1,
        "baseline_value": baseline,
        "value": value,
        "response": response,
        REASON: "; ".join(why),
    }


def _value(row: dict[Any, Any] | None) -> float:
    return float(row[VALUE]) if row is not None else float("nan")
