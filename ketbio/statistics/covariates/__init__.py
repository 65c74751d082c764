"""Covariates: linear models, and permutations of their residuals."""
