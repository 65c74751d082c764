"""A path → a file that can be gone through batch by batch."""

from pathlib import Path

from ketbio.errors import FileError
from ketbio.tables.batches.asking import Asked
from ketbio.tables.batches.batch import Incoming
from ketbio.tables.batches.delimited import DelimitedFile, Form
from ketbio.tables.batches.parquet import ParquetFile
from ketbio.tables.batches.text_blocks import text_blocks
from ketbio.tables.files.delimited import DELIMITERS, found_delimiter
from ketbio.tables.files.encodings import decode_text
from ketbio.tables.files.opening import DELIMITED

PARQUET = (".parquet", ".pq")
_HEAD_BYTES = 2**18


def opened(path: Path, wanted: Asked, *, batch_rows: int, decimal: str) -> Incoming:
    """Return a file.

    Raises
    ------
    FileError
        It is not there, or not of a kind that can be read batch by batch.
    """
    if not path.is_file():
        raise FileError(f"There is no file {str(path)!r}.")
    suffix = path.suffix.lower()
    header_row = wanted.reading["header_row"]
    if suffix in PARQUET:
        return ParquetFile(path, decimal=decimal, batch_rows=batch_rows)
    if suffix not in DELIMITED:
        raise FileError(
            f"{path.name} cannot be checked batch by batch; allowed: .csv, .tsv, .txt, .parquet. "
            "Check it as a whole, or save it as CSV or Parquet."
        )
    form = _form_of(path, wanted)
    return DelimitedFile(
        path=path, form=form, decimal=decimal, batch_rows=batch_rows, wanted_header=header_row
    )


def _form_of(path: Path, wanted: Asked) -> Form:
    """Find out how a text file is written, from its beginning."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip():
        raise FileError(f"{path.name} is empty; a header line and at least one row are wanted.")
    given, encoding = wanted.reading["encoding"], "utf-8"
    whole = head[: head.rfind(b"\n") + 1] or head
    how = decode_text(whole, path.name, encoding=given).how
    if given is not None:
        encoding = given
    elif not how.startswith("UTF-8"):
        encoding = how.partition(" ")[0].lower()
        if not encoding.startswith("utf-16"):
            raise FileError(
                f"{path.name} is not UTF-8; to read it batch by batch set encoding (--encoding on "
                "the command line), or save it as 'CSV UTF-8'."
            )
    first = next(text_blocks(path, encoding=encoding, first=_HEAD_BYTES)).decode("utf-8")
    delimiter = wanted.reading["delimiter"] or found_delimiter(first)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise FileError(f"delimiter is {delimiter!r}; one character is wanted, for instance ';'.")
    word = DELIMITERS.get(delimiter, repr(delimiter))
    return Form(
        encoding=encoding,
        delimiter=delimiter,
        notes=(f"Read as {how} with the {word} as delimiter.",),
    )
