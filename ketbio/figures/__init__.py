"""`Result` → matplotlib figure: nothing is computed here."""

from ketbio.figures.baseline_change import draw_baseline_change
from ketbio.figures.bland_altman import draw_bland_altman
from ketbio.figures.captions import figure_caption
from ketbio.figures.change_scatter import draw_change_scatter
from ketbio.figures.choose import FAMILY_FIGURES, FIGURES, draw
from ketbio.figures.compose import compose_figure
from ketbio.figures.control_chart import draw_control_chart
from ketbio.figures.correlation_matrix import draw_correlation_matrix
from ketbio.figures.crossover import draw_crossover
from ketbio.figures.description import alternative_text
from ketbio.figures.dilutions import draw_dilutions
from ketbio.figures.estimation import draw_estimation
from ketbio.figures.flow_diagram import draw_flow
from ketbio.figures.forest import draw_forest
from ketbio.figures.gel_overview import draw_gel_overview
from ketbio.figures.gel_overviews import draw_gel_overviews
from ketbio.figures.imputed import draw_imputed
from ketbio.figures.missing_visits import draw_missing_visits
from ketbio.figures.mmrm_trajectory import draw_mmrm_trajectory
from ketbio.figures.model_diagnostics import draw_model_diagnostics
from ketbio.figures.null_distribution import draw_null_distribution
from ketbio.figures.plate_map import draw_plate_map
from ketbio.figures.presets import describe_styles
from ketbio.figures.record import FigureRecord, figure_record
from ketbio.figures.repeated_correlation import draw_repeated_correlation
from ketbio.figures.repeated_markers import draw_repeated_markers
from ketbio.figures.replicate_cv import draw_replicate_cv
from ketbio.figures.response_rates import draw_response_rates
from ketbio.figures.saving import SavedFigure, save_figure
from ketbio.figures.slopes import draw_slopes
from ketbio.figures.spider import draw_spider
from ketbio.figures.standard_curve import draw_standard_curve
from ketbio.figures.style import STYLES, Style
from ketbio.figures.time_to_response import draw_time_to_response
from ketbio.figures.trajectory import draw_trajectory
from ketbio.figures.visit_contrasts import draw_visit_contrasts
from ketbio.figures.waterfall import draw_waterfall

__all__ = [
    "FAMILY_FIGURES",
    "FIGURES",
    "STYLES",
    "FigureRecord",
    "SavedFigure",
    "Style",
    "alternative_text",
    "compose_figure",
    "describe_styles",
    "draw",
    "draw_baseline_change",
    "draw_bland_altman",
    "draw_change_scatter",
    "draw_control_chart",
    "draw_correlation_matrix",
    "draw_crossover",
    "draw_dilutions",
    "draw_estimation",
    "draw_flow",
    "draw_forest",
    "draw_gel_overview",
    "draw_gel_overviews",
    "draw_imputed",
    "draw_missing_visits",
    "draw_mmrm_trajectory",
    "draw_model_diagnostics",
    "draw_null_distribution",
    "draw_plate_map",
    "draw_repeated_correlation",
    "draw_repeated_markers",
    "draw_replicate_cv",
    "draw_response_rates",
    "draw_slopes",
    "draw_spider",
    "draw_standard_curve",
    "draw_time_to_response",
    "draw_trajectory",
    "draw_visit_contrasts",
    "draw_waterfall",
    "figure_caption",
    "figure_record",
    "save_figure",
]
