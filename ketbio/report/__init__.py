"""Results → one document: template, tables, text, files."""
