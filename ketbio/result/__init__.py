"""The one result type: what a question asked of the data gave, with its limits.

A `Result` is one question: one marker, one contrast. What belongs to the same question (the same
data by another method, the means behind a difference) hangs on it as ``companions``, so that every
number a sentence, a figure or a report prints is a row of ``tidy(results)``.
"""

from ketbio.result.full_sentences import SIDES, answer_words
from ketbio.result.record import AIMS, NAN, Result
from ketbio.result.sentences import SENTENCE_STYLES
from ketbio.result.several import Results
from ketbio.result.tidy_rows import TIDY_COLUMNS, tidy
from ketbio.result.told import is_permutation, permutation_of
from ketbio.result.words import (
    ANY_VISIT,
    AVERAGE,
    MARGINAL_MEAN,
    NOT_IMPUTED,
    QUARTILES,
    SUPERIORITY,
    TESTS_OF_MARKERS,
    contrast_words,
    is_superiority,
    side_words,
    statistic_words,
)

__all__ = [
    "AIMS",
    "ANY_VISIT",
    "AVERAGE",
    "MARGINAL_MEAN",
    "NAN",
    "NOT_IMPUTED",
    "QUARTILES",
    "SENTENCE_STYLES",
    "SIDES",
    "SUPERIORITY",
    "TESTS_OF_MARKERS",
    "TIDY_COLUMNS",
    "Result",
    "Results",
    "answer_words",
    "contrast_words",
    "is_permutation",
    "is_superiority",
    "permutation_of",
    "side_words",
    "statistic_words",
    "tidy",
]
