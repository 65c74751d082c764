from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from ketbio.demo.simulate import SHIPPED_FILES
from ketbio.study import StudyRun, analyse_study, read_study


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTables:
    """The demo study's tables as written: every cell is text."""

    participants: pd.DataFrame
    madrs: pd.DataFrame
    blot_bands: pd.DataFrame
    blot_lanes: pd.DataFrame
    elisa_layout: pd.DataFrame
    imaging: pd.DataFrame

    @property
    def blots(self) -> pd.DataFrame:
        """The participants' bands beside what was loaded in their lanes."""
        bands = self.blot_bands.assign(
            gel_id=self.blot_bands["Image Name"].str.removeprefix("simulated_gel_")
        ).rename(columns={"Lane": "lane"})
        joined = bands.merge(self.blot_lanes, on=["gel_id", "lane"], validate="many_to_one")
        return joined[joined["role"] == "sample"]


def tables_as_written(texts: Mapping[str, str]) -> DemoTables:
    def table(name: str) -> pd.DataFrame:
        text = texts[f"simulated_{name}.csv"]
        return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)

    names = ("participants", "madrs", "blot_bands", "blot_lanes", "elisa_layout", "imaging")
    return DemoTables(**{name: table(name) for name in names})


@pytest.fixture(scope="session")
def shipped_texts() -> dict[str, str]:
    folder = files("ketbio.demo")
    return {name: folder.joinpath(name).read_bytes().decode("utf-8") for name in SHIPPED_FILES}


@pytest.fixture(scope="session")
def shipped(shipped_texts: dict[str, str]) -> DemoTables:
    return tables_as_written(shipped_texts)


@pytest.fixture(scope="session")
def demo_run() -> StudyRun:
    return analyse_study(read_study(Path(str(files("ketbio.demo"))) / "study.toml"))


@pytest.fixture(scope="session")
def read_as_written():
    return tables_as_written
