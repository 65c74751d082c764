"""The public list is explicit, sorted, complete, and cheap to import."""

import subprocess
import sys

import pytest

import ketbio as kb

NAMES = [
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


def test_list_is_what_it_is_said_to_be():
    assert kb.__all__ == NAMES
    assert sorted(kb.__all__) == kb.__all__


@pytest.mark.parametrize("name", NAMES)
def test_name_is_there_and_documented(name):
    assert getattr(kb, name).__doc__
    assert name in dir(kb)


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'compare_respondrs'"):
        kb.compare_respondrs  # noqa: B018


def test_version_is_the_installed_one():
    from importlib.metadata import version  # noqa: PLC0415

    assert kb.__version__ == version("ketbio")


def test_import_brings_in_nothing_heavy():
    code = (
        "import sys, ketbio; print([m for m in ('numpy', 'pandas', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
