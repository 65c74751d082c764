"""What is written beside a delivery: its page, its complaints, its accepted and rejected rows."""

import shutil
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from ketbio.errors import FileError
from ketbio.intake.drop_folder import RESULTS
from ketbio.tables import Check, annotate_workbook, render_checks, write_rows
from ketbio.tables.privacy.titles import masked_title

PAGE, DATA = "check.html", "check.json"


def result_folder(delivery: Path, sha256: str) -> Path:
    """Return the folder for the results of a delivery: named by its file and its content."""
    return delivery.parent / RESULTS / f"{masked_title(delivery.name)}.{sha256[:12]}"


def write_results(check: Check, delivery: Path, folder: Path) -> None:
    """Write the results of a check to a folder of their own, all of them or none.

    Parameters
    ----------
    check : Check
        What came of it.
    delivery : Path
        The delivered file.
    folder : Path
        Where the results go; one that is there (left by a run that was broken off) is replaced.

    Raises
    ------
    FileError
        The results cannot be written.
    """
    part = folder.with_name(f".{uuid4().hex}")
    try:
        part.mkdir(parents=True)
        (part / PAGE).write_text(render_checks([check], format="html"), encoding="utf-8")
        (part / DATA).write_text(render_checks([check], format="json"), encoding="utf-8")
        write_rows(check.accepted, part / "accepted.csv")
        write_rows(check.rejected, part / "rejected.csv")
        if len(check.complaints):
            annotate_workbook(check, part / "annotated.xlsx", source=delivery)
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except OSError as error:
        raise FileError(
            f"the results of {delivery.name} cannot be written: {error.strerror}."
        ) from None
    finally:
        with suppress(OSError):
            shutil.rmtree(part)
