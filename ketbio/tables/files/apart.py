"""A file read by a script in a process of its own: what crashes on a damaged file is that process.

The libraries that read binary formats are written in C and Rust. A damaged file can end the process
that they run in (memory without end, a segmentation fault), whatever Python would catch.
"""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

MOST_SECONDS = 120
MOST_MEMORY = 2**32
"""What a file may take to be read; a damaged one asks for anything."""


def read_apart(
    script: str,
    content: bytes,
    *arguments: str,
    most_seconds: float = MOST_SECONDS,
    most_memory: int = MOST_MEMORY,
) -> dict[str, Any] | None:
    """Return what a script of this folder makes of a file, None where the file was its end.

    Parameters
    ----------
    script : str
        Name of the script. It gets the most bytes of memory and the arguments, reads the file from
        standard input and writes one pickled dict.
    content : bytes
        The file.
    *arguments : str
        What else the script is told.
    most_seconds, most_memory
        What it may take.
    """
    path = Path(__file__).with_name(script)
    # A null byte cannot stand in a command, nor in anything that the script could find.
    told = [argument.replace("\0", "\ufffd") for argument in arguments]
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(path), str(most_memory), *told],
            input=content,
            capture_output=True,
            timeout=most_seconds,
            check=True,
        )
        found: dict[str, Any] = pickle.loads(done.stdout)
    except (subprocess.SubprocessError, pickle.UnpicklingError, EOFError):
        return None
    return found
