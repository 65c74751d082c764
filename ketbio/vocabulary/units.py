"""Units that can be taken to one another, the scales of values, specimens."""

MASS_CONCENTRATION_PER_NG_ML = {
    "ng/mL": 1.0,
    "pg/mL": 1000.0,
    "µg/mL": 0.001,
    "pg/dL": 100_000.0,
    "ng/dL": 100.0,
    "µg/dL": 0.1,
    "ng/L": 1000.0,
    "µg/L": 1.0,
    "mg/L": 0.001,
}
"""How many of each unit make one ng/mL."""
UNIT_FAMILIES = (MASS_CONCENTRATION_PER_NG_ML, {"years": 1.0, "months": 12.0})
"""Units that can be taken to one another: of each, how many make one of the first."""

VALUE_SCALES = ("raw", "log2", "ratio")
"""On which scale an endpoint's value is kept."""

SPECIMENS = ("serum", "plasma", "platelet-poor plasma", "whole blood", "csf")
