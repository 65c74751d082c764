"""What a rule can be set to: columns of a kind, words, numbers.

The functions of a rule say it by annotations with the names below, and pydantic holds to them what
a schema file gives, before any data come.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from ketbio.errors import did_you_mean
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.phrases import cut
from ketbio.tables.rules.level_units import unit_fault
from ketbio.tables.rules.registry import words_in
from ketbio.wording import join_words

_NG_ML = "ng/mL"
_COLUMN = "column"
"""The kind of error that names a column; its message is a sentence's end."""


def _column(*types: str) -> AfterValidator:
    def checked(name: str, info: ValidationInfo) -> str:
        schema: Any = info.context
        if name not in schema.columns:
            listed = join_words(map(repr, schema.columns))
            said = f"is no column of {schema.name}; its columns are {listed}."
            raise _no_column(name, f"{said}{did_you_mean(name, schema.columns)}")
        if types and schema.columns[name].type not in types:
            kinds = join_words(map(repr, types), last="or")
            said = f"is a column of {schema.columns[name].type!r}; {kinds} is wanted there."
            raise _no_column(name, said)
        return name

    return AfterValidator(checked)


def _level(name: str, info: ValidationInfo) -> str:
    schema: Any = info.context
    if fault := unit_fault(name, schema.columns[name].unit):
        raise _no_column(name, fault)
    return name


def _in_ng_ml(name: str, info: ValidationInfo) -> str:
    schema: Any = info.context
    if (unit := schema.columns[name].unit) != _NG_ML:
        raise _no_column(name, f"is in {unit or 'no unit'!r}; {_NG_ML!r} is wanted there.")
    return name


def _no_column(name: str, said: str) -> PydanticCustomError:
    context = {"said": f"names {cut(name)!r}, which {said}"}
    return PydanticCustomError(_COLUMN, "{said}", context)


def _all_different(names: Sequence[str]) -> Sequence[str]:
    if len(set(names)) < len(names):
        raise ValueError
    return names


def _all_items_different(items: Sequence[str | Sequence[str]]) -> Sequence[str | Sequence[str]]:
    _all_different(list(words_in(items)))
    return items


def _in_order(limits: Sequence[float]) -> Sequence[float]:
    if limits[0] >= limits[1]:
        raise ValueError
    return limits


_SOME, _DIFFERENT = Field(min_length=1), AfterValidator(_all_different)
_PAIR = Field(min_length=2, max_length=2)

# The text in each is what people are told is wanted.
Column = Annotated[str, _column(), "a column"]
TextColumn = Annotated[str, _column("text"), "a column"]
FlagColumn = Annotated[str, _column("flag"), "a column"]
DateColumn = Annotated[str, _column("date"), "a column"]
NumberColumn = Annotated[str, _column("number", "integer"), "a column"]
LevelColumn = Annotated[NumberColumn, AfterValidator(_level)]
NgMlColumn = Annotated[NumberColumn, AfterValidator(_in_ng_ml)]
Columns = Annotated[Sequence[Column], _SOME, _DIFFERENT, "a list of different columns"]
ColumnsIfAny = Annotated[Sequence[Column], _DIFFERENT, "a list of different columns"]
TextColumns = Annotated[Sequence[TextColumn], _SOME, _DIFFERENT, "a list of different columns"]
FlagColumns = Annotated[Sequence[FlagColumn], _SOME, _DIFFERENT, "a list of different columns"]
NumberColumns = Annotated[Sequence[NumberColumn], _SOME, _DIFFERENT, "a list of different columns"]
NumberColumnsIfAny = Annotated[Sequence[NumberColumn], _DIFFERENT, "a list of different columns"]
LevelColumns = Annotated[Sequence[LevelColumn], _SOME, _DIFFERENT, "a list of different columns"]
TwoColumns = Annotated[Columns, _PAIR, "a list of two columns"]
ItemsIfAny = Annotated[
    Sequence[NumberColumn | NumberColumns],
    AfterValidator(_all_items_different),
    "a list of different columns, or of lists with the highest of each",
]
Items = Annotated[ItemsIfAny, _SOME]
"""The columns that a total is made of; of a list within the list the highest counts."""
Word = Annotated[str, "a word"]
Words = Annotated[Sequence[str], "a list of words"]
Number = Annotated[float, Field(allow_inf_nan=False), "a number"]
Share = Annotated[float, Field(gt=0, le=1), "a part of the range, above 0 and at most 1"]
Limits = Annotated[
    Sequence[Number], _PAIR, AfterValidator(_in_order), "a list of two numbers, the lower first"
]
PerWord = Annotated[Mapping[str, Number], "a number for each word"]
LimitsPerWord = Annotated[
    Mapping[str, Limits], "a list of two numbers, the lower first, for each word"
]
YesNo = Annotated[bool, "true or false"]
Whole = Annotated[int, Field(ge=0), "a whole number of 0 or more"]
PlateSize = Annotated[int, Field(ge=1, le=99), "a whole number from 1 to 99"]
Score = Annotated[int | Mapping[str, int], "a whole number, or one for each item"]


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def setting_fault(
    rule: str, setting: str, value: object, *, annotation: Any, schema: TableSchema
) -> str:
    """Return why a rule cannot be set so, as a sentence; empty where it can.

    Parameters
    ----------
    rule, setting : str
        Their names.
    value : object
        As the schema file has it.
    annotation : type
        What the rule's function says that it takes.
    schema : TableSchema
        Whose columns can be named.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> markers = load_schema("markers")
    >>> setting_fault("one", "limits", [0, "x"], annotation=Limits, schema=markers)
    "rule 'one': limits is [0, 'x']; a list of two numbers, the lower first, is wanted."
    >>> setting_fault("one", "limits", [0, 60], annotation=Limits, schema=markers)
    ''
    """
    try:
        _adapter(annotation).validate_python(value, strict=True, context=schema)
    except ValidationError as refused:
        named = [one["msg"] for one in refused.errors() if one["type"] == _COLUMN]
        if named:
            return f"rule {rule!r} {named[0]}"
        wanted = next(one for one in annotation.__metadata__[::-1] if isinstance(one, str))
        comma = "," if "," in wanted and not wanted.endswith("word") else ""
        return f"rule {rule!r}: {setting} is {cut(repr(value))}; {wanted}{comma} is wanted."
    return ""
