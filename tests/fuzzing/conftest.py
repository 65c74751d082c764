"""The fuzzers are run by hand, with a library that the suite does not need."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
collect_ignore = ["fuzz_readers.py", "fuzz_targets.py"]
