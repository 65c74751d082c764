"""Values below a limit: scores, and every placement that they could have."""
