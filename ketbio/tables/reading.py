"""`check_table` and `read_table`: an incoming file → a validated table."""

from collections.abc import Collection, Mapping, Sequence
from os import PathLike
from typing import Any
from warnings import warn

import pandas as pd

from ketbio.errors import SafetyWarning, ValidationError
from ketbio.tables.complaints import SAFETY_GAPS, merged_complaints
from ketbio.tables.contracts.extension import extended_schema
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.tables.files.source import Source
from ketbio.tables.gathering import gathered
from ketbio.tables.keywords import wish_of
from ketbio.tables.known import known_of
from ketbio.tables.layouts.arranged import read_arranged
from ketbio.tables.markers.recognition import marker_notes
from ketbio.tables.outcome.check import Check
from ketbio.tables.privacy.personal_ids import fractional_codes, stopped
from ketbio.tables.privacy.screening import screened_source
from ketbio.tables.records.accepted import accepted_rows, kept_records
from ketbio.tables.records.arrange import arrange_records
from ketbio.tables.records.column_words import COLUMN_RULES, suggestion_note
from ketbio.tables.records.columns import Wish, plan_columns
from ketbio.tables.records.faults import fault_complaints, unsorted_cells, without_results
from ketbio.tables.records.typed import type_records
from ketbio.tables.records.visit_names import alike_visits, order_notes
from ketbio.tables.rules.contract import Known, contract_complaints
from ketbio.tables.rules.followers import told_once
from ketbio.tables.rules.no_records import nothing_to_read
from ketbio.tables.rules.safety_gaps import (
    recoded_ratings,
    unrated_notes,
    unseen_items,
    unseen_notes,
)
from ketbio.wording import count_of

SHOWN_ERRORS = 100
"""How many errors the message of a `ValidationError` spells out."""


def check_table(
    source: str | PathLike[str] | pd.DataFrame,
    schema: str | PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    ignore: Collection[str] = (),
    values: Mapping[str, Mapping[str, str]] | None = None,
    missing: Collection[str] = (),
    missing_in: Mapping[str, Collection[str]] | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    visits: Sequence[str] | None = None,
    baseline: str = "",
    windows: Mapping[str, Sequence[float]] | None = None,
    participants: Collection[str] | None = None,
    decimal: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    date_order: str | None = None,
    limits: Mapping[str, float] | None = None,
    redcap: Mapping[str, Any] | None = None,
    adam: Mapping[str, Any] | None = None,
    plate: Mapping[str, Any] | None = None,
    densitometry: Mapping[str, Any] | None = None,
    allow_identifiers: Collection[str] = (),
    extend: Mapping[str, Any] | None = None,
    table: str | None = None,
) -> Check:
    """Hold an incoming table against its schema and return everything that is wrong with it.

    Parameters
    ----------
    source : path or DataFrame
        A CSV, TSV, XLSX, XLS, ODS, Parquet, SPSS, Stata or SAS file, or a DataFrame (never
        modified). Where column names stand in no row of a sheet they count as row 1.
    schema : str or path
        A schema of ketbio by name, or the path of a YAML file of your own.
    columns : mapping of str to str, optional
        Our name → the name in the file. ``"madrs_total@baseline"`` feeds the record of that visit:
        a wide row becomes one record per visit named, and columns without ``@`` are repeated to
        each. A visit without any value makes no record, and a note says so. Columns not mapped are
        used under their own name where the schema knows it.
    constants : mapping of str to str, optional
        Our name → one value for every record, for a column that the file does not have.
    ignore : collection of str
        Columns of the file to leave out; ``""`` for columns without a name (R's row names).
    values : mapping of str to mapping, optional
        Our name → (as written → ours), for instance ``{"sex": {"0": "male", "1": "female"}}``.
    missing : collection of str
        Words that mean that there is no value, beside the empty cell.
    missing_in : mapping of str to collection of str, optional
        Our name → words that mean that there is no value in that column, such as ``"-1"``.
    sheet : str, optional
        Sheet of a workbook; the first by default.
    header_row : int, optional
        Spreadsheet row of the header; the first filled row by default.
    visits : sequence of str, optional
        The study's visits in order; any other is a complaint.
    baseline : str
        The visit that the windows count from; wanted where there are windows.
    windows : mapping of str to (number, number), optional
        Visit → first and last day allowed, counted from the day of the baseline visit.
    participants : collection of str, optional
        The study's participants; any other is a complaint.
    decimal : str, optional
        Decimal mark of numbers written as text, ``"."`` or ``","``; found, and said, by default
        (in a DataFrame the point).
    delimiter : str, optional
        Of a CSV file; found, and said, by default.
    encoding : str, optional
        Of a CSV file; found, and said, by default.
    date_order : str, optional
        ``"dmy"`` or ``"mdy"`` for days written as 31/01/2026; by default such a day is taken where
        it can be read in one way only.
    limits : mapping of str to number, optional
        Words of the file that stand for a limit, such as ``{"LOD": 0.5}``, in the column's unit.
    redcap, adam : mapping, optional
        How a REDCap export (``dictionary``, ``events`` …) or a long ADaM table (``parameters`` …)
        is to be read.
    plate : mapping, optional
        How a plate reader's file is read as wells: ``layout``, ``unit`` …; it may be empty.
    densitometry : mapping, optional
        How a densitometry table (Image Lab, ImageJ, LI-COR) is to be read as bands: ``lanes``,
        ``bands``, ``gel`` …
    allow_identifiers : collection of str
        Incoming columns that look like direct identifiers and are none.
    extend : mapping, optional
        The study's own additions to the schema: ``columns`` and ``rules`` as in a schema file.
    table : str, optional
        The table's name in the complaints; the schema's by default.

    Returns
    -------
    Check
        ``accepted`` and ``rejected`` hold every record once.

    Raises
    ------
    FileError
        The file cannot be used.
    SchemaError
        There is no such schema, the mapping names what it does not know, or there are windows
        without a baseline that they count from.

    Examples
    --------
    >>> ratings = pd.DataFrame({"participant_id": ["P01"], "visit": ["baseline"],
    ...                         "madrs_total": ["61"]})
    >>> print(check_table(ratings, "madrs").sentences()[0])
    table madrs, row 2: madrs_total is 61; allowed: a whole number from 0 to 60. Correct it, or
    leave it empty if it is not known.
    """
    contract = extended_schema(load_schema(schema), extend)
    wish = wish_of(
        {
            "columns": columns,
            "constants": constants,
            "ignore": ignore,
            "values": values,
            "missing": missing,
            "missing_in": missing_in,
            "date_order": date_order,
            "limits": limits,
            "allow_identifiers": allow_identifiers,
        }
    )
    known = known_of(visits, participants, baseline, windows)
    arranged = read_arranged(
        source,
        contract,
        wish,
        {"redcap": redcap, "adam": adam, "plate": plate, "densitometry": densitometry},
        sheet=sheet,
        header_row=header_row,
        decimal=decimal,
        delimiter=delimiter,
        encoding=encoding,
    )
    contract = arranged.schema or contract
    return check_source(arranged.source, contract, arranged.wish, known, table=table)


