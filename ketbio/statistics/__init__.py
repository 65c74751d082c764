"""Arrays → small frozen records: the formulas, and no participants."""
