"""Coverage-guided fuzzing of everything that reads what others wrote (atheris).

Run by hand: ``make fuzz`` (``make fuzz SECONDS=600``), or one target by itself,
``python tests/fuzzing/fuzz_readers.py TARGET -max_total_time=600``. A finding is anything but a
`KetbioError`: a traceback, a crash, a hang (20 s), 4 GB of memory, a record lost, a value accepted
that was not written so. What was found stands as a case in ``test_fuzz_found.py``.
"""

import re
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ketbio"]):
    from fuzz_seeds import seeds_of
    from fuzz_targets import TARGETS, WORDS

LONGEST = 12_000
"""The longest input, in bytes: a small file finds what a large one does, sooner."""


def dictionary(folder: Path) -> Path:
    """Write the words that mean something to a reader as the fuzzer wants them."""
    lines = []
    for word in WORDS:
        escaped = "".join(
            chr(byte) if re.match(r"[ !#-\[\]-~]", chr(byte)) else f"\\x{byte:02x}"
            for byte in word.encode()
        )
        lines.append(f'"{escaped}"\n')
    path = folder / "words"
    path.write_text("".join(lines), encoding="ascii")
    return path


def main() -> None:
    name, *options = sys.argv[1:] or ["--list"]
    if name == "--list":
        print("\n".join(TARGETS))
        return
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp(prefix="ketbio-fuzz-seeds-"))
    words = dictionary(folder)
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, content in enumerate(seeds_of(name)):
        (seeds / f"{number}").write_bytes(content)
    fixed = ["-timeout=20", "-rss_limit_mb=4096", f"-max_len={LONGEST}", f"-dict={words}"]
    atheris.Setup([sys.argv[0], *fixed, *options, str(seeds)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
