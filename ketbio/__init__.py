"""ketbio: clinical biomarker statistics for small antidepressant trials.

From the incoming file to the paper, each step a public function::

    read_table / check_table → derive_* → compare_* / correlate_* → draw → write_report

Names are handed on lazily, so that ``import ketbio`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ketbio import errors, statistics
    from ketbio.analyses import (
        compare_crossover,
        compare_imputed,
        compare_responders,
        compare_response_rates,
        compare_visits,
        correlate_baseline_change,
        correlate_changes,
        correlate_markers,
        correlate_repeated,
        describe_missing_visits,
        describe_time_to_response,
        fit_mmrm,
        fit_random_effects,
        summarise_course,
        summarise_levels,
        summarise_participants,
        summarise_response,
    )
    from ketbio.analyses.laboratory import (
        compare_methods,
        fit_standard_curves,
        lane_replicates,
        noise_warnings,
        summarise_gels,
        summarise_linear_range,
        summarise_replicates,
    )
    from ketbio.endpoints import (
        derive_band_ratio,
        derive_change,
        derive_column,
        derive_concentration,
        derive_event_times,
        derive_gel_blocks,
        derive_per_participant,
        derive_periods,
        derive_response,
        derive_safety_flags,
        derive_scale_total,
    )
    from ketbio.figures import compose_figure, describe_styles, draw, draw_plate_map, save_figure
    from ketbio.report import write_figures, write_report
    from ketbio.report.result_files import write_results
    from ketbio.report.result_reading import read_results
    from ketbio.report.tables.table import Table
    from ketbio.report.tables.tabulate import (
        tabulate_changes,
        tabulate_participants,
        tabulate_results,
    )
    from ketbio.report.tables.write import write_table
    from ketbio.result import Result, Results, tidy
    from ketbio.statistics import (
        back_calculate,
        correlation_permutation_test,
        fit_dose_response,
        max_t_test,
        paired_permutation_test,
        permutation_test,
    )
    from ketbio.study import Study, read_study, run_study
    from ketbio.tables import (
        Check,
        annotate_workbook,
        check_large_table,
        check_table,
        compare_deliveries,
        describe_marker,
        describe_schema,
        pseudonymise_file,
        read_table,
        write_plate_layout,
        write_schema,
        write_template,
    )

_HOME = {
    "Check": "ketbio.tables",
    "Result": "ketbio.result",
    "Results": "ketbio.result",
    "Study": "ketbio.study",
    "Table": "ketbio.report.tables.table",
    "annotate_workbook": "ketbio.tables",
    "back_calculate": "ketbio.statistics",
    "check_large_table": "ketbio.tables",
    "check_table": "ketbio.tables",
    "compare_crossover": "ketbio.analyses",
    "compare_deliveries": "ketbio.tables",
    "compare_imputed": "ketbio.analyses",
    "compare_methods": "ketbio.analyses.laboratory",
    "compare_responders": "ketbio.analyses",
    "compare_response_rates": "ketbio.analyses",
    "compare_visits": "ketbio.analyses",
    "compose_figure": "ketbio.figures",
    "correlate_baseline_change": "ketbio.analyses",
    "correlate_changes": "ketbio.analyses",
    "correlate_markers": "ketbio.analyses",
    "correlate_repeated": "ketbio.analyses",
    "correlation_permutation_test": "ketbio.statistics",
    "derive_band_ratio": "ketbio.endpoints",
    "derive_change": "ketbio.endpoints",
    "derive_column": "ketbio.endpoints",
    "derive_concentration": "ketbio.endpoints",
    "derive_event_times": "ketbio.endpoints",
    "derive_gel_blocks": "ketbio.endpoints",
    "derive_per_participant": "ketbio.endpoints",
    "derive_periods": "ketbio.endpoints",
    "derive_response": "ketbio.endpoints",
    "derive_safety_flags": "ketbio.endpoints",
    "derive_scale_total": "ketbio.endpoints",
    "describe_marker": "ketbio.tables",
    "describe_missing_visits": "ketbio.analyses",
    "describe_time_to_response": "ketbio.analyses",
    "describe_schema": "ketbio.tables",
    "describe_styles": "ketbio.figures",
    "draw": "ketbio.figures",
    "draw_plate_map": "ketbio.figures",
    "fit_dose_response": "ketbio.statistics",
    "fit_mmrm": "ketbio.analyses",
    "fit_random_effects": "ketbio.analyses",
    "fit_standard_curves": "ketbio.analyses.laboratory",
    "lane_replicates": "ketbio.analyses.laboratory",
    "max_t_test": "ketbio.statistics",
    "noise_warnings": "ketbio.analyses.laboratory",
    "paired_permutation_test": "ketbio.statistics",
    "permutation_test": "ketbio.statistics",
    "pseudonymise_file": "ketbio.tables",
    "read_results": "ketbio.report.result_reading",
    "read_study": "ketbio.study",
    "read_table": "ketbio.tables",
    "run_study": "ketbio.study",
    "save_figure": "ketbio.figures",
    "summarise_course": "ketbio.analyses",
    "summarise_gels": "ketbio.analyses.laboratory",
    "summarise_levels": "ketbio.analyses",
    "summarise_linear_range": "ketbio.analyses.laboratory",
    "summarise_participants": "ketbio.analyses",
    "summarise_replicates": "ketbio.analyses.laboratory",
    "summarise_response": "ketbio.analyses",
    "tabulate_changes": "ketbio.report.tables.tabulate",
    "tabulate_participants": "ketbio.report.tables.tabulate",
    "tabulate_results": "ketbio.report.tables.tabulate",
    "tidy": "ketbio.result",
    "write_plate_layout": "ketbio.tables",
    "write_figures": "ketbio.report",
    "write_report": "ketbio.report",
    "write_results": "ketbio.report.result_files",
    "write_schema": "ketbio.tables",
    "write_table": "ketbio.report.tables.write",
    "write_template": "ketbio.tables",
}

__all__ = [
    "Check",
    "Result",
    "Results",
    "Study",
    "Table",
    "annotate_workbook",
    "back_calculate",
    "check_large_table",
    "check_table",
    "compare_crossover",
    "compare_deliveries",
    "compare_imputed",
    "compare_methods",
    "compare_responders",
    "compare_response_rates",
    "compare_visits",
    "compose_figure",
    "correlate_baseline_change",
    "correlate_changes",
    "correlate_markers",
    "correlate_repeated",
    "correlation_permutation_test",
    "derive_band_ratio",
    "derive_change",
    "derive_column",
    "derive_concentration",
    "derive_event_times",
    "derive_gel_blocks",
    "derive_per_participant",
    "derive_periods",
    "derive_response",
    "derive_safety_flags",
    "derive_scale_total",
    "describe_marker",
    "describe_missing_visits",
    "describe_schema",
    "describe_styles",
    "describe_time_to_response",
    "draw",
    "draw_plate_map",
    "errors",
    "fit_dose_response",
    "fit_mmrm",
    "fit_random_effects",
    "fit_standard_curves",
    "lane_replicates",
    "max_t_test",
    "noise_warnings",
    "paired_permutation_test",
    "permutation_test",
    "pseudonymise_file",
    "read_results",
    "read_study",
    "read_table",
    "run_study",
    "save_figure",
    "statistics",
    "summarise_course",
    "summarise_gels",
    "summarise_levels",
    "summarise_linear_range",
    "summarise_participants",
    "summarise_replicates",
    "summarise_response",
    "tabulate_changes",
    "tabulate_participants",
    "tabulate_results",
    "tidy",
    "write_figures",
    "write_plate_layout",
    "write_report",
    "write_results",
    "write_schema",
    "write_table",
    "write_template",
]


def __getattr__(name: str) -> Any:
    """Import a public name from where it lives, the first time it is asked for."""
    if name in ("errors", "statistics"):
        return import_module(f"ketbio.{name}")
    if name == "__version__":
        return import_module("importlib.metadata").version("ketbio")
    if name not in _HOME:
        raise AttributeError(f"module 'ketbio' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
