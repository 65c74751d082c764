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
NOT_PAGES = ("site", "studies")
"""Folders of docs/ that are no pages of their own."""

_LINK = re.compile(r"(\]\()(?!https?://|#)([^)\s]+)(\))")


def assemble(folder: Path) -> None:
    """Fill a folder with every page of the site; what was in it is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source in sorted(DOCS.iterdir()):
        if source.name in NOT_PAGES:
            continue
        if source.is_dir():
            shutil.copytree(source, folder / source.name)
        else:
            shutil.copy(source, folder / source.name)
    shutil.copytree(DOCS / "studies", folder / "studies")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (folder / "index.md").write_text(_rebased(readme, "docs/"), encoding="utf-8")
    for name in ("CHANGELOG.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        (folder / name.lower()).write_text(_rebased(text, "docs/"), encoding="utf-8")
    shutil.copytree(ROOT / "notebooks", folder / "tutorial")
    write_reference(folder / "reference")
    write_gallery(folder / "gallery")


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

    return _LINK.sub(rebased, text)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
