"""A study's tables as schemas, with its own additions and its visits: for forms."""

from ketbio.errors import StudyError, unknown_word
from ketbio.study.plan import Study
from ketbio.tables import TableSchema, extended_schema, load_schema
from ketbio.tables.forms.given import schema_given


def study_schema(study: Study, table: str) -> TableSchema:
    """Return what a table of a study is held against, to be described or made into a form.

    Parameters
    ----------
    study : Study
        As `read_study` returns it.
    table : str
        The study's name of the table.

    Returns
    -------
    TableSchema
        The schema with the study's additions, its visits the only words that ``visit`` allows.

    Raises
    ------
    StudyError
        The study has no such table.

    Examples
    --------
    >>> from importlib.resources import files
    >>> from ketbio.study import read_study
    >>> study = read_study(str(files("ketbio.demo") / "study.toml"))
    >>> study_schema(study, "madrs").columns["visit"].allowed[:2]
    ('baseline', 'day_1')
    """
    plans = {plan.name: plan for plan in study.tables}
    if table not in plans:
        raise StudyError(f"{study.path.name}: {unknown_word('table', table, plans)}")
    plan = plans[table]
    extended = extended_schema(load_schema(plan.schema), plan.options.get("extend"))
    return schema_given(extended, visits=study.visits or None)
