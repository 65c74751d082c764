"""A crossover in a long table: its endpoints, its sequences and the visits of its periods."""

from dataclasses import dataclass

import pandas as pd

from ketbio.endpoints.frames import endpoint_table, require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.tables.alike import folded_word
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, SCALE, UNIT, VALUE, VALUE_SCALES, VISIT
from ketbio.wording import join_words

SEQUENCE = "sequence"
OUTCOME, BASELINE = "outcome", "baseline"
"""The roles of a period's visits where a long table has one value, and a baseline, per period."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossoverPeriods:
    """What `ketbio.compare_crossover` is given, read from a long table.

    Attributes
    ----------
    endpoints : DataFrame
        The endpoints table; visits are ``period_1``, ``period_1_baseline`` …
    participants : DataFrame
        ``participant_id, sequence``.
    sequences : dict of str to list of str
        Sequence → its treatments in the order of the periods.
    periods : list of dict of str to str
        Per period: role (``"outcome"``, ``"baseline"``) → visit.
    """

    endpoints: pd.DataFrame
    participants: pd.DataFrame
    sequences: dict[str, list[str]]
    periods: list[dict[str, str]]


def derive_periods(
    table: pd.DataFrame,
    *,
    marker: str,
    value: str,
    participant: str = PARTICIPANT_ID,
    sequence: str | None = SEQUENCE,
    period: str = "period",
    treatment: str = "treatment",
    baseline: str | None = None,
    unit: str = "",
    scale: str = "raw",
) -> CrossoverPeriods:
    """Read a crossover from a table with one row per participant and period.

    Parameters
    ----------
    table : DataFrame
        One row per participant × period.
    marker : str
        Name of the marker.
    value : str
        Column of its values.
    participant, period, treatment : str
        Columns of the participant, the number of the period (1, 2 …) and the treatment received.
    sequence : str or None
        Column of the sequence; None: named by the treatments, as ``"ketamine–saline"``.
    baseline : str, optional
        Column of each period's baseline.
    unit, scale : str
        As `derive_column` takes them.

    Returns
    -------
    CrossoverPeriods
        A value that is missing is a row that says so.

    Raises
    ------
    TableError
        No such column, a name spelt in two ways, periods that are no whole numbers, a participant
        twice in a period or in two sequences, the same treatment in every period, or a sequence
        whose participants did not receive the same treatments.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"participant_id": ["P1", "P1", "P2", "P2"], "period": [1, 2, 1, 2],
    ...     "treatment": ["K", "S", "S", "K"], "madrs": [12.0, 20.0, 25.0, 14.0]})
    >>> found = derive_periods(table, marker="MADRS", value="madrs", sequence=None)
    >>> found.sequences, found.periods
    ({'K–S': ['K', 'S'], 'S–K': ['S', 'K']}, [{'outcome': 'period_1'}, {'outcome': 'period_2'}])
    """
    named = [one for one in (sequence, baseline) if one is not None]
    require_columns(table, [participant, period, treatment, value, *named], what="table")
    require_one_of("scale", scale, VALUE_SCALES)
    rows = pd.DataFrame(
        {
            PARTICIPANT_ID: _texts(table, participant),
            "period": _periods(table, period),
            "treatment": _texts(table, treatment),
            VALUE: _numbers(table, value),
            BASELINE: _numbers(table, baseline) if baseline else float("nan"),
        }
    )
    _refuse_twice(rows)
    n_periods = int(rows["period"].max())
    received = _received(rows)
    rows[SEQUENCE] = (
        _texts(table, sequence)
        if sequence
        else rows[PARTICIPANT_ID].map(lambda one: "–".join(received[one].values()))
    )
    if sequence is None:
        _refuse_incomplete(received, n_periods)
    sequences = _sequences(rows, received, n_periods)
    roles = {OUTCOME: (VALUE, "")} | ({BASELINE: (BASELINE, "_baseline")} if baseline else {})
    return CrossoverPeriods(
        endpoints=endpoint_table(
            {
                PARTICIPANT_ID: row[PARTICIPANT_ID],
                VISIT: f"period_{row['period']}{ending}",
                MARKER: marker,
                VALUE: row[column],
                UNIT: unit,
                SCALE: scale,
                "reason": "" if pd.notna(row[column]) else f"no number in {column_of[column]}",
            }
            for row in rows.to_dict("records")
            for column, ending in roles.values()
            for column_of in [{VALUE: value, BASELINE: baseline or ""}]
        ),
        participants=rows[[PARTICIPANT_ID, SEQUENCE]].drop_duplicates(ignore_index=True),
        sequences=sequences,
        periods=[
            {role: f"period_{number}{ending}" for role, (_, ending) in roles.items()}
            for number in range(1, n_periods + 1)
        ],
    )


def _texts(table: pd.DataFrame, column: str) -> "pd.Series[str]":
    if table[column].isna().any():
        row = int(table[column].isna().to_numpy().argmax())
        raise TableError(
            f"column {column!r} is empty in row {row + 1} of the table; every row needs one."
        )
    texts = table[column].astype("str")
    spelt: dict[str, str] = {}
    for word in dict.fromkeys(texts):
        first = spelt.setdefault(folded_word(word), word)
        if first != word:
            raise TableError(
                f"column {column!r} holds {first!r} and {word!r}, which differ in case or blanks "
                "only; write one of them throughout."
            )
    return texts


def _numbers(table: pd.DataFrame, column: str) -> "pd.Series[float]":
    given = table[column].infer_objects()
    types = pd.api.types
    if not types.is_numeric_dtype(given) or types.is_bool_dtype(given):
        raise TableError(f"column {column!r} holds {given.dtype}, not numbers.")
    return given.astype("float64")


def _periods(table: pd.DataFrame, column: str) -> "pd.Series[int]":
    given = table[column]
    numbers = pd.to_numeric(given, errors="coerce")
    wrong = numbers.isna() | (numbers % 1 != 0) | (numbers < 1)
    if wrong.any():
        raise TableError(
            f"column {column!r} holds {given[wrong].iloc[0]!r}; the number of the period is "
            "wanted: 1, 2 … Write 1 for the first period and 2 for the second."
        )
    periods = numbers.astype("int64")
    lacking = sorted(set(range(1, int(periods.max()) + 1)) - set(periods)) if len(periods) else [1]
    if lacking:
        raise TableError(
            f"column {column!r} has no row of period {lacking[0]}; number the periods 1, 2 … "
            "without a gap."
        )
    return periods


def _refuse_twice(rows: pd.DataFrame) -> None:
    twice = rows[rows.duplicated([PARTICIPANT_ID, "period"])]
    if len(twice):
        first = twice.iloc[0]
        raise TableError(
            f"{first[PARTICIPANT_ID]} has two rows of period {first['period']}; one row per "
            "participant and period is allowed. Remove the duplicate, or pool replicates first."
        )


def _received(rows: pd.DataFrame) -> dict[str, dict[int, str]]:
    """Return participant → period → treatment, in the order of the periods."""
    received: dict[str, dict[int, str]] = {}
    for row in rows.sort_values("period", kind="stable").to_dict("records"):
        received.setdefault(str(row[PARTICIPANT_ID]), {})[int(row["period"])] = row["treatment"]
    return received


def _refuse_incomplete(received: dict[str, dict[int, str]], n_periods: int) -> None:
    short = [one for one, given in received.items() if len(given) < n_periods]
    if short:
        raise TableError(
            f"{short[0]} has no row of every period, so that the treatments do not tell its "
            "sequence; name the column of the sequence (sequence=…), or add the row without value."
        )


def _sequences(
    rows: pd.DataFrame, received: dict[str, dict[int, str]], n_periods: int
) -> dict[str, list[str]]:
    """Return each sequence's treatments, held against what its participants received."""
    sequences: dict[str, dict[int, str]] = {}
    told_by: dict[tuple[str, int], str] = {}
    in_sequence: dict[str, str] = {}
    for row in rows.to_dict("records"):
        who, label = str(row[PARTICIPANT_ID]), str(row[SEQUENCE])
        if in_sequence.setdefault(who, label) != label:
            raise TableError(
                f"{who} is in the sequences {in_sequence[who]!r} and {label!r}; a participant has "
                "one sequence."
            )
        number, given = int(row["period"]), received[who][int(row["period"])]
        known = sequences.setdefault(label, {}).setdefault(number, given)
        first = told_by.setdefault((label, number), who)
        if known != given:
            raise TableError(
                f"{who} of sequence {label!r} received {given!r} in period {number}, and {first} "
                f"of the same sequence {known!r}; correct the sequence or the treatment."
            )
    for label, treatments in sequences.items():
        lacking = [one for one in range(1, n_periods + 1) if one not in treatments]
        if lacking:
            raise TableError(
                f"nobody of sequence {label!r} has a row of period {lacking[0]}, so that its "
                "treatment there is not known; add the rows, with the value left empty."
            )
        if len(set(treatments.values())) == 1:
            raise TableError(
                f"sequence {label!r} has the treatment {treatments[1]!r} in "
                f"{'both' if n_periods == 2 else 'all'} periods; a crossover has at least two "
                f"treatments per sequence (here: {join_words(map(repr, treatments.values()))})."
            )
    return {
        label: [treatments[number] for number in range(1, n_periods + 1)]
        for label, treatments in sequences.items()
    }
