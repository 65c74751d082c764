"""The page on many visits says what the code says."""

import doctest
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "longitudinal.md"


def test_every_example_gives_what_the_page_shows():
    found = doctest.testfile(
        str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE, encoding="utf-8"
    )
    assert found.attempted >= 12
    assert found.failed == 0
