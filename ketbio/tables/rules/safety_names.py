"""By what names a file may call a safety item: its word in several languages, its number."""

import re

from ketbio.tables.contracts.schema import TableSchema

_STEMS = ("suicid", "suizid", "ideation", "selbstmord", "selbsttöt", "lebensüberdruss")
_NUMBER_WORDS = "items?|i|q|question|frage|pregunta|pergunta|punkt|nr|no|it"


def is_item_name(name: str, item: str) -> bool:
    """Return whether a column name has a word of a safety item in it.

    Examples
    --------
    >>> is_item_name("Suizidgedanken", "suicidal_thoughts"), is_item_name("x", "suicidal_thoughts")
    (True, False)
    """
    folded = name.casefold()
    return item in folded or any(stem in folded for stem in _STEMS)


def is_item_number(name: str, item: str, schema: TableSchema) -> bool:
    """Return whether a column name is the number that the scale gives a safety item.

    Examples
    --------
    >>> from ketbio.tables.contracts.schema_file import load_schema
    >>> madrs = load_schema("madrs")
    >>> [is_item_number(name, "suicidal_thoughts", madrs)
    ...  for name in ("Item 10", "MADRS_10", "madrs10_bl", "q10", "MAD10", "item_1", "madrs_total")]
    [True, True, True, True, True, False, False]
    """
    number = schema.columns[item].item_number if item in schema.columns else None
    if number is None:
        return False
    folded = re.sub(r"[\W_]+", "", name.casefold())
    own = re.sub(r"[\W_]+", "", schema.name.casefold())
    if folded.startswith(own):  # the 9 of phq9_total is the scale's, that of phq9_9 the item's
        rest = folded.removeprefix(own)
        return bool(re.fullmatch(rf"(?:{_NUMBER_WORDS})?0*{number}(?:[a-z].*)?", rest))
    # madrs, madr, mad: ADaM has eight letters for a code.
    scale = f"{re.escape(schema.name[:3])}[a-z]*"
    said = rf"(?:(?:{scale})?(?:{_NUMBER_WORDS})|{scale})0*{number}(?:[a-z].*)?|{number}"
    return bool(re.fullmatch(said, folded))
