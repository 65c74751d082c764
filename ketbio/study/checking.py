"""The tables of a study, checked each by its schema and all against each other."""

from collections.abc import Mapping

from ketbio.errors import FileError, SchemaError, UnreadableTablesError, ValidationError
from ketbio.study.plan import Study
from ketbio.tables import Check, check_across, check_table
from ketbio.tables.complaints import Complaint
from ketbio.wording import count_of


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
            checks[table.name] = check_table(
                table.file,
                table.schema,
                visits=study.visits,
                baseline=study.baseline,
                windows=study.windows,
                table=table.name,
                **table.options,
            )
        except (FileError, SchemaError) as error:
            unreadable.append(f"[tables.{table.name}] {error}")
    checks = check_across(checks, visits=study.visits)
    if unreadable:
        raise UnreadableTablesError("\n".join(unreadable), checks)
    return checks


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
