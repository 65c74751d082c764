"""Every notebook runs from top to bottom, without a warning on the way."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_notebook_runs(path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    errors = [out for cell in code for out in cell.outputs if out.get("name") == "stderr"]
    assert errors == []


def test_the_notebooks_are_there():
    assert [path.stem for path in NOTEBOOKS] == [
        "1_first_study",
        "2_incoming_data",
        "3_small_samples",
        "4a_elisa_plates",
        "4b_western_blots",
        "5_figures",
        "6_report",
        "7_crossover",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_says_that_its_data_are_simulated_and_stores_no_output(path):
    notebook = nbformat.read(path, as_version=4)
    assert "**The data are simulated; no participant is real.**" in notebook.cells[0].source
    assert not any(cell.get("outputs") for cell in notebook.cells)
