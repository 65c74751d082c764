"""What the cell of a layout says of its well: the words of layouts, read or refused.

A word that can be taken in two ways is refused, never guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ketbio.tables.phrases import quoted
from ketbio.tables.records.amounts import read_number
from ketbio.tables.records.units import known_unit, parted

EMPTY_WORDS = ("", "empty", "-", "–", "—")
_MASKED = re.compile(r"\s*\[\s*masked\s*(?::\s*(?P<why>[^\]]*?)\s*)?\]\s*$", re.IGNORECASE)
_BLANK = re.compile(r"(?:blank|blk|bl)[\s_-]*[0-9]*", re.IGNORECASE)
_STANDARD = re.compile(r"(?:standard|std)(?=[\s_:0-9.,-]|$)[\s_:-]*(?P<rest>.*)", re.IGNORECASE)
_CONTROL = re.compile(
    r"(?P<name>(?:qc|ctrl|ctl|control)(?:[\s_:0-9-].*?)?)\s*(?:=\s*(?P<level>.+))?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:s|st|spl|sample|unk|unknown|u|sm)[\s_-]*[0-9]+", re.IGNORECASE)
_WELL_LIKE = re.compile(r"[A-H](?:[1-9]|1[0-2])", re.IGNORECASE)
_FOLD = re.compile(
    r"1\s*[:/]\s*(?P<one>[0-9]+(?:[.,][0-9]+)?)|[x×]\s*(?P<two>[0-9]+(?:[.,][0-9]+)?)"
    r"|(?P<three>[0-9]+(?:[.,][0-9]+)?)\s*[x×]",
    re.IGNORECASE,
)
_SPIKE = re.compile(r"spike(?:d)?\s*[:=]?\s*(?P<amount>.+)", re.IGNORECASE)
_MAYBE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


class WordError(ValueError):
    """A cell of a layout cannot be read; the text says why and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a well holds; every field as text, empty where nothing is said.

    Attributes
    ----------
    role, participant_id, visit, dilution_factor, control_name, mask_reason, specimen, analyte : str
        As in the table of wells.
    concentration, spike : str
        Numbers, in ``unit``.
    unit : str
        The unit that the cell itself names.
    is_masked : bool
        Whether the layout leaves the well out.
    """

    role: str
    participant_id: str = ""
    visit: str = ""
    concentration: str = ""
    unit: str = ""
    dilution_factor: str = ""
    control_name: str = ""
    spike: str = ""
    is_masked: bool = False
    mask_reason: str = ""
    specimen: str = ""
    analyte: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the caller says of words: what each means, and the visit of samples without one."""

    key: Mapping[str, str] = field(default_factory=dict)
    visit: str = ""

    def meaning(self, text: str) -> str:
        """Return what a word stands for, else the word itself."""
        folded = {folded_word_of(word): meant for word, meant in self.key.items()}
        return folded.get(folded_word_of(text), text)


def folded_word_of(text: str) -> str:
    """Return a word without case and blanks, as keys of a layout are compared."""
    return "".join(text.casefold().split())


def content_of(text: str, words: Vocabulary) -> Content | None:
    """Return what the cell of a layout says; None for an empty well.

    Parameters
    ----------
    text : str
        The cell, trimmed.
    words : Vocabulary
        The caller's words.

    Raises
    ------
    WordError
        The cell can be read in no way, or in two.

    Examples
    --------
    >>> plain = Vocabulary()
    >>> content_of("STD62.5", plain).concentration, content_of("Empty", plain)
    ('62.5', None)
    >>> made = content_of("P01|baseline|1:10", plain)
    >>> made.participant_id, made.visit, made.dilution_factor
    ('P01', 'baseline', '10')
    >>> content_of("S1", Vocabulary(key={"S1": "STD 1000 pg/mL"})).unit
    'pg/mL'
    """
    masked = _MASKED.search(text)
    plain = text[: masked.start()].strip() if masked else text.strip()
    meant = words.meaning(plain).strip()
    if masked is None and (masked := _MASKED.search(meant)):
        meant = meant[: masked.start()].strip()
    if meant.casefold() in EMPTY_WORDS:
        return None
    made = _content(meant, words, is_key=meant != plain)
    if masked:
        made = replace(made, is_masked=True, mask_reason=masked["why"] or "masked in the layout")
    return made


def _content(text: str, words: Vocabulary, *, is_key: bool) -> Content:
    if _BLANK.fullmatch(text):
        return Content(role="blank")
    if standard := _STANDARD.fullmatch(text):
        _refuse_minus(text, standard["rest"])
        level, unit = _amount(standard["rest"], text, "STD 500 pg/mL")
        return Content(role="standard", concentration=level, unit=unit)
    if control := _CONTROL.fullmatch(text):
        name = " ".join(control["name"].split())
        if control["level"] is None:
            return Content(role="control", control_name=name)
        level, unit = _amount(control["level"], text, "QC low = 0.5 ng/mL")
        return Content(role="control", control_name=name, concentration=level, unit=unit)
    if not is_key:
        _refuse_ambiguous(text)
    return _sample(text, words)


