"""`ketbio figures` and `ketbio styles`: every figure of a study as files for print."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from ketbio.cli.app import DONE, Force, app
from ketbio.figures.presets import STYLES, Style, find_style
from ketbio.figures.style import font_remark
from ketbio.report.figure_set import INDEX, write_figures
from ketbio.study import read_study


@app.command(
    epilog="Example:  ketbio figures study.toml --out figures --style nature_single --format pdf "
    "--format tiff"
)
def figures(
    study: Annotated[Path, typer.Argument(help="A study file (.toml).")],
    *,
    out: Annotated[Path, typer.Option(help="Folder for the figures, made where it is not there.")],
    style: Annotated[
        str, typer.Option(help="A preset, such as nature_single; `ketbio styles` lists them.")
    ] = "",
    format: Annotated[  # noqa: A002
        list[str] | None, typer.Option(help="png, svg, pdf or tiff; may be given again.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="An analysis, such as compare_responders, or flow; again for more."),
    ] = None,
    force: Force = False,
) -> int:
    """Run a study and write each of its figures, with its data and an index (figures.csv)."""
    sizes = find_style(style or None)
    index = write_figures(
        read_study(study),
        out,
        style=sizes,
        formats=format or ["png"],
        only=only or (),
        overwrite=force,
    )
    for name in index.loc[index["file"] != "", "file"]:
        typer.echo(out / name)
    typer.echo(out / INDEX)
    for remark in _remarks(index, sizes):
        typer.echo(remark, err=True)
    return DONE


def _remarks(index: pd.DataFrame, style: Style) -> Iterator[str]:
    """Give what is to be known of the files; what holds for all of them once."""
    font = font_remark(style)
    if font and len(index):
        yield font
    for name, kind, said in index[["file", "kind", "remarks"]].itertuples(index=False):
        own = str(said).removesuffix(font).strip()
        if own:
            yield f"{name}: {own}" if name else f"not drawn, {kind}: {own}"


@app.command(epilog="Example:  ketbio styles")
def styles() -> int:
    """List the presets of figures: name, width and height in mm, smallest type, where from."""
    for one in STYLES.values():
        height = "" if math.isinf(one.max_height_mm) else f" × {one.max_height_mm:g}"
        checked = f" [{one.checked}]" if one.checked else ""
        typer.echo(
            f"{one.name}: {one.width_mm:g}{height} mm, {one.small_pt:g} and {one.font_pt:g} pt, "
            f"{one.dpi} dpi; {one.source}{checked}"
        )
    return DONE
