"""The command line: words typed → calls of the public functions; nothing is computed here.

Exit status: 0 done; 1 the data have complaints of severity error; 2 the call or a file is unusable.
"""

from ketbio.cli.app import DATA_HAVE_ERRORS, DONE, UNUSABLE
from ketbio.cli.running import main, run

__all__ = ["DATA_HAVE_ERRORS", "DONE", "UNUSABLE", "main", "run"]
