"""The ``[tables]`` of a study file: each table's file, schema and layout."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ketbio.errors import SchemaError
from ketbio.study.faults import FaultFinder, KeyPath
from ketbio.study.plan import TablePlan
from ketbio.study.words import TABLE_WORDS
from ketbio.tables import extension_faults, load_schema, schema_names
from ketbio.tables.layouts.densitometry_options import densitometry_options
from ketbio.tables.layouts.options import LEFT_OUT, AdamOptions, RedcapOptions, options_of
from ketbio.tables.layouts.plates.options import GROUPS, plate_options
from ketbio.vocabulary import SCALE_OF_TABLE

ONE_TABLE_EACH = ("participants", *SCALE_OF_TABLE)
"""Schemas of which a study has one table: its rows are held against each other."""
NOT_OPTIONS = ("file", "schema", "drop")
"""Words of a table that `ketbio.check_table` is not given as they are."""
OWN_SCHEMA = (".yaml", ".yml")


class TableReader(FaultFinder):
    """Reads the tables of a study file; files named there are looked for beside it."""

    file: Path
    top: dict[str, Any]

    def is_analysed(self) -> bool:
        """Tell a study with markers or analyses from one whose tables are only checked."""
        return bool(self.top.get("analyses") or self.top.get("markers"))

    def tables(self) -> tuple[TablePlan, ...]:
        """Return the tables that can be read; the faults of the others are kept."""
        plans = [
            plan
            for name, table in self.top["tables"].items()
            if (plan := self.table(name, table)) is not None
        ]
        for schema in ONE_TABLE_EACH:
            names = [plan.name for plan in plans if plan.schema == schema]
            if len(names) > 1:
                self.fault(
                    ("tables", names[1]),
                    f"tables {' and '.join(names)} are both of schema {schema!r}; one table of "
                    "that schema is allowed: put the rows into one file.",
                )
        is_lacking = "participants" not in [plan.schema for plan in plans]
        if not self.faults and is_lacking and (self.is_analysed() or not plans):
            self.fault(("tables",), "[tables] lacks 'participants'; add [tables.participants].")
        return tuple(plans)

    def table(self, name: str, table: Any) -> TablePlan | None:
        """Return one table, None where its words cannot be used."""
        path: KeyPath = ("tables", name)
        if not isinstance(table, dict):
            self.fault(path, f"tables.{name} is {table!r}; a table is wanted.")
            return None
        if not self.check(table, TABLE_WORDS, path):
            return None
        schema = self.schema(name, table)
        if not schema:
            return None
        file = self.file.parent / table["file"]
        if not file.is_file():
            self.not_there((*path, "file"), f"tables.{name} names the file", table["file"], file)
        for one in extension_faults(load_schema(schema), table.get("extend", {})):
            self.fault((*path, "extend", *one.path), f"tables.{name}: {one.sentence}")
        options = {key: table[key] for key in table if key not in NOT_OPTIONS}
        if "redcap" in table:
            options["redcap"] = self.redcap(name, table["redcap"])
        if "densitometry" in table:
            options["densitometry"] = self.densitometry(name, table["densitometry"])
        if "adam" in table:
            self.adam(name, table["adam"])
        if "plate" in table:
            options["plate"] = self.plate(name, table["plate"])
        drop = table.get("drop", "")
        return TablePlan(name=name, schema=schema, file=file, drop=drop, options=options)

    def not_there(self, path: KeyPath, what: str, given: str, file: Path) -> None:
        """Keep the fault of a file that is not there."""
        found = "a folder" if file.is_dir() else "not there"
        self.fault(
            path,
            f"{what} {given!r}, which is {found}; paths are taken from the study file's folder.",
        )

    def schema(self, name: str, table: Mapping[str, Any]) -> str:
        """Return the name of a table's schema or the path of its own; empty where it is none."""
        schema: str = table.get("schema", name)
        if schema.endswith(OWN_SCHEMA):
            return self.own_schema(name, schema)
        if schema not in schema_names():
            path: KeyPath = ("tables", name)
            what = "schema" if "schema" in table else f"the schema of tables.{name}"
            place = (*path, "schema") if "schema" in table else path
            self.check_word(schema, schema_names(), what, place)
            return ""
        return schema

    def own_schema(self, name: str, given: str) -> str:
        """Return the path of a schema of the study's own, once it can be loaded."""
        path: KeyPath = ("tables", name, "schema")
        file = self.file.parent / given
        if not file.is_file():
            self.not_there(path, f"tables.{name} names the schema", given, file)
            return ""
        try:
            load_schema(file)
        except SchemaError as error:
            self.fault(path, str(error))
            return ""
        return str(file)

    def redcap(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the words of a REDCap export, with the path of its dictionary."""
        path: KeyPath = ("tables", name, "redcap")
        made = dict(given)
        try:
            options = options_of(RedcapOptions, given, "redcap")
        except SchemaError as error:
            self.fault(path, str(error))
            return made
        file = self.file.parent / options.dictionary
        if not file.is_file():
            what = f"tables.{name} names the data dictionary"
            self.not_there((*path, "dictionary"), what, str(options.dictionary), file)
        self.check_visits_named(options.events, (*path, "events"))
        return {**made, "dictionary": str(file)}

    def densitometry(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the words of a densitometry table, with the path of its lane key."""
        path: KeyPath = ("tables", name, "densitometry")
        try:
            options = densitometry_options(given)
        except SchemaError as error:
            self.fault(path, str(error))
            return dict(given)
        file = self.file.parent / options.lanes
        if not file.is_file():
            what = f"tables.{name} names the lane key"
            self.not_there((*path, "lanes"), what, str(options.lanes), file)
        return {**given, "lanes": str(file)}

    def adam(self, name: str, given: Mapping[str, Any]) -> None:
        """Look at the words of a long table."""
        path: KeyPath = ("tables", name, "adam")
        try:
            options = options_of(AdamOptions, given, "adam")
        except SchemaError as error:
            self.fault(path, str(error))
            return
        self.check_visits_named(options.visits, (*path, "visits"))

    def plate(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the words of a file of plates, with the path of its layout."""
        path: KeyPath = ("tables", name, "plate")
        made = dict(given)
        try:
            options = plate_options(given)
        except SchemaError as error:
            self.fault(path, str(error))
            return made
        if options.visit:
            self.check_visits_named({"samples": options.visit}, path)
        if not options.layout or options.layout == GROUPS:
            return made
        file = self.file.parent / options.layout
        if not file.is_file():
            what = f"tables.{name} names the layout"
            self.not_there((*path, "layout"), what, str(options.layout), file)
        return {**made, "layout": str(file)}

    def check_visits_named(self, visits: Mapping[str, str], path: KeyPath) -> None:
        """Hold the visits that words of a file stand for against those of the study."""
        order = self.top.get("visits", {}).get("order")
        for word, visit in visits.items():
            if isinstance(order, list) and visit != LEFT_OUT:
                self.check_word(visit, order, f"the visit of {word!r}", (*path, word))
