"""A study file → `Study`: refused before anything runs, with the key, the line and the words."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ketbio.errors import FileError, StudyError
from ketbio.study.deviations import compare_plans
from ketbio.study.faults import KeyPath
from ketbio.study.plan import ReportPlan, ResponsePlan, Study
from ketbio.study.report_plans import ReportReader
from ketbio.study.words import (
    CHECKED_ONLY,
    RESPONSE,
    STUDY,
    TOP,
    VISITS,
)
from ketbio.vocabulary import SCALES

DEFAULT_SEED = 20260101


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
    study = _Reader(file, _text(file)).study()
    if study.report.registered_plan is None:
        return study
    registered = _registered(study, study.report.registered_plan)
    differences = compare_plans(registered, study)
    return replace(study, report=replace(study.report, differences=differences))


def _registered(study: Study, path: Path) -> Study:
    try:
        return _RegisteredReader(path, _text(path)).study()
    except (FileError, StudyError) as error:
        line = study.report.lines["registered_plan"]
        raise StudyError(
            f"{study.path.name}, line {line}: registered_plan cannot be used: {error}"
        ) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileError(f"{file.name}: no such file; give the path of a study file.") from None
    except IsADirectoryError:
        raise FileError(f"{file} is a folder; give the study file in it.") from None
    except UnicodeDecodeError as error:
        raise FileError(
            f"{file.name} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from None
    except OSError as error:
        raise FileError(f"{file.name} cannot be read: {error.strerror}.") from None


class _Reader(ReportReader):
    """One study file being read; what hangs on a faulty part is not looked at."""

    def __init__(self, file: Path, text: str) -> None:
        super().__init__(file.name, text)
        self.file = file
        try:
            self.top: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise StudyError(f"{file.name} is not valid TOML: {error}.") from None

    def study(self) -> Study:
        is_analysed = self.is_analysed()
        self.check(self.top, TOP if is_analysed else TOP | CHECKED_ONLY["top"], ())
        self.stop_on_faults()
        about = self.top["study"]
        visits = self.top.get("visits", {})
        self.check(about, STUDY, ("study",))
        wanted = VISITS if is_analysed else VISITS | CHECKED_ONLY["visits"]
        if (visits or is_analysed) and self.check(visits, wanted, ("visits",)):
            self.check_visits(visits)
        if self.top.get("seed", 0) < 0:
            self.fault(("seed",), f"seed is {self.top['seed']}; a whole number from 0 is allowed.")
        tables = self.tables()
        markers = self.markers({table.name: table.schema for table in tables})
        response = self.response()
        crossover = self.crossover()
        analyses = self.analyses(markers, tables)
        report = self.report_plan(about.get("title", ""))
        self.stop_on_faults()
        return Study(
            id=about["id"],
            title=about["title"],
            registration=about.get("registration", ""),
            description=about.get("description", ""),
            is_simulated=about.get("simulated", False),
            rejected_rows=about.get("rejected_rows", "stop"),
            visits=tuple(visits.get("order", ())),
            baseline=visits.get("baseline", ""),
            endpoint=visits.get("endpoint", ""),
            windows={
                visit: (days[0], days[1]) for visit, days in visits.get("windows", {}).items()
            },
            tables=tables,
            markers=markers,
            analyses=analyses,
            response=response,
            crossover=crossover,
            report=report,
            seed=self.top.get("seed", DEFAULT_SEED),
            path=self.file,
            check_log=self.file.parent / about["check_log"] if "check_log" in about else None,
        )

    # -- parts ---------------------------------------------------------------------------------
    def check_visits(self, visits: Mapping[str, Any]) -> None:
        order = visits["order"]
        self.check_windows(visits.get("windows", {}), order)
        if len(set(order)) != len(order):
            self.fault(("visits", "order"), f"order names a visit twice: {order!r}.")
        if visits.get("windows") and "baseline" not in visits:
            self.fault(("visits",), "windows count from baseline, which [visits] lacks; add it.")
        known = [
            key in visits and self.check_word(visits[key], order, key, ("visits", key))
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


class _RegisteredReader(_Reader):
    """A plan as it was registered: what it plans is read; its data need not be there."""

    def not_there(self, path: KeyPath, what: str, given: str, file: Path) -> None:
        if path[-1] == "schema":  # without it the markers of its table cannot be read
            super().not_there(path, what, given, file)

    def report_plan(self, title: str) -> ReportPlan:
        return ReportPlan(title=title)
