"""The weekly road of incoming files: every check logged, a drop folder watched.

::

    check_log      a line of JSON for every check: when, which content and schema, what came of it
    deliveries     a file of a study → the table that it is a delivery of, and its check
    drop_folder    what lies in a folder: which files are whole, and which were handled before
    watch          the folder looked at again and again, each content handled once
    result_files   what is written beside a delivery
"""

from ketbio.intake.check_log import log_checks, log_unreadable, read_check_log
from ketbio.intake.deliveries import Recipient, schema_recipient, study_recipient
from ketbio.intake.watch import Handled, handle_new_files, watch_folder

__all__ = [
    "Handled",
    "Recipient",
    "handle_new_files",
    "log_checks",
    "log_unreadable",
    "read_check_log",
    "schema_recipient",
    "study_recipient",
    "watch_folder",
]
