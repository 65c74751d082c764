"""How often the tests reject where nothing is there, and how often the intervals cover.

``python benchmarks/validity.py`` simulates, holds a random part of every cell against the package,
and prints the tables; ``--write`` puts them into docs/validity.md. Every p is of the package's own
definition, worked out for many data sets at once; the run stops where the two differ.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import validity_adjusted
import validity_correlation
import validity_curves
import validity_groups
import validity_pairs
from page_sections import section_of, with_section
from validity_tables import Checks, Table

SEED = 20260105
PAGE = Path(__file__).resolve().parents[1] / "docs" / "validity.md"
ANOTHER = "longitudinal"
"""A section that longitudinal.py writes: it is left as it is."""

CONCLUSIONS = Path(__file__).resolve().with_name("validity_page.md")

PARTS = (
    validity_groups.type_one_error,
    validity_groups.coverage,
    validity_pairs.type_one_error,
    validity_pairs.coverage,
    validity_correlation.type_one_error,
    validity_correlation.coverage,
    validity_adjusted.type_one_error,
    validity_curves.coverage,
    validity_curves.ends,
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Simulate type I error and interval coverage.")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    write = parser.parse_args().write
    checks, tables, start = Checks(), [], time.perf_counter()
    for number, part in enumerate(PARTS):
        # A stream each, so that one part can change without the others' numbers moving.
        tables.append(part(np.random.default_rng([SEED, number]), checks))
        print(tables[-1].markdown(), flush=True)
    print(f"{checks.n_held:,} results held against the package in {checks.n_cells} cells")
    print(f"{time.perf_counter() - start:.0f} s")
    if write:
        others = section_of(PAGE.read_text(encoding="utf-8"), ANOTHER)
        text = with_section(page(tables, checks), ANOTHER, others)
        PAGE.write_text(text, encoding="utf-8")


def page(tables: list[Table], checks: Checks) -> str:
    text = CONCLUSIONS.read_text(encoding="utf-8")
    held = f"{checks.n_held:,} results in {checks.n_cells} cells"
    body = "\n".join(table.markdown() for table in tables)
    return text.replace("{held}", held).rstrip() + "\n\n" + body


if __name__ == "__main__":
    main()
