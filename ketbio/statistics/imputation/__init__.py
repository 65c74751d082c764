"""Multiple imputation of trajectories: at random, by reference to an arm, or with a shift."""
