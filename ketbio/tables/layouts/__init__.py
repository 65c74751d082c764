"""Files with a layout of their own (REDCap exports, ADaM tables) → one row per record."""
