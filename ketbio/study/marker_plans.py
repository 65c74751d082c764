"""The ``[markers]`` of a study file: each marker's table, and how it is derived."""

from collections.abc import Mapping
from typing import Any

from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.errors import TableError
from ketbio.study.faults import KeyPath
from ketbio.study.plan import MarkerPlan
from ketbio.study.table_plans import TableReader
from ketbio.study.words import MARKER, MARKER_WORDS_BY_SCHEMA, PLATE_WORDS
from ketbio.vocabulary import MARKERS, marker_label


class MarkerReader(TableReader):
    """Reads the markers of a study file."""

    def markers(self, schemas: Mapping[str, str]) -> tuple[MarkerPlan, ...]:
        """Return the markers that can be read; the faults of the others are kept."""
        plans = (
            self.marker(name, given, schemas) for name, given in self.top.get("markers", {}).items()
        )
        return tuple(plan for plan in plans if plan is not None)

    def marker(self, name: str, given: Any, schemas: Mapping[str, str]) -> MarkerPlan | None:
        """Return one marker, None where its words cannot be used."""
        path: KeyPath = ("markers", name)
        if not isinstance(given, dict):
            self.fault(path, f"markers.{name} is {given!r}; a table is wanted.")
            return None
        if not self.check(given, MARKER, path):
            return None
        if given["from"] in self.top["tables"] and given["from"] not in schemas:
            return None  # its table is at fault, and told
        if not self.check_word(given["from"], list(schemas), "from", (*path, "from")):
            return None
        schema = schemas[given["from"]]
        usable = MARKER_WORDS_BY_SCHEMA.get(schema)
        if usable is None:
            self.fault(
                (*path, "from"),
                f"markers.{name} comes from {given['from']!r}, a table of schema {schema!r}; "
                f"a marker can come from {', '.join(MARKER_WORDS_BY_SCHEMA)}.",
            )
            return None
        options = {key: given[key] for key in given if key not in ("from", "label")}
        for key in options:
            self.check_word(key, usable, f"a key for a {schema} marker", (*path, key))
        known = MARKERS.get(name)
        needs = {"blots": "target", "bdnf": "specimen"}.get(schema)
        if needs and needs not in options and (known is None or known.table != schema):
            self.fault(path, f"markers.{name} lacks {needs!r}; add it.")
        if schema == "elisa_plates":
            self.check_plate_settings(options, path)
        label = given.get("label", marker_label(name))
        return MarkerPlan(name=name, label=label, table=given["from"], options=options)

    def check_plate_settings(self, options: Mapping[str, Any], path: KeyPath) -> None:
        """Find the fault of numbers by which plates cannot be read."""
        try:
            PlateSettings(**{key: options[key] for key in options if key in PLATE_WORDS})
        except TableError as error:
            self.fault(path, str(error))
