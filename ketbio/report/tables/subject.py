"""What a table is asked of: a study, its run, or results, told apart in one place."""

from dataclasses import dataclass

from ketbio.errors import ReportError
from ketbio.result import Result, Results
from ketbio.study import Study, StudyRun, analyse_study

SIMULATED = "Simulated data: no participant is real."

Given = Study | StudyRun | Result | Results
"""What every builder takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Results with what is known of their study.

    Attributes
    ----------
    results : Results
    run : StudyRun or None
        Where they came from a study.
    """

    results: Results
    run: StudyRun | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What every table of it says first."""
        is_simulated = self.run is not None and self.run.study.is_simulated
        return (SIMULATED,) if is_simulated else ()


def subject_of(given: object, *, caller: str) -> Subject:
    """Return the results of what was given; a study is run.

    Parameters
    ----------
    given : Study, StudyRun, Result or Results
    caller : str
        Name of the public function, for the refusal.

    Raises
    ------
    ReportError
        Anything else.
    """
    if isinstance(given, Study):
        given = analyse_study(given)
    if isinstance(given, StudyRun):
        return Subject(results=given.results, run=given)
    if isinstance(given, Result):
        return Subject(results=Results([given]))
    if isinstance(given, list | tuple) and all(isinstance(one, Result) for one in given):
        return Subject(results=Results(given))
    raise ReportError(
        f"{caller}() was given a {type(given).__name__}; it takes a Study, a StudyRun, a Result or "
        "Results."
    )
