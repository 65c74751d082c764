"""Files of plate readers, and layouts of plates → one row per well."""
