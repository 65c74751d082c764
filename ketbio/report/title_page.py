"""The title page: what the study file says of the document, its authors and its circumstances."""

from dataclasses import dataclass

from ketbio.result import Results
from ketbio.study import ReportPlan, StudyRun
from ketbio.wording import count_of, join_words

STATEMENTS = {
    "contact": "Contact",
    "funding": "Funding",
    "conflicts": "Conflicts of interest",
    "ethics": "Ethics",
    "acknowledgements": "Acknowledgements",
}
"""Words of the study file → the heads under which they are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of the title page: its head and its text."""

    head: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlePage:
    """What stands on the title page beside the title, the authors and the day.

    Attributes
    ----------
    subtitle, version : str
        ``version`` is the document's own; empty where none is given.
    affiliations : tuple of str
    about : tuple of str
        Lines on the study: id, registration, description.
    statements : tuple of Statement
        Contact, funding, conflicts, ethics, acknowledgements: those that are given.
    """

    subtitle: str = ""
    version: str = ""
    affiliations: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()


def report_title(run: StudyRun | None, results: Results) -> str:
    """Return the title of the document.

    Examples
    --------
    >>> report_title(None, Results())
    'No results'
    """
    if run is not None:
        return run.study.report.title or run.study.title or run.study.id
    if not results:
        return "No results"
    kinds = join_words(dict.fromkeys(one.analysis.replace("_", " ") for one in results))
    return f"{count_of(len(results), 'result')}: {kinds}"


def describe_title_page(run: StudyRun | None) -> TitlePage:
    """Return the matter of the title page; empty where only results are told.

    Parameters
    ----------
    run : StudyRun or None

    Returns
    -------
    TitlePage

    Examples
    --------
    >>> describe_title_page(None).statements
    ()
    """
    if run is None:
        return TitlePage()
    plan = run.study.report
    return TitlePage(
        subtitle=plan.subtitle,
        version=plan.version,
        affiliations=plan.affiliations,
        about=_about(run),
        statements=_statements(plan),
    )


def _about(run: StudyRun) -> tuple[str, ...]:
    study = run.study
    lines = (
        f"Study: {study.title} ({study.id})",
        f"Registration: {study.registration}" if study.registration else "",
        study.description,
    )
    return tuple(line for line in lines if line)


def _statements(plan: ReportPlan) -> tuple[Statement, ...]:
    given = {word: str(getattr(plan, word)) for word in STATEMENTS}
    return tuple(
        Statement(head=STATEMENTS[word], text=text) for word, text in given.items() if text
    )
