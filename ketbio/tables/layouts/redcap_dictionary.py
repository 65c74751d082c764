"""A REDCap data dictionary (CSV): the fields of a project, their choices and their limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from ketbio.errors import FileError
from ketbio.tables.files.source import read_source
from ketbio.tables.phrases import quoted
from ketbio.tables.records.arrange import trimmed
from ketbio.wording import join_words

# As the REDCap web page writes the header, and as its API does.
_HEADERS = {
    "Variable / Field Name": "field_name",
    "Form Name": "form_name",
    "Field Type": "field_type",
    "Field Label": "field_label",
    "Choices, Calculations, OR Slider Labels": "select_choices_or_calculations",
    "Text Validation Type OR Show Slider Number": "text_validation_type_or_show_slider_number",
    "Text Validation Min": "text_validation_min",
    "Text Validation Max": "text_validation_max",
    "Identifier?": "identifier",
    "Required Field?": "required_field",
}
_NEEDED = ("field_name", "form_name", "field_type", "select_choices_or_calculations")
CHOICE_KINDS = ("radio", "dropdown", "yesno", "truefalse")
"""Field types of one choice."""
_BUILT_IN = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
_WITHOUT_DATA = ("file", "descriptive", "signature")
# Validations of what only an identifier looks like: e-mail, telephone, national numbers, post code.
_PERSONAL = re.compile(r"email|phone|ssn|mrn|zipcode|postalcode|social_security|vmrn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a REDCap project.

    Attributes
    ----------
    name, form, kind, label : str
        Field, instrument and field type as the dictionary has them; the question.
    choices : mapping of str to str
        Code → label, for fields of choices.
    validation, minimum, maximum : str
        What REDCap holds a text against when it is typed in.
    is_identifier : bool
        Marked as an identifier, or validated as an e-mail address, a telephone number and the like.
    is_required : bool
        Whether REDCap asks for it to be filled in.
    """

    name: str
    form: str
    kind: str
    label: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    validation: str = ""
    minimum: str = ""
    maximum: str = ""
    is_identifier: bool = False
    is_required: bool = False

    @property
    def has_data(self) -> bool:
        """Whether an export holds data of it: not a headline, not the name of an uploaded file."""
        return self.kind not in _WITHOUT_DATA

    @property
    def boxes(self) -> dict[str, str]:
        """For a checkbox: its columns in an export → the choice's code."""
        if self.kind != "checkbox":
            return {}
        return {f"{self.name}___{_in_a_name(code)}": code for code in self.choices}


@dataclass(frozen=True, slots=True, kw_only=True)
class RedcapDictionary:
    """The fields of a project.

    Attributes
    ----------
    file : str
        Base name of the dictionary's file.
    fields : mapping of str to Field
        In order; the first is the record's id.
    """

    file: str
    fields: Mapping[str, Field]

    @property
    def record_id(self) -> str:
        """The field that holds the record's id."""
        return next(iter(self.fields))

    @property
    def forms(self) -> tuple[str, ...]:
        """The instruments, in order."""
        return tuple(dict.fromkeys(one.form for one in self.fields.values()))


def read_dictionary(path: str | PathLike[str]) -> RedcapDictionary:
    """Read a REDCap data dictionary.

    Parameters
    ----------
    path : str or path
        The CSV file that REDCap calls "Data Dictionary", or the metadata that its API gives.

    Raises
    ------
    FileError
        It cannot be read or is none; the place is named.
    """
    if not Path(path).is_file():
        raise FileError(f"There is no data dictionary {str(path)!r}; name it under redcap.")
    source = read_source(path)
    names = [_HEADERS.get(name, name) for name in source.header]
    lacking = [name for name in _NEEDED if name not in names]
    if lacking or not source.rows:
        wanted = [old for old, new in _HEADERS.items() if new in lacking] or ["a row per field"]
        raise FileError(
            f"{source.file} is no REDCap data dictionary: it lacks {join_words(wanted)}; download "
            "the data dictionary of the project and name it under redcap."
        )
    fields: dict[str, Field] = {}
    for number, cells in zip(source.row_numbers, source.rows, strict=True):
        entry = {name: trimmed(cell) for name, cell in zip(names, cells, strict=True)}
        one = _field(entry, f"{source.file}, row {number}")
        if one.name in fields:
            raise FileError(
                f"{source.file}, row {number}: the field {quoted(one.name)} is there twice; "
                "download the dictionary again."
            )
        fields[one.name] = one
    return RedcapDictionary(file=source.file, fields=fields)


def _field(entry: Mapping[str, str], place: str) -> Field:
    name, form, kind = entry["field_name"], entry["form_name"], entry["field_type"].casefold()
    if not name or not form or not kind:
        raise FileError(f"{place}: field name, form name and field type are needed; correct it.")
    validation = entry.get("text_validation_type_or_show_slider_number", "")
    is_marked = entry.get("identifier", "").casefold() in ("y", "yes", "1")
    is_personal = kind == "text" and bool(_PERSONAL.search(validation))
    return Field(
        name=name,
        form=form,
        kind=kind,
        label=entry.get("field_label", ""),
        choices=_choices(kind, entry["select_choices_or_calculations"], place),
        validation=validation if kind == "text" else "",
        minimum=entry.get("text_validation_min", ""),
        maximum=entry.get("text_validation_max", ""),
        is_identifier=is_marked or is_personal,
        is_required=entry.get("required_field", "").casefold() in ("y", "yes", "1"),
    )


def _choices(kind: str, text: str, place: str) -> dict[str, str]:
    if kind in _BUILT_IN:
        return dict(_BUILT_IN[kind])
    if kind not in (*CHOICE_KINDS, "checkbox"):
        return {}
    choices: dict[str, str] = {}
    for part in text.split("|"):
        code, comma, label = part.partition(",")
        if not comma or not code.strip():
            raise FileError(
                f"{place}: the choice {quoted(part.strip())} is not written as 'code, label'; "
                "correct it, or download the dictionary again."
            )
        choices[code.strip()] = label.strip()
    return choices


def _in_a_name(code: str) -> str:
    """Return a choice's code as REDCap puts it into the name of a column."""
    return re.sub(r"[^a-z0-9]", "_", code.casefold())
