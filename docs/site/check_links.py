"""Every link and image of the built site leads to a file that is there, and to a part of it."""

import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

NAMED = ("href", "src")


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given[name] or "" for name in ("id", "name") if name in given}
        self.targets += [given[name] or "" for name in NAMED if name in given]


@cache
def _read(path: Path) -> _Page:
    return _Page(path.read_text(encoding="utf-8"))


def broken_links(site: Path) -> list[str]:
    """Return a sentence for each link that leads nowhere."""
    found = []
    for path in sorted(site.rglob("*.html")):
        if path.name == "404.html":
            continue
        for target in dict.fromkeys(_read(path).targets):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not to.exists() or not to.is_relative_to(site):
                found.append(f"{path.relative_to(site)}: {target} is not there.")
            elif to.suffix == ".html" and parts.fragment not in _known(to):
                found.append(f"{path.relative_to(site)}: {target} has no such part.")
    return found


def _known(path: Path) -> set[str]:
    return {"", "__top", "__skip"} | {unquote(one) for one in _read(path).ids}


if __name__ == "__main__":
    complaints = broken_links(Path(sys.argv[1]).resolve())
    print(*complaints, sep="\n", end="\n" if complaints else "")
    sys.exit(bool(complaints))