def _refuse_minus(text: str, rest: str) -> None:
    """Raise where the sign before a level may be a dash or a minus: ``STD -5``, not ``STD-5``."""
    before = text[: len(text) - len(rest)]
    if rest[:1].isdigit() and re.search(r"\s[-−–]$", before):
        raise WordError(
            f"{quoted(text)}: the sign may be a dash or a minus; write 'STD 500 pg/mL', no "
            "concentration is below 0."
        )


def _refuse_ambiguous(text: str) -> None:
    """Raise where a lone word may be the number of a standard, a sample or a well."""
    shown = quoted(text)
    way_out = f'say it under key: {{"{text}" = "STD 500 pg/mL"}} or {{"{text}" = "P01 baseline"}}'
    if _NUMBER.fullmatch(text):
        raise WordError(f"{shown} may be a concentration or a number of a sample; {way_out}.")
    if _NUMBERED.fullmatch(text):
        raise WordError(f"{shown} is a number of a standard or a sample; {way_out}.")
    if _WELL_LIKE.fullmatch(text):
        raise WordError(f"{shown} may be a well or the code of a sample; {way_out}.")


def _amount(rest: str, text: str, example: str) -> tuple[str, str]:
    """Return the number and the unit of a standard, a control or a spike."""
    number, written = parted(rest.strip())
    unit = known_unit(written) if written else ""
    if written and not unit:
        raise WordError(
            f"{quoted(text)} names the unit {quoted(written)}, which is not known; write "
            f"{example!r}."
        )
    number = _with_point(number, text)
    if read_number(number) is None:
        raise WordError(
            f"{quoted(text)} names no concentration; write {example!r}, or say under key what "
            "it means."
        )
    return number, unit


def _with_point(number: str, text: str) -> str:
    """Return a number with the decimal point; 1,000 may be one or a thousand."""
    if _MAYBE_THOUSANDS.fullmatch(number):
        raise WordError(
            f"{quoted(text)}: {number} may be read with decimals or with thousands; write it "
            "without the comma, or with a point for the decimals."
        )
    return number.replace(",", ".") if _NUMBER.fullmatch(number) else number


def _sample(text: str, words: Vocabulary) -> Content:
    is_parted = "|" in text
    parts = [part.strip() for part in text.split("|")] if is_parted else _joined(text.split())
    made = Content(role="sample", participant_id=parts[0])
    rest = [part for part in parts[1:] if part]
    if not parts[0] or _modifier(parts[0], text):
        raise WordError(f"{quoted(text)} names no participant; {_EXAMPLE}")
    for part in rest:
        if found := _modifier(part, text):
            taken = [name for name in found if getattr(made, name) and name != "unit"]
            if taken:
                raise WordError(f"{quoted(text)} says {taken[0]} twice; {_EXAMPLE}")
            made = replace(made, **found)  # type: ignore[arg-type]  # every field named is text
        elif made.visit:
            raise WordError(
                f"{quoted(text)}: {quoted(part)} is left over after the participant "
                f"{quoted(made.participant_id)} and the visit {quoted(made.visit)}; {_EXAMPLE}"
            )
        elif not is_parted and _NUMBER.fullmatch(part):
            raise WordError(
                f"{quoted(text)}: {quoted(part)} may be a visit or a dilution; {_EXAMPLE}"
            )
        else:
            made = replace(made, visit=part)
    return made if made.visit else replace(made, visit=words.visit)


_EXAMPLE = "write 'P01|day 14|x10|spike 5', the bars where a code or a visit has blanks."


def _joined(words: Sequence[str]) -> list[str]:
    """Put a spike and its amount into one part: ``spike 5 pg/mL``."""
    lowered = [word.casefold() for word in words]
    if "spike" not in lowered[1:]:
        return list(words)
    place = lowered.index("spike", 1)
    n = 2
    if place + 2 < len(words) and known_unit(words[place + 2]):
        n = 3
    return [*words[:place], " ".join(words[place : place + n]), *words[place + n :]]


def _modifier(part: str, text: str) -> dict[str, str]:
    """Return what a part says of dilution or spike, nothing for other words."""
    if fold := _FOLD.fullmatch(part):
        number = fold["one"] or fold["two"] or fold["three"]
        return {"dilution_factor": _with_point(number, text)}
    if spike := _SPIKE.fullmatch(part):
        amount, unit = _amount(spike["amount"], text, "P01 baseline spike 5 pg/mL")
        return {"spike": amount, **({"unit": unit} if unit else {})}
    return {}
