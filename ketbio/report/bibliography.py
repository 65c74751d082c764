"""The bibliography: which citation keys it knows, and how a key is cited."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from ketbio.report.markdown import Markdown, escape_markdown

BIBLIOGRAPHY = files("ketbio.report").joinpath("references.bib")
_ENTRY = re.compile(r"^@\w+\{([^,\s]+),", re.MULTILINE)


@cache
def known_keys() -> frozenset[str]:
    """Return the citation keys of ``references.bib``.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> "fisher1935" in known_keys()
    True
    """
    return frozenset(_ENTRY.findall(BIBLIOGRAPHY.read_text(encoding="utf-8")))


def cite(keys: Iterable[str]) -> Markdown:
    r"""Return keys as one citation; a key that has no entry is written as it is.

    Parameters
    ----------
    keys : iterable of str
        Citation keys; each is cited once, in the order given.

    Returns
    -------
    Markdown
        Empty where there are no keys.

    Examples
    --------
    >>> print(cite(["fisher1935", "pitman1937"]))
    [@fisher1935; @pitman1937]
    >>> print(cite(["nobody1900"]))
    \(nobody1900\: no entry in the bibliography\)
    """
    wanted = list(dict.fromkeys(keys))
    found = [f"@{key}" for key in wanted if key in known_keys()]
    missing = [
        escape_markdown(f"({key}: no entry in the bibliography)")
        for key in wanted
        if key not in known_keys()
    ]
    cited = [f"[{'; '.join(found)}]"] if found else []
    return Markdown(" ".join([*cited, *missing]))


def unknown_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that have no entry, each once, in the order given.

    Parameters
    ----------
    keys : iterable of str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> unknown_keys(["fisher1935", "nobody1900", "nobody1900"])
    ('nobody1900',)
    """
    return tuple(key for key in dict.fromkeys(keys) if key not in known_keys())
