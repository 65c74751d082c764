"""Parts of `fit_mmrm`: rows, design, model, contrasts, what is said."""
