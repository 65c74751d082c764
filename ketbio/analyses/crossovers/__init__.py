"""Parts of `compare_crossover`: plan, rows, contrasts, models beside them."""
