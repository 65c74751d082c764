"""A result as a sentence, in the style that the reader wants."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ketbio.errors import ReportError, unknown_word
from ketbio.result.full_sentences import full_sentence
from ketbio.result.journal_sentences import ama_sentence, apa_sentence
from ketbio.result.plain_sentences import plain_sentence

if TYPE_CHECKING:
    from ketbio.result.record import Result

SENTENCE_STYLES: dict[str, "Callable[[Result], str]"] = {
    "full": full_sentence,
    "apa": apa_sentence,
    "ama": ama_sentence,
    "plain": plain_sentence,
}
"""What a result can be told in."""


def write_sentence(result: "Result", style: str) -> str:
    """Return a result as a sentence in a style of `SENTENCE_STYLES`."""
    if style not in SENTENCE_STYLES:
        raise ReportError(unknown_word("style", style, SENTENCE_STYLES))
    return SENTENCE_STYLES[style](result)
