"""A study file → `Study`: refused before anything runs, with the key, the line and the words."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ketbio.errors import FileError, StudyError, unknown_word
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
    KINDS,
    MARKER,
    MARKER_WORDS_BY_SCHEMA,
    REPORT,
    RESPONSE,
    STUDY,
    TABLE_WORDS,
    TOP,
    VISITS,
    Word,
)
from ketbio.tables import schema_names
from ketbio.vocabulary import MARKERS, SCALES, marker_label

DEFAULT_SEED = 20260101
Path_ = tuple[str | int, ...]


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


class _Reader:
    """One study file being read; it keeps the text so that refusals can name lines."""

    def __init__(self, file: Path, text: str) -> None:
        self.file, self.text = file, text
        try:
            self.top: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise StudyError(f"{file.name} is not valid TOML: {error}.") from None

    def study(self) -> Study:
        self.check(self.top, TOP, ())
        about, visits = self.top["study"], self.top["visits"]
        self.check(about, STUDY, ("study",))
        self.check_visits(visits)
        tables = self.tables()
        markers = self.markers({table.name: table.schema for table in tables})
        report = self.top.get("report", {})
        self.check(report, REPORT, ("report",))
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
            tables=tables,
            markers=markers,
            analyses=self.analyses(markers, tables),
            response=self.response(),
            report=ReportPlan(
                title=report.get("title", about["title"]),
                authors=tuple(report.get("authors", ())),
                format=report.get("format", "html"),
            ),
            seed=self.top.get("seed", DEFAULT_SEED),
            path=self.file,
        )

    # -- refusals ------------------------------------------------------------------------------
    def refuse(self, path: Path_, sentence: str) -> StudyError:
        line = line_of(self.text, path)
        return StudyError(f"{self.file.name}, line {line}: {sentence}")

    def check(self, table: Mapping[str, Any], words: Mapping[str, Word], path: Path_) -> None:
        where = f"[{'.'.join(str(part) for part in path if isinstance(part, str))}]"
        where = "the study file" if not path else where
        for key, value in table.items():
            if key not in words:
                raise self.refuse((*path, key), unknown_word(f"a key of {where}", key, words))
            self.check_value(value, words[key], (*path, key))
        for key, word in words.items():
            if word.required and key not in table:
                raise self.refuse(path, f"{where} lacks {key!r} ({word.kind}); add it.")

    def check_value(self, value: Any, word: Word, path: Path_) -> None:
        key = str(path[-1])
        is_flag = isinstance(value, bool)
        fits = isinstance(value, KINDS[word.kind]) and is_flag == (word.kind == "true or false")
        if fits and word.kind == "list of text":
            fits = all(isinstance(item, str) for item in value)
        if fits and word.kind == "list of tables":
            fits = all(isinstance(item, dict) for item in value)
        if not fits:
            raise self.refuse(path, f"{key} is {value!r}; a {word.kind} is wanted.")
        if word.allowed and value not in word.allowed:
            raise self.refuse(path, unknown_word(key, value, word.allowed))

    def check_word(self, value: str, allowed: Sequence[str], what: str, path: Path_) -> None:
        if value not in allowed:
            raise self.refuse(path, unknown_word(what, value, allowed))

    # -- parts ---------------------------------------------------------------------------------
    def check_visits(self, visits: Mapping[str, Any]) -> None:
        self.check(visits, VISITS, ("visits",))
        order = visits["order"]
        if len(set(order)) != len(order):
            raise self.refuse(("visits", "order"), f"order names a visit twice: {order!r}.")
        for key in ("baseline", "endpoint"):
            self.check_word(visits[key], order, key, ("visits", key))
        if order.index(visits["baseline"]) >= order.index(visits["endpoint"]):
            raise self.refuse(
                ("visits", "endpoint"),
                f"endpoint {visits['endpoint']!r} is not after baseline {visits['baseline']!r} "
                "in order; name a later visit.",
            )

    def tables(self) -> tuple[TablePlan, ...]:
        plans = []
        for name, table in self.top["tables"].items():
            path: Path_ = ("tables", name)
            if not isinstance(table, dict):
                raise self.refuse(path, f"tables.{name} is {table!r}; a table is wanted.")
            self.check(table, TABLE_WORDS, path)
            schema = table.get("schema", name)
            key = "schema" if "schema" in table else name
            place = (*path, "schema") if "schema" in table else path
            self.check_word(schema, schema_names(), key, place)
            file = self.file.parent / table["file"]
            if not file.is_file():
                raise self.refuse(
                    (*path, "file"),
                    f"tables.{name} names the file {table['file']!r}, which is not there; "
                    "paths are taken from the study file's folder.",
                )
            options = {key: table[key] for key in table if key not in ("file", "schema")}
            plans.append(TablePlan(name=name, schema=schema, file=file, options=options))
        schemas = [plan.schema for plan in plans]
        for needed in ("participants",):
            if needed not in schemas:
                raise self.refuse(("tables",), f"[tables] lacks {needed!r}; add [tables.{needed}].")
        return tuple(plans)

    def response(self) -> ResponsePlan:
        given = self.top.get("response", {})
        self.check(given, RESPONSE, ("response",))
        scale = SCALES[given.get("scale", "MADRS")]
        percent = given.get("reduction_percent", scale.response_percent)
        if not 0 < percent <= 100:
            raise self.refuse(
                ("response", "reduction_percent"),
                f"reduction_percent is {percent!r}; more than 0 and at most 100 is allowed.",
            )
        return ResponsePlan(
            scale=scale.name,
            reduction_percent=float(percent),
            remission_at_or_below=float(
                given.get("remission_at_or_below", scale.remission_at_or_below)
            ),
            missing=given.get("missing", "exclude"),
        )

    def markers(self, schemas: Mapping[str, str]) -> tuple[MarkerPlan, ...]:
        plans = []
        for name, given in self.top.get("markers", {}).items():
            path: Path_ = ("markers", name)
            if not isinstance(given, dict):
                raise self.refuse(path, f"markers.{name} is {given!r}; a table is wanted.")
            self.check(given, MARKER, path)
            self.check_word(given["from"], list(schemas), "from", (*path, "from"))
            schema = schemas[given["from"]]
            usable = MARKER_WORDS_BY_SCHEMA.get(schema)
            if usable is None:
                raise self.refuse(
                    (*path, "from"),
                    f"markers.{name} comes from {given['from']!r}, a table of schema {schema!r}; "
                    f"a marker can come from {', '.join(MARKER_WORDS_BY_SCHEMA)}.",
                )
            options = {key: given[key] for key in given if key not in ("from", "label")}
            for key in options:
                self.check_word(key, usable, f"a key for a {schema} marker", (*path, key))
            self.check_source(name, schema, options, path)
            label = given.get("label", marker_label(name))
            plans.append(MarkerPlan(name=name, label=label, table=given["from"], options=options))
        return tuple(plans)

    def check_source(self, name: str, schema: str, options: Mapping[str, Any], path: Path_) -> None:
        known = MARKERS.get(name)
        needs = {"blots": "target", "bdnf": "specimen"}.get(schema)
        if needs and needs not in options and (known is None or known.table != schema):
            raise self.refuse(path, f"markers.{name} lacks {needs!r}; add it.")

    def analyses(
        self, markers: Sequence[MarkerPlan], tables: Sequence[TablePlan]
    ) -> tuple[AnalysisPlan, ...]:
        scale = self.top.get("response", {}).get("scale", "MADRS")
        has_scale = any(table.schema == "madrs" for table in tables)
        names = [*([scale] if has_scale else []), *(marker.name for marker in markers)]
        plans = []
        for index, given in enumerate(self.top.get("analyses", [])):
            path: Path_ = ("analyses", index)
            kind = given.get("kind")
            if kind is None:
                raise self.refuse(path, "[[analyses]] lacks 'kind' (text); add it.")
            self.check_word(kind, list(ANALYSES), "kind", (*path, "kind"))
            self.check(given, ANALYSES[kind], path)
            self.check_analysis(given, names, path)
            if not has_scale and kind in ("compare_responders", "correlate_changes"):
                raise self.refuse(path, f"{kind} needs [tables.madrs] for the response; add it.")
            options = {key: given[key] for key in given if key not in ("kind", "title")}
            plans.append(AnalysisPlan(kind=kind, title=given.get("title", ""), options=options))
        return tuple(plans)

    def check_analysis(self, given: Mapping[str, Any], names: Sequence[str], path: Path_) -> None:
        for key in ("baseline", "endpoint"):
            if key in given:
                self.check_word(given[key], self.top["visits"]["order"], key, (*path, key))
        for marker in given.get("markers", []):
            self.check_word(marker, names, "a marker", (*path, "markers"))
        if given.get("markers") == []:
            raise self.refuse((*path, "markers"), "markers is empty; name at least one.")
        outcome = given.get("outcome")
        if outcome is not None:
            self.check_word(outcome, names, "outcome", (*path, "outcome"))
        if outcome in given.get("markers", []):
            raise self.refuse(
                (*path, "outcome"),
                f"{outcome!r} is outcome and marker at once; a change correlates with itself.",
            )
        level = given.get("confidence_level", 0.95)
        if not 0 < level < 1:
            raise self.refuse(
                (*path, "confidence_level"),
                f"confidence_level is {level!r}; a number between 0 and 1 is allowed.",
            )
