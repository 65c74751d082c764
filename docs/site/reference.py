"""The reference: one page per part of the package, every public name by its docstring."""

from importlib import import_module
from pathlib import Path

import ketbio

PARTS = {
    "incoming": ("Incoming data", ("ketbio.tables",)),
    "endpoints": ("Endpoints", ("ketbio.endpoints",)),
    "analyses": ("Analyses", ("ketbio.analyses",)),
    "laboratory": ("Laboratory", ("ketbio.analyses.laboratory",)),
    "statistics": ("Statistics on arrays", ("ketbio.statistics",)),
    "results": ("Results", ("ketbio.result",)),
    "figures": ("Figures", ("ketbio.figures",)),
    "study": ("A study end to end", ("ketbio.study",)),
    "report": ("Tables and reports", ("ketbio.report",)),
}
"""Page → its title and the packages whose public names it has."""

NOT_DESCRIBED = ("errors", "statistics")
"""Public names that are modules."""


def write_reference(folder: Path) -> None:
    """Write the pages; a public name that no page would have is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    left = set(ketbio.__all__) - set(NOT_DESCRIBED)
    index = ["# Reference", "", "What `import ketbio as kb` gives, by what it is for.", ""]
    for page, (title, homes) in PARTS.items():
        names = sorted(name for name in left if ketbio._HOME[name] in homes)
        left -= set(names)
        lines = [f"# {title}", ""]
        lines += [line for name in names for line in (f"::: {_path(name)}", "")]
        (folder / f"{page}.md").write_text("\n".join(lines), encoding="utf-8")
        listed = ", ".join(f"`{name}`" for name in names)
        index.append(f"- [{title}]({page}.md): {listed}")
    (folder / "errors.md").write_text("# Errors\n\n::: ketbio.errors\n", encoding="utf-8")
    index.append("- [Errors](errors.md): what is raised, each with one sentence")
    if left:
        raise SystemExit(f"No page of the reference has {', '.join(sorted(left))}; see PARTS.")
    (folder / "index.md").write_text("\n".join([*index, ""]), encoding="utf-8")


def _path(name: str) -> str:
    """Return where a public name is written: the documentation is read from that file."""
    value = getattr(import_module("ketbio"), name)
    home = getattr(value, "__module__", None)
    return f"{home}.{name}" if home else f"{ketbio._HOME[name]}.{name}"
