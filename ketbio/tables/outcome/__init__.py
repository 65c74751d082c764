"""What came of a check, as a record, a page, text and files."""
