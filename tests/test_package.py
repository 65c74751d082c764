"""What is shipped: every package listed, the schemas and the demo files inside."""

import tomllib
from importlib.metadata import metadata
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_listed():
    found = {
        ".".join(("ketbio", *path.parent.relative_to(ROOT / "ketbio").parts))
        for path in (ROOT / "ketbio").rglob("__init__.py")
    } | {"ketbio.schemas"}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


def test_schemas_are_found_in_the_installed_package():
    names = {one.name for one in files("ketbio.schemas").iterdir() if one.name.endswith(".yaml")}
    assert {"participants.yaml", "madrs.yaml", "blots.yaml", "bdnf.yaml", "markers.yaml"} <= names


def test_every_data_file_of_a_package_is_shipped():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    for package in ("demo", "figures", "report", "vocabulary"):
        folder = ROOT / "ketbio" / package
        shipped = {
            path for pattern in patterns[f"ketbio.{package}"] for path in folder.glob(pattern)
        }
        others = {
            path
            for path in folder.rglob("*")
            if path.is_file() and path.suffix not in (".py", ".pyc")
        }
        assert others == shipped


def test_licence_and_python_range():
    about = metadata("ketbio")
    assert about["License-Expression"] == "GPL-3.0-or-later"
    assert about["Requires-Python"] == ">=3.11"
    assert (
        (ROOT / "LICENSE")
        .read_text(encoding="utf-8")
        .strip()
        .startswith("GNU GENERAL PUBLIC LICENSE")
    )


def test_lock_names_no_index_and_no_folder():
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--" not in lock
