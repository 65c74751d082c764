"""Many markers: one common set of arrangements, and the step-down over them."""
