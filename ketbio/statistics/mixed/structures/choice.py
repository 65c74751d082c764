"""The structures by their words."""

from collections.abc import Callable

from ketbio.statistics.mixed.structures.by_visit import VisitStructure
from ketbio.statistics.mixed.structures.spatial import SpatialExponential
from ketbio.statistics.mixed.structures.structure import CovarianceStructure
from ketbio.statistics.mixed.structures.tables import scaled_correlation, unstructured

Maker = Callable[[int, int], CovarianceStructure]


def _scaled(name: str, kind: str, *, is_heterogeneous: bool) -> Maker:
    def make(n_visits: int, n_groups: int) -> CovarianceStructure:
        maker = scaled_correlation(kind, n_visits, is_heterogeneous=is_heterogeneous)
        return VisitStructure(name, maker, n_groups)

    return make


STRUCTURES: dict[str, Maker] = {
    "unstructured": lambda n_visits, n_groups: VisitStructure(
        "unstructured", unstructured(n_visits), n_groups
    ),
    **{
        name: _scaled(name, kind, is_heterogeneous=name != kind)
        for kind in ("toeplitz", "ar1", "compound_symmetry", "ante_dependence")
        for name in (f"heterogeneous_{kind}", kind)
    },
    "spatial_exponential": lambda _, n_groups: SpatialExponential(n_groups),
}
"""Word → the structure over so many visits, for so many groups."""

STRUCTURE_WORDS = {
    "unstructured": "unstructured",
    "heterogeneous_toeplitz": "heterogeneous Toeplitz",
    "toeplitz": "Toeplitz",
    "heterogeneous_ar1": "heterogeneous AR(1)",
    "ar1": "AR(1)",
    "heterogeneous_compound_symmetry": "heterogeneous compound symmetry",
    "compound_symmetry": "compound symmetry",
    "heterogeneous_ante_dependence": "heterogeneous ante-dependence",
    "ante_dependence": "ante-dependence",
    "spatial_exponential": "spatial exponential",
    "random_effects": "random effects",
}
"""Word → how it is written in a sentence."""

DEFAULT_CHAIN = (
    "heterogeneous_toeplitz",
    "heterogeneous_ar1",
    "heterogeneous_compound_symmetry",
    "compound_symmetry",
)
"""What is fitted in place of a structure that cannot be: the next with no more parameters."""
