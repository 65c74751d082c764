"""The page on sentences says what the code says."""

import doctest
from pathlib import Path

from ketbio.number_formats import NUMBER_FORMATS
from ketbio.result import SENTENCE_STYLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sentences.md"


def test_every_example_gives_what_the_page_shows():
    found = doctest.testfile(
        str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE, encoding="utf-8"
    )
    assert found.attempted >= 15
    assert found.failed == 0


def test_every_style_and_house_is_told():
    page = PAGE.read_text(encoding="utf-8")
    assert [style for style in SENTENCE_STYLES if f'### `"{style}"`' not in page] == []
    assert [house for house in NUMBER_FORMATS if f"| `{house}` |" not in page] == []
