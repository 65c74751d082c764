"""What the file of a figure is called: by what it shows, no two alike."""

import re
import unicodedata
from collections.abc import Collection, Sequence

LONGEST_NAME = 120
"""Bytes of a file's name, without number and suffix: any file system takes it."""


def file_name(*words: str) -> str:
    """Return a file's name, without suffix, from what the file shows.

    Examples
    --------
    >>> file_name("compare_visits", "p_mTOR_S2448", "change, baseline to day_14")
    'compare-visits-p-mtor-s2448-change-baseline-to-day-14'
    >>> file_name("<script>", "血清 BDNF", "")
    'script-血清-bdnf'
    """
    joined = unicodedata.normalize("NFKC", " ".join(words)).casefold()
    name = re.sub(r"[\W_]+", "-", joined).strip("-")
    return name.encode()[:LONGEST_NAME].decode(errors="ignore").strip("-") or "figure"


def unique_names(names: Sequence[str], *, taken: Collection[str] = ()) -> list[str]:
    """Return names of which no two are the same, a number after the second and further.

    Examples
    --------
    >>> unique_names(["a", "b", "a"], taken=["b"])
    ['a', 'b-2', 'a-2']
    """
    taken = set(taken)
    unique = []
    for name in names:
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}-{number}"
        taken.add(free)
        unique.append(free)
    return unique
