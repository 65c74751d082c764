"""The data dictionary of every schema as Markdown files, as ``docs/dictionary`` holds them.

``python -m ketbio.tables.forms.dictionary_files docs/dictionary`` writes them anew.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from ketbio.tables.contracts.schema_file import schema_names
from ketbio.tables.forms.documents import render_schema
from ketbio.whole_files import write_whole

INDEX = "README.md"


def dictionary_files() -> dict[str, str]:
    """Return the name and the text of each file: the list of schemas, and one per schema.

    Examples
    --------
    >>> list(dictionary_files())[:2]
    ['README.md', 'bdi2.md']
    """
    pages = {f"{name}.md": render_schema(name, format="markdown") for name in schema_names()}
    return {INDEX: render_schema(format="markdown"), **pages}


def write_dictionary(folder: Path) -> None:
    """Write the files of the dictionary, and remove those of schemas that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = dictionary_files()
    for old in folder.glob("*.md"):
        if old.name not in texts:
            old.unlink()
    write_whole({folder / name: _writer(text) for name, text in texts.items()})


def _writer(text: str) -> Callable[[Path], object]:
    return lambda place: place.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_dictionary(Path(sys.argv[1]))
