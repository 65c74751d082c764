"""`Result` → matplotlib figure: nothing is computed here."""

from ketbio.figures.captions import figure_caption
from ketbio.figures.change_scatter import draw_change_scatter
from ketbio.figures.choose import FIGURES, draw
from ketbio.figures.description import alternative_text
from ketbio.figures.estimation import draw_estimation
from ketbio.figures.saving import save_figure
from ketbio.figures.slopes import draw_slopes
from ketbio.figures.style import STYLES, Style
from ketbio.figures.waterfall import draw_waterfall

__all__ = [
    "FIGURES",
    "STYLES",
    "Style",
    "alternative_text",
    "draw",
    "draw_change_scatter",
    "draw_estimation",
    "draw_slopes",
    "draw_waterfall",
    "figure_caption",
    "save_figure",
]
