"""The tables of a study, checked each by its schema and all against each other."""

from collections.abc import Mapping
from dataclasses import replace

from ketbio.errors import FileError, SchemaError, UnreadableTablesError, ValidationError
from ketbio.study.plan import Study, TablePlan
from ketbio.study.recognised import with_recognition_notes
from ketbio.tables import Check, check_across, check_table
from ketbio.tables.complaints import Complaint, merged_complaints
from ketbio.wording import count_of

NOT_COMPARED = "not_compared"
"""Rule of the complaint that another table of the study could not be read."""


def check_study(study: Study) -> dict[str, Check]:
    """Check every table of a study, each by its schema and all against each other.

    Parameters
    ----------
    study : Study
        As `read_study` returns it.

    Returns
    -------
    dict of str to Check
        The study's name of the table → its check.

    Raises
    ------
    UnreadableTablesError
        Some files cannot be read; all of them are named, and the error carries the checks of the
        other tables, so that no safety complaint is lost.
    """
    checks: dict[str, Check] = {}
    unreadable: list[str] = []
    for table in study.tables:
        try:
            checks[table.name] = _checked(study, table)
        except (FileError, SchemaError) as error:
            unreadable.append(f"[tables.{table.name}] {error}")
    checks = check_across(checks, visits=study.visits or None)
    checks = with_recognition_notes(study, checks)
    if unreadable:
        raise UnreadableTablesError("\n".join(unreadable), checks)
    return checks


def check_delivery(study: Study, delivered: TablePlan) -> Check:
    """Check a file as one of the study's tables, against the other tables as they are.

    Parameters
    ----------
    study : Study
        As `read_study` returns it.
    delivered : TablePlan
        The table with the delivered file in the place of its own.

    Returns
    -------
    Check
        The check of the delivered file. Another table that cannot be read is a complaint of rule
        `NOT_COMPARED`: the file may have faults that only the comparison would show.

    Raises
    ------
    FileError, SchemaError
        The delivered file cannot be used.
    """
    checks = {delivered.name: _checked(study, delivered)}
    missing: list[Complaint] = []
    for table in study.tables:
        if table.name == delivered.name:
            continue
        try:
            checks[table.name] = _checked(study, table)
        except (FileError, SchemaError) as error:
            missing.append(_not_compared(table.name, str(error), checks[delivered.name]))
    check = check_across(checks, visits=study.visits or None)[delivered.name]
    return replace(check, found=tuple(merged_complaints([*check.found, *missing])))


def _not_compared(table: str, why: str, check: Check) -> Complaint:
    return Complaint(
        rule=NOT_COMPARED,
        row=check.header_row,
        message=f"The rows were not held against [tables.{table}], which cannot be read: {why}",
        whole_table=True,
    )


def _checked(study: Study, table: TablePlan) -> Check:
    return check_table(
        table.file,
        table.schema,
        visits=study.visits or None,
        baseline=study.baseline,
        windows=study.windows,
        table=table.name,
        **table.options,
    )


def stop_on_errors(checks: Mapping[str, Check], *, rejected_rows: str = "stop") -> None:
    """Raise one `ValidationError` that lists every complaint of severity error.

    Safety complaints are told first. With ``rejected_rows = "exclude"`` a complaint about a row
    does not stop, since the row is left out; one about the whole table (a column missing or not
    known, no rows) still does, since there is nothing to leave out.
    """
    stopping = [
        (check, one)
        for check in checks.values()
        for one in check.found
        if one.severity == "error" and (rejected_rows == "stop" or _is_of_table(one))
    ]
    if not stopping:
        return
    safety = [line for check in checks.values() for line in check.sentences("safety")]
    lines = [f"SAFETY {line}" for line in safety]
    lines += [
        f"{check.file or check.table}, row {one.row}: {one.message}" for check, one in stopping
    ]
    told = "\n".join(f"  {line}" for line in lines)
    way_out = "Correct the file"
    if not all(_is_of_table(one) for _, one in stopping):
        way_out += ', or let the plan leave rejected rows out: rejected_rows = "exclude" in [study]'
    raise ValidationError(
        f"The data have {count_of(len(stopping), 'complaint')} of severity error:\n{told}\n"
        f"{way_out}.",
        check=tuple(check for check in checks.values() if not check.ok),
    )


def _is_of_table(complaint: Complaint) -> bool:
    """Tell a complaint about the whole table, for which no row can be left out."""
    return complaint.whole_table or not complaint.positions
