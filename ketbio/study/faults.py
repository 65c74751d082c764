"""The faults of a study file: gathered while it is read, told together, each with its line."""

from collections.abc import Mapping, Sequence
from typing import Any

from ketbio.errors import StudyError, did_you_mean, unknown_word
from ketbio.study.places import line_of
from ketbio.study.words import KINDS, Word

KeyPath = tuple[str | int, ...]
"""The keys from the top of the file; a number is the place in an array of tables."""


class FaultFinder:
    """The text of a study file, and what has been found wrong with it so far."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.faults: list[tuple[int, str]] = []

    def fault(self, path: KeyPath, sentence: str) -> None:
        """Keep one fault with the line of its key, once."""
        line = line_of(self.text, path)
        if (line, sentence) not in self.faults:
            self.faults.append((line, sentence))

    def stop_on_faults(self) -> None:
        """Raise one `StudyError` that tells every fault, in the order of the lines."""
        if self.faults:
            told = [f"{self.name}, line {line}: {text}" for line, text in sorted(self.faults)]
            raise StudyError("\n".join(told))

    def check(self, table: Mapping[str, Any], words: Mapping[str, Word], path: KeyPath) -> bool:
        """Gather what is wrong with the keys and values of one table; return whether nothing is."""
        before = len(self.faults)
        where = f"[{'.'.join(str(part) for part in path if isinstance(part, str))}]"
        where = "the study file" if not path else where
        for key, value in table.items():
            if key in words:
                self.check_value(value, words[key], (*path, key))
            else:
                self.fault((*path, key), unknown_word(f"a key of {where}", key, words))
        has_unknown = any(key not in words for key in table)
        for key, word in words.items():
            # a misspelt key is told once, as unknown, and not as lacking too
            near = has_unknown and any(did_you_mean(other, [key]) for other in table)
            if word.required and key not in table and not near:
                self.fault(path, f"{where} lacks {key!r} ({word.kind}); add it.")
        return len(self.faults) == before

    def check_value(self, value: Any, word: Word, path: KeyPath) -> None:
        """Hold one value against its kind and its allowed words."""
        key = str(path[-1])
        is_flag = isinstance(value, bool)
        fits = isinstance(value, KINDS[word.kind]) and is_flag == (word.kind == "true or false")
        inside = {"list of text": str, "list of tables": dict}.get(word.kind)
        if fits and inside is not None:
            fits = all(isinstance(item, inside) for item in value)
        if not fits:
            self.fault(path, f"{key} is {value!r}; a {word.kind} is wanted.")
        elif word.allowed:
            self.check_word(value, word.allowed, key, path)

    def check_word(self, value: str, allowed: Sequence[str], what: str, path: KeyPath) -> bool:
        """Hold one word against the allowed ones; return whether it is one of them."""
        if value not in allowed:
            self.fault(path, unknown_word(what, value, allowed))
        return value in allowed
