from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO

import pandas as pd
import pytest

from ketbio.demo.simulate import SHIPPED_FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTables:
    """The demo study's tables as written: every cell is text."""

    participants: pd.DataFrame
    madrs: pd.DataFrame
    blots: pd.DataFrame
    bdnf: pd.DataFrame
    imaging: pd.DataFrame


def tables_as_written(texts: Mapping[str, str]) -> DemoTables:
    def table(name: str) -> pd.DataFrame:
        text = texts[f"simulated_{name}.csv"]
        return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)

    names = ("participants", "madrs", "blots", "bdnf", "imaging")
    return DemoTables(**{name: table(name) for name in names})


@pytest.fixture(scope="session")
def shipped_texts() -> dict[str, str]:
    folder = files("ketbio.demo")
    return {name: folder.joinpath(name).read_bytes().decode("utf-8") for name in SHIPPED_FILES}


@pytest.fixture(scope="session")
def shipped(shipped_texts: dict[str, str]) -> DemoTables:
    return tables_as_written(shipped_texts)


@pytest.fixture(scope="session")
def read_as_written():
    return tables_as_written
