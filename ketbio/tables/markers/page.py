"""The registry of markers as a page, as ``docs/markers.md`` holds it.

``python -m ketbio.tables.markers.page docs/markers.md`` writes it anew.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ketbio.tables.markers.description import expected_words, measured_words
from ketbio.tables.markers.reported import cite_words, expected_direction, summary_words
from ketbio.vocabulary.marker_records import MarkerReport, RegisteredMarker
from ketbio.vocabulary.marker_registry import marker_registry
from ketbio.vocabulary.marker_schema import (
    AMBIGUOUS_KEYS,
    MARKER_KEYS,
    REFERENCE_KEYS,
    REPORT_KEYS,
    Key,
)
from ketbio.whole_files import write_whole

HEAD = """# Markers

Written by `make markers` from `ketbio/vocabulary/markers_*.toml`; change those, not this page.

What ketbio knows of each marker: how files write it, how it is measured, and what was reported of
it after ketamine, people apart from animals and cell cultures. The facts are those of Kang,
Hawken and Vazquez 2022 (Frontiers in Psychiatry 13:860882, doi 10.3389/fpsyt.2022.860882, CC BY),
a systematic review, through which the primary papers are cited, and of the abstract of Roy et al.
2021 (J Psychopharmacol 35:168–177, doi 10.1177/0269881120928203). Reports that conflict stand
side by side. What those texts do not tell is left empty, and nothing is here without a source.
Doses in animals were mostly 10–30 mg/kg, and in people 0.5 mg/kg.

The registry serves three ends. At intake a column, or a blot's target, that is another way of
writing a marker is recognised and said; a word that leaves open which marker it means is never
resolved. In a plan `alternative = "expected"` of `compare_visits` takes the direction on which
all reports of people agree; where they conflict, are absent or found no change the plan is
refused, and every result so tested says that it is one-sided, on which reports. In a report the
earlier reports stand beside each finding. A report of the very participants that are analysed is
no earlier report: a plan should not take its direction from them.

`reversed`: a change under stress was undone, and which way is not told. `raised` or `lowered` by
"compares: responders against non-responders" says how the two groups differed, not how they
changed.
"""


def markers_page() -> str:
    """Return the page of the registry as Markdown.

    Examples
    --------
    >>> markers_page().splitlines()[0]
    '# Markers'
    """
    registry = marker_registry()
    parts = [
        HEAD,
        *_overview(),
        *(_section(one) for one in registry.markers.values()),
        "## Words that leave something open\n",
        _table(
            ["word", "could be", "leaves open"],
            [
                [", ".join(one.words), ", ".join(one.candidates), one.open]
                for one in registry.open_words
            ],
        ),
        *_format(),
        "## References\n",
        _table(
            ["key", "work", "place in the review's list", "doi"],
            [
                [f"`{one.key}`", one.cite, str(one.number or ""), one.doi]
                for one in registry.references.values()
            ],
        ),
    ]
    return "\n".join(parts)


def _overview() -> Iterator[str]:
    yield "## Overview\n"
    rows = [
        [
            f"`{one.name}`",
            one.label,
            summary_words(one.human_reports),
            summary_words(one.animal_reports),
            expected_direction(one).alternative or "–",
        ]
        for one in marker_registry().markers.values()
    ]
    yield _table(["id", "marker", "people", "animals, cell cultures", "expected"], rows)


def _section(marker: RegisteredMarker) -> str:
    synonyms = f" Also written: {', '.join(marker.synonyms)}." if marker.synonyms else ""
    lines = [
        f"## {marker.label}\n",
        f"`{marker.name}`: {measured_words(marker)}.",
        f"Tells of: {', '.join(marker.molecules)}.{synonyms}",
        f"Direction that a plan could pre-specify: {expected_words(expected_direction(marker))}.",
    ]
    if marker.note:
        lines.append(marker.note)
    table = _table(
        ["in", "where", "reported", "after", "window", "note", "paper"],
        [_row(one) for one in marker.reports],
    )
    return "\n".join([*lines, "", table])


def _row(report: MarkerReport) -> list[str]:
    compared = "" if report.compares == REPORT_KEYS["compares"].allowed[0] else report.compares
    via = f" via {cite_words([report.via])}" if report.via else ""
    return [
        _listed(report.species, report.population),
        _listed(report.specimen, report.measured),
        _listed(report.direction, compared),
        _listed(report.drug, report.ketamine and f"{report.ketamine} dosing", report.dose),
        report.window,
        report.note,
        f"{cite_words([report.citation])}{via}",
    ]


def _listed(*words: str) -> str:
    return "; ".join(word for word in words if word)


def _format() -> Iterator[str]:
    yield (
        "## Format\n\nThe files are held to this by the loader and by a test. A word (without "
        "case, blanks and\nsigns) means one marker, or is declared to leave something open.\n"
    )
    tables: dict[str, Mapping[str, Key]] = {
        "`[[marker]]`": MARKER_KEYS,
        "a report": REPORT_KEYS,
        "`[[ambiguous]]`": AMBIGUOUS_KEYS,
        "a line of `marker_references.toml`": REFERENCE_KEYS,
    }
    for title, keys in tables.items():
        yield f"Keys of {title}:\n"
        yield _table(
            ["key", "meaning", "needed", "allowed"],
            [
                [f"`{name}`", key.meaning, "yes" if key.required else "", ", ".join(key.allowed)]
                for name, key in keys.items()
            ],
        )


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def write_page(path: Path) -> None:
    """Write the page anew."""
    text = markers_page()
    write_whole({path: lambda place: place.write_text(text, encoding="utf-8", newline="\n")})


if __name__ == "__main__":
    write_page(Path(sys.argv[1]))
