"""`ketbio markers`: the registry of markers, listed, or one of them with its reports."""

from typing import Annotated

import typer

from ketbio.cli.app import DONE, app
from ketbio.tables.markers.description import describe_marker, marker_table


@app.command(epilog="Example:  ketbio markers  |  ketbio markers 'pGSK-3β (Ser9)'")
def markers(
    name: Annotated[
        str, typer.Argument(help="Id, label or another way of writing it; all when left out.")
    ] = "",
) -> int:
    """List the markers that ketbio knows, or tell one: names, reports, direction to expect."""
    typer.echo(str(describe_marker(name)) if name else _listed())
    return DONE


def _listed() -> str:
    rows = marker_table()
    width = int(rows["marker"].str.len().max())
    lines = [
        f"{row['marker']:<{width}}  {row['label']}: people: {row['humans']}; "
        f"animals, cells: {row['animals']}"
        for row in rows.to_dict("records")
    ]
    return "\n".join([*lines, "`ketbio markers NAME` tells one, with its reports."])
