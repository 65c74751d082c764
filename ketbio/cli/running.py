"""One command line, run: its exit status, and one sentence for every mistake."""

import gc
import sys
from typing import Any

import typer

from ketbio.cli import checking, comparing, figures, markers, reporting, schemas, tabulating
from ketbio.cli.app import DATA_HAVE_ERRORS, DONE, UNUSABLE, app
from ketbio.errors import KetbioError, ValidationError

COMMANDS = (checking, comparing, figures, markers, reporting, schemas, tabulating)
"""Imported because their commands register themselves."""
USAGE_ERROR: Any = typer.BadParameter.__mro__[2]
"""The parent of every mistake in the call itself; typer names only its children."""


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit status; never a traceback for a user's mistake.

    Parameters
    ----------
    arguments : list of str, optional
        The words after ``ketbio``; those of the process when None.
    """
    try:
        status: Any = app(args=arguments, prog_name="ketbio", standalone_mode=False)
    except ValidationError as error:
        return _say(str(error), DATA_HAVE_ERRORS)
    except KetbioError as error:
        return _say(str(error), UNUSABLE)
    except USAGE_ERROR as error:
        return _say(error.format_message(), UNUSABLE)
    except OSError as error:  # a path that cannot even be looked at: a locked folder, a long name
        return _say(f"{_place(error)}: {error.strerror or error}.", UNUSABLE)
    except (typer.Abort, KeyboardInterrupt):
        return _say("stopped; nothing was half written.", UNUSABLE)
    return status if isinstance(status, int) else DONE


def _place(error: OSError) -> str:
    return "a file" if error.filename is None else str(error.filename)


def _say(sentence: str, status: int) -> int:
    typer.echo(f"ketbio: {sentence}", err=True)
    return status


def collect_rarely() -> None:
    """Let Python look for circular garbage a hundredth as often: a tenth of a report's time.

    Of the whole process, and so for a program of one command only, not for the library.
    """
    gc.set_threshold(70_000, 20, 20)


def main() -> None:
    """Run ``ketbio`` as a program."""
    collect_rarely()
    sys.exit(run())
