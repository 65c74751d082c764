"""Results → one document: HTML, Word or PDF, from one template."""

from ketbio.report.figure_set import write_figures
from ketbio.report.write import write_report

__all__ = ["write_figures", "write_report"]
