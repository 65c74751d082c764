"""A schema in other forms: data dictionary, collection sheet."""
