"""A study file: its tables and its plan, read, refused where impossible, and run in order."""

from ketbio.study.checking import check_study, stop_on_errors
from ketbio.study.derivations import check_markers
from ketbio.study.plan import AnalysisPlan, MarkerPlan, ReportPlan, ResponsePlan, Study, TablePlan
from ketbio.study.readiness import check_analyses
from ketbio.study.reading import read_study
from ketbio.study.run import StudyRun, analyse_study, run_study
from ketbio.study.schemas import study_schema

__all__ = [
    "AnalysisPlan",
    "MarkerPlan",
    "ReportPlan",
    "ResponsePlan",
    "Study",
    "StudyRun",
    "TablePlan",
    "analyse_study",
    "check_analyses",
    "check_markers",
    "check_study",
    "read_study",
    "run_study",
    "stop_on_errors",
    "study_schema",
]
