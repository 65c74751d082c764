"""Lines of cells → typed records under our column names."""
