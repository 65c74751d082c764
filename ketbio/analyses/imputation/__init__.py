"""Parts of `compare_imputed`: rows, assumptions, answers, companions."""
