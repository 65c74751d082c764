"""The registry of markers at intake and in words.

::

    recognition   columns and blot targets of a table → the markers that they name
    reported      the reports of a marker → words: raised in 2 reports, unchanged in 4 reports
    description   one marker, or the list of all, as text
    page          the registry as docs/markers.md
"""
