"""A study file → `Study`: refused before anything runs, with the key, the line and the words."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ketbio.analyses.combinations import COMBINATIONS, impossible
from ketbio.errors import FileError, StudyError
from ketbio.study.faults import FaultFinder, KeyPath
from ketbio.study.places import line_of
from ketbio.study.plan import (
    AnalysisPlan,
    MarkerPlan,
    ReportPlan,
    ResponsePlan,
    Study,
    TablePlan,
)
from ketbio.study.words import (
    ANALYSES,
    MARKER,
    MARKER_WORDS_BY_SCHEMA,
    REPORT,
    RESPONSE,
    STUDY,
    TABLE_WORDS,
    TOP,
    VISITS,
)
from ketbio.tables import schema_names
from ketbio.vocabulary import MARKERS, SCALES, marker_label

DEFAULT_SEED = 20260101
ONE_TABLE_EACH = ("participants", "madrs")
"""Schemas of which a study has one table: its rows are held against each other."""


def read_study(path: str | Path) -> Study:
    """Read a study file and refuse what cannot be run.

    Parameters
    ----------
    path : str or Path
        The ``study.toml``. Files named in it are looked for beside it.

    Returns
    -------
    Study
        The plan; nothing has been read from the data yet.

    Raises
    ------
    StudyError
        A key that is not known, a value of the wrong kind, a missing file, an impossible plan;
        the message names the key, its line and the allowed words.
    FileError
        The study file itself is missing or cannot be read.

    Examples
    --------
    >>> from importlib.resources import files
    >>> study = read_study(str(files("ketbio.demo") / "study.toml"))
    >>> study.baseline, study.endpoint
    ('baseline', 'day_14')
    """
    file = Path(path)
    return _Reader(file, _text(file)).study()


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileError(f"{file.name}: no such file; give the path of a study file.") from None
    except IsADirectoryError:
        raise FileError(f"{file.name} is a folder; give the study file in it.") from None
    except UnicodeDecodeError as error:
        raise FileError(
            f"{file.name} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from None
    except OSError as error:
        raise FileError(f"{file.name} cannot be read: {error.strerror}.") from None


class _Reader(FaultFinder):
    """One study file being read; what hangs on a faulty part is not looked at."""

    def __init__(self, file: Path, text: str) -> None:
        super().__init__(file.name, text)
        self.file = file
        try:
            self.top: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise StudyError(f"{file.name} is not valid TOML: {error}.") from None

    def study(self) -> Study:
        self.check(self.top, TOP, ())
        self.stop_on_faults()
        about, visits, report = self.top["study"], self.top["visits"], self.top.get("report", {})
        self.check(about, STUDY, ("study",))
        self.check(report, REPORT, ("report",))
        if self.check(visits, VISITS, ("visits",)):
            self.check_visits(visits)
        if self.top.get("seed", 0) < 0:
            self.fault(("seed",), f"seed is {self.top['seed']}; a whole number from 0 is allowed.")
        tables = self.tables()
        markers = self.markers({table.name: table.schema for table in tables})
        response = self.response()
        analyses = self.analyses(markers, tables)
        self.stop_on_faults()
        return Study(
            id=about["id"],
            title=about["title"],
            registration=about.get("registration", ""),
            description=about.get("description", ""),
            is_simulated=about.get("simulated", False),
            rejected_rows=about.get("rejected_rows", "stop"),
            visits=tuple(visits["order"]),
            baseline=visits["baseline"],
            endpoint=visits["endpoint"],
            windows={
                visit: (days[0], days[1]) for visit, days in visits.get("windows", {}).items()
            },
            tables=tables,
            markers=markers,
            analyses=analyses,
            response=response,
            report=ReportPlan(
                title=report.get("title", about["title"]),
                authors=tuple(report.get("authors", ())),
                format=report.get("format", "html"),
            ),
            seed=self.top.get("seed", DEFAULT_SEED),
            path=self.file,
        )

    # -- parts ---------------------------------------------------------------------------------
    def check_visits(self, visits: Mapping[str, Any]) -> None:
        order = visits["order"]
        self.check_windows(visits.get("windows", {}), order)
        if len(set(order)) != len(order):
            self.fault(("visits", "order"), f"order names a visit twice: {order!r}.")
        known = [
            self.check_word(visits[key], order, key, ("visits", key))
            for key in ("baseline", "endpoint")
        ]
        if all(known) and order.index(visits["baseline"]) >= order.index(visits["endpoint"]):
            self.fault(
                ("visits", "endpoint"),
                f"endpoint {visits['endpoint']!r} is not after baseline {visits['baseline']!r} "
                "in order; name a later visit.",
            )

    def check_windows(self, windows: Mapping[str, Any], order: Sequence[str]) -> None:
        for visit, days in windows.items():
            path: KeyPath = ("visits", "windows", visit)
            self.check_word(visit, order, "a visit of windows", path)
            are_days = isinstance(days, list) and [type(day) in (int, float) for day in days]
            if are_days != [True, True] or days[0] > days[1]:
                self.fault(
                    path,
                    f"windows.{visit} is {days!r}; first and last day from baseline are wanted, "
                    "such as [12, 16].",
                )

    def tables(self) -> tuple[TablePlan, ...]:
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
        if not self.faults and "participants" not in [plan.schema for plan in plans]:
            self.fault(("tables",), "[tables] lacks 'participants'; add [tables.participants].")
        return tuple(plans)

    def table(self, name: str, table: Any) -> TablePlan | None:
        path: KeyPath = ("tables", name)
        if not isinstance(table, dict):
            self.fault(path, f"tables.{name} is {table!r}; a table is wanted.")
            return None
        if not self.check(table, TABLE_WORDS, path):
            return None
        schema = table.get("schema", name)
        if schema not in schema_names():
            what = "schema" if "schema" in table else f"the schema of tables.{name}"
            place = (*path, "schema") if "schema" in table else path
            self.check_word(schema, schema_names(), what, place)
            return None
        file = self.file.parent / table["file"]
        if not file.is_file():
            found = "a folder" if file.is_dir() else "not there"
            self.fault(
                (*path, "file"),
                f"tables.{name} names the file {table['file']!r}, which is {found}; "
                "paths are taken from the study file's folder.",
            )
        options = {key: table[key] for key in table if key not in ("file", "schema")}
        return TablePlan(name=name, schema=schema, file=file, options=options)

    def response(self) -> ResponsePlan:
        given = self.top.get("response", {})
        if not self.check(given, RESPONSE, ("response",)):
            return ResponsePlan()
        scale = SCALES[given.get("scale", "MADRS")]
        percent = given.get("reduction_percent", scale.response_percent)
        if not 0 < percent <= 100:
            self.fault(
                ("response", "reduction_percent"),
                f"reduction_percent is {percent!r}; more than 0 and at most 100 is allowed.",
            )
        cut = given.get("remission_at_or_below", scale.remission_at_or_below)
        if not scale.floor <= cut < scale.ceiling:
            self.fault(
                ("response", "remission_at_or_below"),
                f"remission_at_or_below is {cut!r}; the {scale.name} runs from {scale.floor} to "
                f"{scale.ceiling}.",
            )
        return ResponsePlan(
            scale=scale.name,
            reduction_percent=float(percent),
            remission_at_or_below=float(cut),
            missing=given.get("missing", "exclude"),
        )

    def markers(self, schemas: Mapping[str, str]) -> tuple[MarkerPlan, ...]:
        plans = (
            self.marker(name, given, schemas) for name, given in self.top.get("markers", {}).items()
        )
        return tuple(plan for plan in plans if plan is not None)

    def marker(self, name: str, given: Any, schemas: Mapping[str, str]) -> MarkerPlan | None:
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
        label = given.get("label", marker_label(name))
        return MarkerPlan(name=name, label=label, table=given["from"], options=options)

    def analyses(
        self, markers: Sequence[MarkerPlan], tables: Sequence[TablePlan]
    ) -> tuple[AnalysisPlan, ...]:
        scale = self.top.get("response", {}).get("scale", "MADRS")
        has_scale = any(table.schema == "madrs" for table in tables)
        names = [*([scale] if has_scale else []), *(marker.name for marker in markers)]
        is_whole = not self.faults
        plans = []
        for index, given in enumerate(self.top.get("analyses", [])):
            path: KeyPath = ("analyses", index)
            kind = given.get("kind")
            if kind is None:
                self.fault(path, "[[analyses]] lacks 'kind' (text); add it.")
                continue
            if not self.check_word(kind, list(ANALYSES), "kind", (*path, "kind")):
                continue
            if not self.check(given, ANALYSES[kind], path) or not is_whole:
                continue  # markers and visits are known only where the parts above hold
            self.check_analysis(given, names, path)
            if not has_scale and kind in ("compare_responders", "correlate_changes"):
                self.fault(path, f"{kind} needs [tables.madrs] for the response; add it.")
            options = {key: given[key] for key in given if key not in ("kind", "title")}
            lines = {key: line_of(self.text, (*path, key)) for key in ("kind", *options)}
            title = given.get("title", "")
            plans.append(AnalysisPlan(kind=kind, title=title, options=options, lines=lines))
        return tuple(plans)

    def check_analysis(self, given: Mapping[str, Any], names: Sequence[str], path: KeyPath) -> None:
        for key in ("baseline", "endpoint"):
            if key in given:
                self.check_word(given[key], self.top["visits"]["order"], key, (*path, key))
        for marker in given.get("markers", []):
            self.check_word(marker, names, "a marker", (*path, "markers"))
        if given.get("markers") == []:
            self.fault((*path, "markers"), "markers is empty; name at least one.")
        outcome = given.get("outcome")
        if outcome is not None:
            self.check_word(outcome, names, "outcome", (*path, "outcome"))
        if outcome in given.get("markers", []):
            self.fault(
                (*path, "outcome"),
                f"{outcome!r} is outcome and marker at once; a change correlates with itself.",
            )
        if given["kind"] in COMBINATIONS:
            for one in impossible(given["kind"], given):
                self.fault((*path, one.key), one.sentence)
