"""The demo study, simulated: `simulate_study` draws it, `write_demo_study` copies what is shipped.

``python -m ketbio.demo.simulate`` writes the shipped tables and their README again, in place; a
test holds the shipped files against it bit for bit.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np

from ketbio.demo.crossover_study import CROSSOVER_FILES, FOLDER
from ketbio.demo.design import ARM, DIAGNOSIS, SITE
from ketbio.demo.draws import csv_text, random_stream, uniform
from ketbio.demo.gels import blot_files
from ketbio.demo.markers import imaging_csv
from ketbio.demo.plates import elisa_files
from ketbio.demo.ratings import Course, madrs_csv, simulate_courses
from ketbio.demo.readme import readme_text
from ketbio.errors import FileError, unknown_word
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.whole_files import write_whole
from ketbio.wording import join_words

DEMO_SEED = 20260101
STUDY_FILE = "study.toml"
SHIPPED_FILES = (
    STUDY_FILE,
    "README.md",
    "simulated_participants.csv",
    "simulated_madrs.csv",
    "simulated_blot_bands.csv",
    "simulated_blot_lanes.csv",
    "simulated_elisa_export.txt",
    "simulated_elisa_layout.csv",
    "simulated_imaging.csv",
)
OPEN_LABEL, CROSSOVER = "open_label", "crossover"
STUDIES: dict[str, tuple[str, tuple[str, ...]]] = {
    OPEN_LABEL: ("", SHIPPED_FILES),
    CROSSOVER: (FOLDER, CROSSOVER_FILES),
}
"""The demo studies: the folder of each, beside this module, and its files."""

PARTICIPANT_COLUMNS = (
    PARTICIPANT_ID,
    "sex",
    "age_years",
    "arm",
    "site",
    "diagnosis",
    "n_failed_antidepressants",
)


def simulate_study(*, seed: int = DEMO_SEED) -> dict[str, str]:
    r"""Return the demo study's simulated files, and the README that describes them.

    Parameters
    ----------
    seed : int
        Any; the counts of the design and the calibration hold for each (see `ketbio.demo.design`).

    Returns
    -------
    dict of str to str
        File name → text. The study file is not among them: it is written by hand.

    Examples
    --------
    >>> study = simulate_study()
    >>> sorted(study)[:3]
    ['README.md', 'simulated_blot_bands.csv', 'simulated_blot_lanes.csv']
    >>> study["simulated_participants.csv"].count("\n")  # header and 13 participants
    14
    """
    streams = [random_stream(seed, table=table) for table in range(7)]
    courses = simulate_courses(streams[1])
    bands, lanes = blot_files(courses, streams[2], streams[6])
    export, layout = elisa_files(courses, streams[3], streams[5])
    tables = {
        "simulated_participants.csv": _participants_csv(courses, streams[0]),
        "simulated_madrs.csv": madrs_csv(courses, streams[1]),
        "simulated_blot_bands.csv": bands,
        "simulated_blot_lanes.csv": lanes,
        "simulated_elisa_export.txt": export,
        "simulated_elisa_layout.csv": layout,
        "simulated_imaging.csv": imaging_csv(courses, streams[4]),
    }
    return {**tables, "README.md": readme_text(courses, tables, seed=seed)}


def write_demo_study(
    folder: str | Path, *, overwrite: bool = False, study: str = OPEN_LABEL
) -> Path:
    """Copy a shipped demo study into a folder, which is made where it is not there.

    Parameters
    ----------
    folder : str or Path
        Where to.
    overwrite : bool
        Whether files of the same names may be replaced.
    study : {"open_label", "crossover"}
        Thirteen adolescents before and after ketamine, or sixteen adults under ketamine and saline.

    Returns
    -------
    Path
        The study file, ready for `ketbio.read_study`.

    Raises
    ------
    FileError
        When there is no such study, or the folder cannot be written, or holds such files and
        ``overwrite`` is false; nothing is written then.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_demo_study(folder).name
    'study.toml'
    """
    if study not in STUDIES:
        raise FileError(unknown_word("study", study, STUDIES))
    target = Path(folder)
    place, names = STUDIES[study]
    try:
        target.mkdir(parents=True, exist_ok=True)
        _refuse_overwriting(target, names, overwrite=overwrite)
        shipped = files("ketbio.demo").joinpath(place)
        _put(target, {name: shipped.joinpath(name).read_bytes() for name in names})
    except OSError as error:
        reason = error.strerror or error
        message = f"The demo study cannot be written to {str(target)!r}: {reason}. Name a folder."
        raise FileError(message) from error
    return target / STUDY_FILE


def _refuse_overwriting(folder: Path, names: Sequence[str], *, overwrite: bool) -> None:
    """Raise where the folder holds files of the demo study that may not be replaced."""
    present = [name for name in names if (folder / name).exists()]
    if present and not overwrite:
        message = (
            f"The folder {str(folder)!r} already holds {join_words(present)}; "
            "name another folder, or allow overwriting (overwrite=True, --force)."
        )
        raise FileError(message)


def _writer(content: bytes) -> Callable[[Path], object]:
    return lambda part: part.write_bytes(content)


def _put(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files by name into a folder, all of them or none."""
    write_whole({folder / name: _writer(content) for name, content in contents.items()})


def _participants_csv(courses: Sequence[Course], stream: np.random.Generator) -> str:
    """Return the text of the participants table."""
    rows = [
        [
            course.participant.participant_id,
            "female" if uniform(stream, low=0, high=1) < 0.6 else "male",
            str(int(uniform(stream, low=12, high=18))),
            ARM,
            SITE,
            DIAGNOSIS,
            str(int(uniform(stream, low=2, high=6))),
        ]
        for course in courses
    ]
    return csv_text(PARTICIPANT_COLUMNS, rows)


def main() -> None:
    """Write the simulated tables and their README again, beside this module."""
    contents = {name: text.encode("utf-8") for name, text in simulate_study().items()}
    _put(Path(__file__).parent, contents)


if __name__ == "__main__":
    main()
