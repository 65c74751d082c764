"""The reference: one page per part of the package, every public name by its docstring."""

from importlib import import_module
from pathlib import Path

import ketbio

PARTS = {
    "incoming": ("Incoming data", "ketbio.tables"),
    "endpoints": ("Endpoints", "ketbio.endpoints"),
    "analyses": ("Analyses", "ketbio.analyses"),
    "laboratory": ("Laboratory", "ketbio.analyses.laboratory"),
    "statistics": ("Statistics on arrays", "ketbio.statistics"),
    "results": ("Results", "ketbio.result"),
    "figures": ("Figures", "ketbio.figures"),
    "study": ("A study end to end", "ketbio.study"),
    "report": ("Tables and reports", "ketbio.report"),
}
"""Page → its title and the package whose public names it has."""

MODULES = ("errors", "statistics")
"""Public names that are modules; each has its page."""


def write_reference(folder: Path) -> None:
    """Write the pages; a public name that no page would have is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {page: public_names(package) for page, (_, package) in PARTS.items()}
    left = set(ketbio.__all__) - set(MODULES) - {name for top, _ in pages.values() for name in top}
    if left:
        raise SystemExit(f"No page of the reference has {', '.join(sorted(left))}; see PARTS.")
    index = [
        "# Reference\n\nEverything that is public, by what it is for. Names are used as "
        "`import ketbio as kb` gives them; the others by their package.\n"
    ]
    for page, (top, further) in pages.items():
        title, package = PARTS[page]
        (folder / f"{page}.md").write_text(_page(title, package, top, further), encoding="utf-8")
        index += [f"## [{title}]({page}.md)\n", _listed("kb", page, top)]
        index += [_listed(package, page, further)] if further else []
    index.append("## [Errors](errors.md)\n\nWhat is raised, each with one sentence.\n")
    (folder / "index.md").write_text("\n".join(index), encoding="utf-8")
    (folder / "errors.md").write_text("# Errors\n\n::: ketbio.errors\n", encoding="utf-8")


def public_names(package: str) -> tuple[list[str], list[str]]:
    """Return the names of a package that `ketbio` hands on, and its further public names."""
    homes = {package, *(home for home in ketbio._HOME.values() if _belongs(home, package))}
    top = {name for name in ketbio.__all__ if ketbio._HOME.get(name) in homes}
    own = set(import_module(package).__all__)
    return sorted(top, key=str.casefold), sorted(own - set(ketbio.__all__), key=str.casefold)


def _belongs(home: str, package: str) -> bool:
    """Say whether a module is described with a package, and with no package inside it."""
    packages = [own for _, own in PARTS.values() if home == own or home.startswith(f"{own}.")]
    return max(packages, key=len, default="") == package


def _page(title: str, package: str, top: list[str], further: list[str]) -> str:
    lines = [f"# {title}", ""]
    parts = (("ketbio", "`import ketbio as kb`", top), (package, f"In `{package}`", further))
    for home, heading, names in parts:
        lines += [f"## {heading}", ""] if names else []
        lines += [line for name in names for line in (f"::: {_path(home, name)}", "")]
    return "\n".join(lines)


def _listed(prefix: str, page: str, names: list[str]) -> str:
    home = "ketbio" if prefix == "kb" else prefix
    links = [f"[`{prefix}.{name}`]({page}.md#{_path(home, name)})" for name in names]
    return "\n".join([*(f"- {link}" for link in links), ""])


def _path(home: str, name: str) -> str:
    """Return where a public name is written: the documentation is read from that file."""
    value = getattr(import_module(home), name)
    written = getattr(value, "__module__", None)
    if isinstance(written, str) and written.startswith("ketbio"):
        return f"{written}.{name}"
    return f"{home}.{name}"
