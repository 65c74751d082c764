"""Text of cells made fit to be shown (`ketbio.visible_text`), under the name used here."""

from ketbio.visible_text import visible

__all__ = ["visible"]
