"""The texts that the registry stands on; they are not in the repository."""

from pathlib import Path

import pytest

LITERATURE = Path(__file__).resolve().parents[2].parent / "shared" / "literature"


@pytest.fixture
def literature():
    """Return a function that gives the text whose file name begins so, or skips."""

    def text(start):
        found = sorted(LITERATURE.glob(f"{start}_*.txt"))
        if not found:
            pytest.skip("the literature is not beside this checkout")
        return found[0].read_text(encoding="utf-8")

    return text
