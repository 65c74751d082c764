"""Results for machines: ``results.json`` with everything, ``results.csv`` with the rows of tidy.

What each key of the JSON means is in ``results.schema.json`` beside this module. Numbers are not
rounded. A number that is not known is null; a limit without bound is ``"Infinity"`` or
``"-Infinity"``, since JSON has no such number.
"""

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ketbio.errors import ReportError
from ketbio.report.result_columns import (
    COUNTS,
    FLAGS,
    NUMBERS,
    SCHEMA_VERSION,
    UNBOUNDED,
    unknown_ending,
)
from ketbio.report.tables.subject import Given, Subject, subject_of
from ketbio.report.tables.write import put_files, refuse_bad_target
from ketbio.result import TIDY_COLUMNS, Result, Results
from ketbio.safe_cells import safe_cell
from ketbio.study import Study, StudyRun


def write_results(
    study_or_results: Given, path: str | Path, *, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write results for machines: every row of tidy, unrounded, with what it was made from.

    Parameters
    ----------
    study_or_results : Study, StudyRun, Result or Results
        A `Study` is run first.
    path : str or Path
        A file that ends in ``.json`` or ``.csv``; or a folder, which gets ``results.json`` and
        ``results.csv``. Files are written whole, and both or neither.
    overwrite : bool
        Whether files that are there may be replaced.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    ReportError
        Another ending, a file that is there already, a folder that cannot be written to.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from ketbio.report.result_reading import read_results
    >>> age = Result(analysis="summarise_participants", marker="age_years", outcome="",
    ...              groups=("all",), n={"all": 10}, role="description", estimate=15.2)
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_results(age, folder)]
    ...     float(read_results(Path(folder) / "results.json")["estimate"].iloc[0])
    ['results.json', 'results.csv']
    15.2
    """
    target = Path(path)
    names = ("results.json", "results.csv") if target.is_dir() else (target.name,)
    folder = target if target.is_dir() else target.parent
    makers = {folder / name: _maker(name) for name in names}
    for place in makers:
        refuse_bad_target(place, overwrite=overwrite)
    known = subject_of(study_or_results, caller="write_results")
    subject = known.run or known.results
    put_files({place: make(subject) for place, make in makers.items()}, overwrite=overwrite)
    return tuple(makers)


def results_json(subject: StudyRun | Results) -> bytes:
    """Return ``results.json``: the study, what it was made from, and every row of tidy.

    Parameters
    ----------
    subject : StudyRun or Results

    Returns
    -------
    bytes
        UTF-8; the same subject gives the same bytes.
    """
    known = subject_of(subject, caller="results_json")
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "ketbio_version": version("ketbio"),
        **_made_from(known),
        "results": list(_rows(known.results)),
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def results_csv(subject: StudyRun | Results) -> bytes:
    """Return ``results.csv``: the rows and columns of tidy, unrounded.

    Parameters
    ----------
    subject : StudyRun or Results

    Returns
    -------
    bytes
        UTF-8. What is not known is empty, a limit without bound is ``inf`` or ``-inf``; what a
        spreadsheet program would run as a formula has an apostrophe before it.
    """
    results = subject_of(subject, caller="results_csv").results
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TIDY_COLUMNS)
    for one, row in zip(_stacked(results), results.tidy().to_dict("records"), strict=True):
        exact: dict[Any, Any] = {**row, **_exact(one)}
        writer.writerow([_written(name, exact[name]) for name in TIDY_COLUMNS])
    return text.getvalue().encode()


def _made_from(known: Subject) -> dict[str, Any]:
    """Return what is known of a study's run; null where only results were given."""
    run = known.run
    if run is None:
        return dict.fromkeys(("study", "software", "inputs", "flow"))
    return {
        "study": _study(run.study),
        "software": dict(zip(run.software["package"], run.software["version"], strict=True)),
        "inputs": _records(run.inputs),
        "flow": _records(run.flow),
    }


def _study(study: Study) -> dict[str, Any]:
    response = study.response
    return {
        "id": study.id,
        "title": study.title,
        "registration": study.registration,
        "is_simulated": study.is_simulated,
        "seed": study.seed,
        "visits": list(study.visits),
        "baseline": study.baseline,
        "endpoint": study.endpoint,
        "response": {
            "scale": response.scale,
            "reduction_percent": _plain(response.reduction_percent),
            "remission_at_or_below": _plain(response.remission_at_or_below),
            "missing": response.missing,
        },
    }


def _rows(results: Results) -> Iterator[dict[str, Any]]:
    """Yield each row of tidy, with lists for what tidy joins to text."""
    tidy_rows = results.tidy().to_dict("records")
    belongs: dict[Result, int] = {}
    for one, row in zip(_stacked(results), tidy_rows, strict=True):
        belongs.setdefault(one, row["row"])
    main = {part: one for one in results for part in one.companions}
    for one, row in zip(_stacked(results), tidy_rows, strict=True):
        yield {
            **{str(name): _plain(value) for name, value in row.items()},
            **_exact(one),
            "groups": list(one.groups),
            "n_per_group": {group: int(n) for group, n in one.n.items()},
            "warnings": list(one.warnings),
            "references": list(one.references),
            "belongs_to": belongs[main[one]] if one in main else None,
            "excluded": _records(one.excluded),
        }


def _exact(one: Result) -> dict[str, Any]:
    """Return what a column of tidy shows as floats where some of its rows have none."""
    return {
        "n_arrangements": None if one.n_arrangements is None else int(one.n_arrangements),
        "seed": None if one.seed is None else int(one.seed),
        "is_exact": None if one.is_exact is None else bool(one.is_exact),
    }


def _stacked(results: Results) -> Iterator[Result]:
    for one in results:
        yield one
        yield from one.companions


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) else UNBOUNDED.get(value, value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def _written(name: str, value: Any) -> object:
    if name in NUMBERS:
        return "" if math.isnan(value) else repr(float(value))
    if name in COUNTS | FLAGS:
        return "" if value is None else str(value).lower()
    return safe_cell(str(value))


def _maker(name: str) -> Callable[[StudyRun | Results], bytes]:
    ending = Path(name).suffix.lower()
    if ending not in _MAKERS:
        raise ReportError(unknown_ending(name))
    return _MAKERS[ending]


_MAKERS: dict[str, Callable[[StudyRun | Results], bytes]] = {
    ".json": results_json,
    ".csv": results_csv,
}
