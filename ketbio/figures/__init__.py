"""`Result` → matplotlib figure: nothing is computed here."""
