"""What the caller of the batch road asks for, and what that road does not do."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.contracts.extension import extended_schema
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.tables.keywords import texts, wish_of
from ketbio.tables.known import known_of
from ketbio.tables.reading import check_table
from ketbio.tables.records.columns import Wish
from ketbio.tables.rules.contract import Known

_HOW = tuple(inspect.signature(check_table).parameters)[2:]
_REFUSED = {
    "sheet": "a workbook is checked as a whole",
    "redcap": "a REDCap export is checked as a whole",
    "adam": "an ADaM table is checked as a whole",
    "plate": "a file of plates is checked as a whole",
    "densitometry": "a densitometry table is checked as a whole",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the caller asked for.

    Attributes
    ----------
    contract, wish, known, table
        As the in-memory road has them.
    reading : mapping of str to object
        How the file is to be read.
    """

    contract: TableSchema
    wish: Wish
    known: Known
    table: str
    reading: Mapping[str, Any]


def asked(schema: str | PathLike[str], how: Mapping[str, Any]) -> Asked:
    """Return what the caller asked for.

    Raises
    ------
    SchemaError
        There is no such schema or keyword, or it is one of those that need the whole table.
    """
    for name, given in how.items():
        if name not in _HOW:
            raise SchemaError(unknown_word("keyword", name, _HOW))
        if name in _REFUSED and given not in (None, ""):
            raise SchemaError(f"{name} cannot be used batch by batch: {_REFUSED[name]}.")
    columns = texts(how.get("columns"), "columns")
    wide = [name for name in columns if "@" in name]
    if wide:
        raise SchemaError(
            f"columns names {wide[0]!r}: a wide table cannot be checked batch by batch; make it "
            "long first, one row per participant and visit."
        )
    contract = extended_schema(load_schema(schema), how.get("extend"))
    return Asked(
        contract=contract,
        wish=wish_of(how),
        known=known_of(
            how.get("visits"),
            how.get("participants"),
            how.get("baseline") or "",
            how.get("windows"),
        ),
        table=how.get("table") or contract.name,
        reading={
            name: how.get(name) for name in ("header_row", "decimal", "delimiter", "encoding")
        },
    )
