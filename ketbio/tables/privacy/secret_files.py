"""Files that only their owner may read: the key of the pseudonyms, the list of id and code."""

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path

from ketbio.errors import FileError

KEY_BYTES = 32
_OWNER_ONLY = 0o600
_COMMENT = (
    "# Key of ketbio's pseudonyms (32 random bytes, base64). Whoever has it can tell which code\n"
    "# is whose: keep it secret, apart from the data, and a copy in a safe place. Without it the\n"
    "# same codes cannot be made again.\n"
)


def new_key_file(path: Path) -> bytes:
    """Make a key and write it to a file that only the owner may read.

    Raises
    ------
    FileError
        The file exists, or it cannot be written.
    """
    key = secrets.token_bytes(KEY_BYTES)
    text = f"{_COMMENT}{base64.b64encode(key).decode('ascii')}\n"
    try:
        write_for_owner(path, text)
    except FileExistsError:
        raise FileError(
            f"the key file {path.name} exists already; leave new_key (--new-key) out to use it."
        ) from None
    except OSError as error:
        raise FileError(f"the key file {path.name} cannot be written: {error.strerror}.") from None
    return key


def read_key_file(path: Path) -> bytes:
    """Return the key of a file.

    Raises
    ------
    FileError
        The file is not there, others than its owner may read it, or it holds no key. Nothing of
        its content is in the message.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(1 << 16)
    except FileNotFoundError:
        raise FileError(
            f"there is no key file {path.name}; make one with new_key (--new-key)."
        ) from None
    except OSError as error:
        raise FileError(f"the key file {path.name} cannot be read: {error.strerror}.") from None
    if os.name == "posix" and mode & 0o077:
        raise FileError(
            f"others can read or change the key file {path.name} (its mode is {mode:04o}); "
            f"let only its owner: chmod 600 {path.name}."
        )
    lines = [line.strip() for line in content.splitlines()]
    lines = [line for line in lines if line and not line.startswith(b"#")]
    try:
        key = base64.b64decode(lines[0], validate=True) if len(lines) == 1 else b""
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise FileError(
            f"{path.name} is no key file; one line with {KEY_BYTES} bytes as base64 is wanted, "
            "beside lines that start with #."
        )
    return key


def write_for_owner(path: Path, text: str) -> None:
    """Write a new file that nobody but its owner may read, from its first byte on.

    Raises
    ------
    OSError
        The file exists, or it cannot be written.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
