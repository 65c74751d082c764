"""The gallery: every kind of figure, drawn from the simulated demo study while the site is built."""

import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from html import escape
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap
from typing import Any

from gallery_figures import GROUPS, SETUP, Example
from matplotlib.figure import Figure

from ketbio.figures import figure_record, save_figure

PAGE = "figures.md"
DPI = 130
COLUMNS = 76
"""Of what a figure's lines print."""
HEAD = """# Gallery

Every kind of figure that ketbio draws. **The data are simulated; no participant is real**: they are
those of the demo study. The figures and their words were made by the lines below them when this site
was built, after these:

```python
{setup}
```

`kb.draw` picks the figure of an analysis; what has no analysis of its own is drawn by name.
Each image leads to the figure as SVG. [Figures for print](../figures.md) has the presets of journals and the kinds of files, and
[side by side](README.md) our two-group figure beside those of two other packages.
"""


def write_gallery(folder: Path) -> None:
    """Draw the figures and write their page."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work:
        names = _run_setup(Path(work))
    lines = [HEAD.format(setup=SETUP)]
    for group, examples in GROUPS.items():
        lines += [f"## {group}", ""]
        for example in examples:
            lines += _draw_example(example, names, folder)
    (folder / PAGE).write_text("\n".join(lines), encoding="utf-8")


def _run_setup(work: Path) -> dict[str, Any]:
    names: dict[str, Any] = {}
    before = Path.cwd()
    os.chdir(work)
    try:
        exec(SETUP, names)
    finally:
        os.chdir(before)
    return names


def _draw_example(example: Example, names: dict[str, Any], folder: Path) -> Iterator[str]:
    """Run the lines of an example, save its figure, and give the lines of the page."""
    said = StringIO()
    own = dict(names)
    code = example.code.strip()
    with redirect_stdout(said):
        exec(code, own)
    figure = own["figure"]
    for suffix, dpi in ((".png", DPI), (".svg", None)):
        save_figure(figure, folder / f"{example.file}{suffix}", dpi=dpi, data=False, overwrite=True)
    yield from (f"### {example.title}", "", example.about, "")
    yield from ("```python", code, "```", "")
    if said.getvalue():
        yield from ("```text", *_wrapped(said.getvalue()), "```", "")
    yield from _shown(figure, example.file)


def _shown(figure: Figure, name: str) -> Iterator[str]:
    """Give the figure with its words, as HTML: Markdown has no size and no caption of images."""
    record = figure_record(figure)
    width, height = (round(DPI * inches) for inches in figure.get_size_inches())
    yield (
        f'<figure>\n<a href="{name}.svg"><img src="{name}.png" loading="lazy" width="{width}" '
        f'height="{height}" alt="{_plain(record.alternative)}"></a>\n</figure>\n'
    )
    yield (
        "<details>\n<summary>In words</summary>\n"
        f"<p><b>Headline.</b> {_plain(record.headline)}</p>\n"
        f"<p><b>Caption.</b> {_plain(record.caption)}</p>\n"
        f"<p><b>Alternative text.</b> {_plain(record.alternative)}</p>\n"
        f'<p><a href="{name}.svg">The figure as SVG</a></p>\n</details>\n'
    )


def _wrapped(text: str) -> list[str]:
    return [part for line in text.splitlines() for part in (wrap(line, COLUMNS) or [""])]


def _plain(text: str) -> str:
    """Return text for HTML, on one line: a blank line would end the block."""
    return escape(" ".join(text.split()))
