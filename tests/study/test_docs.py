"""The study file's page names every key that is understood."""

from pathlib import Path

import pytest

from ketbio.study import words

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "study_file.md").read_text(encoding="utf-8")
KEYS = {
    key
    for group in (words.STUDY, words.VISITS, words.TABLE_WORDS, words.RESPONSE, words.CROSSOVER,
                  words.MARKER, words.REPORT, *words.ANALYSES.values())
    for key in group
} | set(words.ANALYSES)  # fmt: skip


@pytest.mark.parametrize("key", sorted(KEYS))
def test_key_is_documented(key):
    assert f"`{key}`" in PAGE or f"`{key} " in PAGE
