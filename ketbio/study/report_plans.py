"""The ``[report]`` of a study file: what the document is made of, and what cannot be put in it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ketbio.study.analysis_plans import AnalysisReader
from ketbio.study.places import line_of
from ketbio.study.plan import CHECKLISTS, SECTION_FILE, SECTIONS, ReportPlan
from ketbio.study.words import REPORT

PLAIN_WORDS = ("subtitle", "version", "contact", "funding", "conflicts", "ethics",
               "acknowledgements", "citation_style", "sentences", "figures", "format")  # fmt: skip
"""Words that the plan of the report takes as they are."""

LISTS = ("authors", "affiliations", "deviations")
"""Words that are lists of sentences or names."""

ONLY_INCLUDED = "_"
"""How the name of a partial begins that is no section: others include it."""

ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
ADDRESSLESS = ("title", "subtitle", "authors", "affiliations", "funding", "conflicts", "ethics",
               "acknowledgements", "deviations")  # fmt: skip
"""Words beside ``contact`` that hold no e-mail address."""


class ReportReader(AnalysisReader):
    """Reads the report's part of a study file; files named there are looked for beside it."""

    def report_plan(self, title: str) -> ReportPlan:
        """Return what the report is made of; faults are kept."""
        given = self.top.get("report", {})
        if not self.check(given, REPORT, ("report",)):
            return ReportPlan(title=title)
        for key in LISTS:
            if any(not text.strip() for text in given.get(key, ())):
                self.fault(("report", key), f"{key} holds an empty text; leave it out.")
        self.check_contact(given)
        self.check_addresses(given)
        partials = self.folder("partials")
        words: dict[str, Any] = {key: given[key] for key in PLAIN_WORDS if key in given}
        words |= {key: tuple(given[key]) for key in LISTS if key in given}
        return ReportPlan(
            title=given.get("title", title),
            sections=self.sections(given.get("sections"), _own_sections(partials)),
            checklists=self.checklists(given.get("checklists")),
            template=self.file_beside("template"),
            partials=partials,
            registered_plan=self.registered_plan(),
            lines={key: line_of(self.text, ("report", key)) for key in given},
            **words,
        )

    def check_contact(self, given: Mapping[str, Any]) -> None:
        """Find the fault of a contact that is somebody's address."""
        if ADDRESS.search(given.get("contact", "")):
            self.fault(
                ("report", "contact"),
                "contact holds an e-mail address, which does not belong in a report that is passed "
                "on; name a role and its office, such as 'the trial office'.",
            )

    def check_addresses(self, given: Mapping[str, Any]) -> None:
        """Find the fault of an e-mail address in a name or a statement of the title page."""
        for key in ADDRESSLESS:
            words = given.get(key, "")
            if MAIL.search(words if isinstance(words, str) else " ".join(words)):
                self.fault(
                    ("report", key),
                    f"{key} holds an e-mail address, which does not belong in a report that is "
                    "passed on; leave it out.",
                )

    def checklists(self, given: Sequence[str] | None) -> tuple[str, ...] | None:
        """Return the checklists to fill in, each once; None where the plan says nothing."""
        for name in given or ():
            self.check_word(name, CHECKLISTS, "a reporting checklist", ("report", "checklists"))
        return None if given is None else tuple(dict.fromkeys(given))

    def sections(self, given: Sequence[str] | None, own: Sequence[str]) -> tuple[str, ...]:
        """Return the sections in their order; a partial that would never be seen is a fault."""
        named = tuple(SECTIONS if given is None else given)
        if not named:
            self.fault(("report", "sections"), "sections is empty; name at least one.")
        allowed = [*SECTIONS, *(name for name in own if name not in SECTIONS)]
        for name in named:
            self.check_word(name, allowed, "a section of the report", ("report", "sections"))
        for name in dict.fromkeys(name for name in named if named.count(name) > 1):
            self.fault(("report", "sections"), f"sections names {name!r} twice; name it once.")
        for name in own:
            if name not in SECTIONS and name not in named:
                self.fault(
                    ("report", "partials"),
                    f"partials holds {name + SECTION_FILE!r}, which is no section and is not named "
                    f"in sections; allowed: {', '.join(map(repr, SECTIONS))}. Name it in sections, "
                    f"or begin its name with {ONLY_INCLUDED!r} where other partials include it.",
                )
        return named

    def folder(self, key: str) -> Path | None:
        """Return the folder that a word names, None where it names none or it is not there."""
        given = self.top.get("report", {}).get(key)
        if given is None:
            return None
        path: Path = self.file.parent / given
        if not path.is_dir():
            found = "a file" if path.is_file() else "not there"
            self.fault(
                ("report", key),
                f"{key} names the folder {given!r}, which is {found}; paths are taken from the "
                "study file's folder.",
            )
            return None
        return path

    def registered_plan(self) -> Path | None:
        """Return the plan as it was registered; this study file would always agree with itself."""
        path = self.file_beside("registered_plan")
        if path is not None and path.resolve() == self.file.resolve():
            self.fault(
                ("report", "registered_plan"),
                "registered_plan names this study file, which cannot differ from itself; name the "
                "file as it was registered, or leave it out.",
            )
        return path

    def file_beside(self, key: str) -> Path | None:
        """Return the file that a word names, None where it names none or it is not there."""
        given = self.top.get("report", {}).get(key)
        if given is None:
            return None
        path: Path = self.file.parent / given
        if not path.is_file():
            self.not_there(("report", key), f"{key} names the file", given, path)
            return None
        return path


def _own_sections(partials: Path | None) -> tuple[str, ...]:
    if partials is None:
        return ()
    names = sorted(path.name for path in partials.glob(f"*{SECTION_FILE}"))
    return tuple(
        name.removesuffix(SECTION_FILE) for name in names if not name.startswith(ONLY_INCLUDED)
    )
