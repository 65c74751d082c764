"""Real study data beside the checkout, for the laboratory's tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture
def study_data() -> Callable[[str], Path]:
    """Return a folder of real study data, which is not in the repository, or skip."""

    def folder(name: str) -> Path:
        path = SHARED / "studies" / name
        if not path.is_dir():
            pytest.skip(f"the study data {name} are not beside this checkout")
        return path

    return folder
