"""What every check can tell, whether its table was read whole or in batches."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.complaints import Complaint
from ketbio.tables.files.source import Source


class ToldCheck(Protocol):
    """`Check` and `LargeCheck`, as far as text and JSON need them."""

    @property
    def table(self) -> str:
        """The table's name in the study."""

    @property
    def schema(self) -> str:
        """The schema it was held against."""

    @property
    def schema_version(self) -> str:
        """Version of the schema."""

    @property
    def file(self) -> str:
        """Base name of the file."""

    @property
    def sheet(self) -> str:
        """The sheet."""

    @property
    def sha256(self) -> str:
        """Hash of the file."""

    @property
    def header_row(self) -> int:
        """Spreadsheet row of the header."""

    @property
    def found(self) -> tuple[Complaint, ...]:
        """The complaints as records."""

    @property
    def complaints(self) -> pd.DataFrame:
        """The complaints as a table."""

    @property
    def notes(self) -> Sequence[str]:
        """What was decided while reading."""

    @property
    def n_incoming(self) -> int:
        """Records that came in."""

    @property
    def n_accepted(self) -> int:
        """Records without an error."""

    @property
    def n_rejected(self) -> int:
        """Records with an error."""

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which of the records were accepted."""

    @property
    def source(self) -> Source | None:
        """The cells as they came in; None where they are not kept."""

    @property
    def ok(self) -> bool:
        """Whether no complaint is an error."""

    def counts(self) -> dict[str, int]:
        """Return how many complaints there are of each severity."""

    def counts_by_rule(self) -> pd.DataFrame:
        """Return how many complaints each rule has."""

    def sentences(self, severity: str | None = None) -> tuple[str, ...]:
        """Return one sentence per complaint."""

    def summary(self) -> str:
        """Return the outcome in one sentence."""
