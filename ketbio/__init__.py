"""ketbio: clinical biomarker statistics for small antidepressant trials."""
