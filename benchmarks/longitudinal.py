"""Longitudinal models: how often they are right, and how long they take.

``python benchmarks/longitudinal.py`` prints times beside statsmodels and R, then simulates trials
and prints the tables; ``--write`` puts these into their section of docs/validity.md. ``--only
times`` or ``--only tables`` runs a part, ``--simulated 200`` is for a first look, and
``--workers 4`` takes four processes without changing a number.
"""

import argparse
import time
from pathlib import Path

import longitudinal_speed
from longitudinal_validity import (
    N_DRAWS,
    N_SIMULATED,
    Z_AGREES,
    Cell,
    held,
    simulate_all,
    spans,
    tables,
)
from page_sections import with_section
from validity_tables import FloatArray

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validity.md"
CONCLUSIONS = Path(__file__).resolve().with_name("longitudinal_page.md")
SECTION = "longitudinal"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"write into {PAGE.name}")
    parser.add_argument("--only", choices=("times", "tables"))
    parser.add_argument("--simulated", type=int, default=N_SIMULATED, help="trials per cell")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    asked = parser.parse_args()
    if asked.only != "tables":
        longitudinal_speed.run()
    if asked.only == "times":
        return
    start = time.perf_counter()
    found = simulate_all(asked.simulated, asked.workers, lambda line: print(line, flush=True))
    text = section(found)
    print(text)
    print(f"{time.perf_counter() - start:.0f} s")
    if asked.write:
        page = with_section(PAGE.read_text(encoding="utf-8"), SECTION, text)
        PAGE.write_text(page, encoding="utf-8")


def section(found: dict[Cell, dict[str, FloatArray]]) -> str:
    """Return conclusions, with their numbers, and tables."""
    agreed, of = held(found)
    numbers = {
        "simulated": f"{next(iter(found)).n_simulated:,}",
        "agreed": f"{agreed:,}",
        "held": f"{of:,}",
        "tolerance": f"{Z_AGREES:g}",
        "draws": f"{N_DRAWS:,}",
        **spans(found),
    }
    text = CONCLUSIONS.read_text(encoding="utf-8").format_map(numbers)
    return "\n".join([text.rstrip(), "", *(one.markdown() for one in tables(found))])


if __name__ == "__main__":
    main()
