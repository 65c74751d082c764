"""The sheet that an annotated workbook has in front: its title, for whoever writes or reads one."""

LIST_SHEET = "ketbio checks"
"""Title of the sheet with the list of complaints."""


def is_list_title(title: str) -> bool:
    """Return whether a sheet's title is that of the list of a check, an earlier one's among them.

    Examples
    --------
    >>> is_list_title("ketbio checks"), is_list_title("ketbio checks1"), is_list_title("ratings")
    (True, True, False)
    """
    return title.rstrip("0123456789") == LIST_SHEET
