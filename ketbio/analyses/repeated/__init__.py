"""Parts of `fit_random_effects`: rows, model, contrasts, variance components."""
