"""The two-group figure of ketbio and a bare seaborn plot, of the same simulated data.

Writes beside itself: the data, ketbio's figure, seaborn's. DABEST's is drawn by
`dabest_figure.py`, from the data written here, in an environment of its own: it pins versions of
NumPy and pandas that ketbio does not run on. `make side-by-side` does both.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import seaborn as sns
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import ketbio as kb
from ketbio.demo.simulate import write_demo_study

HERE = Path(__file__).parent
MARKER = "nacc_entropy"
DPI = 200


def main() -> None:
    """Run the demo study and draw its comparison of responders twice."""
    with TemporaryDirectory() as folder:
        results = kb.run_study(kb.read_study(write_demo_study(Path(folder))))
    chosen = next(
        one for one in results if one.analysis == "compare_responders" and one.marker == MARKER
    )
    data = chosen.data[["participant_id", "group", "value"]]
    data.to_csv(HERE / "two_groups.csv", index=False)
    figure = kb.draw(chosen, style="one_and_half_column", note="Simulated data")
    kb.save_figure(figure, HERE / "two_groups_ketbio.png", dpi=DPI, data=False, overwrite=True)
    bare = Figure(figsize=(4.7, 3.9), dpi=150)
    FigureCanvasAgg(bare)
    sns.boxplot(data, x="group", y="value", hue="group", ax=bare.add_subplot())
    bare.savefig(
        HERE / "two_groups_seaborn.png", dpi=DPI, bbox_inches="tight", metadata={"Software": None}
    )
    print(chosen.sentence())


if __name__ == "__main__":
    main()
