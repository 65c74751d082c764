"""`Result` → matplotlib figure: nothing is computed here."""

from ketbio.figures.bland_altman import draw_bland_altman
from ketbio.figures.captions import figure_caption
from ketbio.figures.change_scatter import draw_change_scatter
from ketbio.figures.choose import FIGURES, draw
from ketbio.figures.control_chart import draw_control_chart
from ketbio.figures.description import alternative_text
from ketbio.figures.dilutions import draw_dilutions
from ketbio.figures.estimation import draw_estimation
from ketbio.figures.gel_overview import draw_gel_overview
from ketbio.figures.plate_map import draw_plate_map
from ketbio.figures.replicate_cv import draw_replicate_cv
from ketbio.figures.saving import save_figure
from ketbio.figures.slopes import draw_slopes
from ketbio.figures.standard_curve import draw_standard_curve
from ketbio.figures.style import STYLES, Style
from ketbio.figures.waterfall import draw_waterfall

__all__ = [
    "FIGURES",
    "STYLES",
    "Style",
    "alternative_text",
    "draw",
    "draw_bland_altman",
    "draw_change_scatter",
    "draw_control_chart",
    "draw_dilutions",
    "draw_estimation",
    "draw_gel_overview",
    "draw_plate_map",
    "draw_replicate_cv",
    "draw_slopes",
    "draw_standard_curve",
    "draw_waterfall",
    "figure_caption",
    "save_figure",
]
