"""Laboratory markers: what the bench measured and how far it can be relied on."""

from ketbio.analyses.laboratory.agreement import compare_methods
from ketbio.analyses.laboratory.gels import summarise_gels
from ketbio.analyses.laboratory.lane_replicates import lane_replicates
from ketbio.analyses.laboratory.linear_range import summarise_linear_range
from ketbio.analyses.laboratory.noise import noise_warnings
from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.analyses.laboratory.replicates import summarise_replicates
from ketbio.analyses.laboratory.standard_curves import StandardCurves, fit_standard_curves

__all__ = [
    "PlateSettings",
    "StandardCurves",
    "compare_methods",
    "fit_standard_curves",
    "lane_replicates",
    "noise_warnings",
    "summarise_gels",
    "summarise_linear_range",
    "summarise_replicates",
]
