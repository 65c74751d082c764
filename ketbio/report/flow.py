"""The flow of participants as a table: the figure beside it shows the same."""

import pandas as pd

from ketbio.report.markdown import Markdown, markdown_table


def flow_table(flow: pd.DataFrame) -> Markdown:
    """Return the steps, who is left at each and who was lost and why; empty where there are none.

    Parameters
    ----------
    flow : DataFrame
        ``step, n, excluded, reasons`` (`ketbio.endpoints.derive_flow`).

    Returns
    -------
    Markdown

    Examples
    --------
    >>> flow_table(pd.DataFrame()) == ""
    True
    """
    if flow.empty:
        return Markdown()
    return markdown_table(
        [
            [row["step"], f"{row['n']}", f"{row['excluded']}", row["reasons"]]
            for _, row in flow.iterrows()
        ],
        headings=["Step", "Participants", "Excluded", "Reasons"],
        right=["Participants", "Excluded"],
        caption="Flow of participants",
        identifier="table-flow",
        classes=("stub",),
    )