def check_source(
    incoming: Source, contract: TableSchema, wish: Wish, known: Known, *, table: str | None = None
) -> Check:
    """Hold cells as text against a schema: `check_table` after reading.

    Parameters
    ----------
    incoming : Source
        The cells, each row with its number in the spreadsheet.
    contract : TableSchema
        What they are held against.
    wish : Wish
        The caller's mapping.
    known : Known
        What the study knows of its keys.
    table : str, optional
        The table's name in the complaints; the schema's by default.
    """
    incoming, personal = screened_source(incoming, contract, wish)
    plan = plan_columns(incoming, contract, wish, visits=known.visits)
    records = arrange_records(incoming, plan, wish)
    typed = type_records(records, contract, decimal=incoming.decimal, wish=wish, source=incoming)
    typed = without_results(typed, records, incoming, wish)
    complaints = [
        *personal,
        *plan.complaints,
        *nothing_to_read(records, incoming),
        *fault_complaints(records, incoming, wish),
        *unsorted_cells(records, incoming, wish),
        *typed.complaints,
        *fractional_codes(records, incoming),
        *(alike_visits(records) if known.visits is None else ()),
        *contract_complaints(typed, records, incoming, contract, known),
        *recoded_ratings(records, contract, wish),
    ]
    unseen = list(unseen_items(incoming, plan, contract, wish))
    everything = [*complaints, *unseen]
    told = stopped(everything, len(records.rows))
    told = told or told_once(
        everything, records, incoming, contract, wish, participants=known.participants
    )
    found = tuple(gathered(merged_complaints(told)))
    kept = kept_records(len(records.rows), found)
    notes = [*incoming.notes, *records.notes, *typed.notes]
    is_told = any(one.rule in SAFETY_GAPS and one.severity == "warning" for one in told)
    notes += [] if is_told else unseen_notes(plan, contract, wish)
    notes += unrated_notes(typed.frame, plan, contract, wish)
    notes += order_notes(records, contract) if known.visits is None else ()
    notes += marker_notes(typed.frame, contract)
    if any(one.rule in COLUMN_RULES for one in found):
        notes += filter(None, [suggestion_note(plan.suggested)])
    accepted, converted = accepted_rows(typed.frame, kept, contract)
    return Check(
        table=table or contract.name,
        schema=contract.name,
        file=incoming.file,
        sheet=incoming.sheet,
        sha256=incoming.sha256,
        header_row=incoming.header_row,
        source=incoming,
        schema_version=contract.version,
        accepted=accepted,
        records=records,
        kept=kept,
        found=found,
        notes=(*notes, *converted),
    )


def read_table(
    source: str | PathLike[str] | pd.DataFrame, schema: str | PathLike[str], **how: Any
) -> pd.DataFrame:
    """Return an incoming table, validated, or raise one error that lists all that is wrong.

    Parameters
    ----------
    source : path or DataFrame
        As for `check_table`.
    schema : str or path
        As for `check_table`.
    **how
        Every keyword of `check_table`.

    Returns
    -------
    DataFrame
        All records, typed. Complaints of severity warning are told by `check_table` only.

    Warns
    -----
    SafetyWarning
        A rating calls for a look at the participant (a safety complaint); it stays in the table.

    Raises
    ------
    ValidationError
        There are errors. ``error.check`` is the `Check` with every complaint.
    FileError, SchemaError
        As for `check_table`.

    Examples
    --------
    >>> people = pd.DataFrame({"participant_id": ["007"], "age_years": ["15"]})
    >>> read_table(people, "participants")[["participant_id", "age_years"]]
      participant_id  age_years
    0            007       15.0
    """
    check = check_table(source, schema, **how)
    if safety := check.sentences("safety"):
        warn("\n".join(safety), SafetyWarning, stacklevel=2)
    if check.ok:
        return check.accepted
    errors = check.sentences("error")
    lines = [f"{check.summary()}", *errors[:SHOWN_ERRORS]]
    if len(errors) > SHOWN_ERRORS:
        lines.append(f"… and {count_of(len(errors) - SHOWN_ERRORS, 'more error')} in .check.")
    raise ValidationError("\n".join(lines), check)
