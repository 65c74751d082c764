"""The internals of dose–response fits: curves, starts, covariance, limits."""
