"""Assemble the pages of the documentation site in one folder, for mkdocs.

Pages are the files of `docs/`, the README as the first page, the notebooks as the tutorial, the
reference written from the public names, and the gallery, whose figures are drawn here.
"""

import re
import shutil
import sys
from pathlib import Path

from gallery import write_gallery
from reference import write_reference

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
NOT_PAGES = ("site",)
"""Folders of docs/ that hold no pages."""

LINK = re.compile(r"(\]\()(?!https?://|mailto:|#)([^)\s]+)(\))")
"""A link of Markdown to another file; its second part is the file."""


def assemble(folder: Path) -> None:
    """Fill a folder with every page of the site; what was in it is gone."""
    copy_pages(folder)
    write_reference(folder / "reference")
    write_gallery(folder / "gallery")


def copy_pages(folder: Path) -> None:
    """Fill a folder with the pages that are written by hand: docs, README, notebooks."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source in sorted(DOCS.iterdir()):
        if source.name in NOT_PAGES:
            continue
        if source.is_dir():
            shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("*.py"))
        else:
            shutil.copy(source, folder / source.name)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (folder / "index.md").write_text(_rebased(readme, "docs/"), encoding="utf-8")
    for name in ("CHANGELOG.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        (folder / name.lower()).write_text(_rebased(text, "docs/"), encoding="utf-8")
    shutil.copy(ROOT / "CITATION.cff", folder)
    shutil.copy(DOCS / "site" / "site.css", folder)
    (folder / "tutorial").mkdir()
    for source in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text = source.read_text(encoding="utf-8")
        (folder / "tutorial" / source.name).write_text(_of_notebook(text), encoding="utf-8")


def _rebased(text: str, prefix: str) -> str:
    """Turn links from the top of the repository into links from the top of the site."""

    def rebased(match: re.Match[str]) -> str:
        target = match[2]
        if target.startswith(prefix):
            target = target.removeprefix(prefix)
        elif target.startswith("notebooks/"):
            target = target.replace("notebooks/", "tutorial/", 1)
        elif target in ("CHANGELOG.md", "CONTRIBUTING.md"):
            target = target.lower()
        return f"{match[1]}{target}{match[3]}"

    return LINK.sub(rebased, text)


def _of_notebook(text: str) -> str:
    """Turn links of a notebook into links between built pages: they are not turned by mkdocs."""

    def built(match: re.Match[str]) -> str:
        target = match[2].replace("../docs/", "../", 1)
        return f"{match[1]}{re.sub(r'[.](md|ipynb)$', '.html', target)}{match[3]}"

    return LINK.sub(built, text)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
