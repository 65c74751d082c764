"""Structures that depend on the visits alone: patterns are cut out of one table per group."""

from collections.abc import Sequence

import numpy as np

from ketbio.statistics.mixed.structures.structure import CovarianceStructure, Evaluated, Observed
from ketbio.statistics.mixed.structures.tables import Table, TableMaker
from ketbio.statistics.records import FloatArray


class VisitStructure(CovarianceStructure):
    """One table of all visits per group, each group with parameters of its own.

    Parameters
    ----------
    name : str
        The word of `STRUCTURES`.
    maker : TableMaker
        The structure of one group.
    n_groups : int
        How many groups have parameters of their own; parameters go group by group.
    """

    def __init__(self, name: str, maker: TableMaker, n_groups: int = 1) -> None:
        self.name = name
        self.maker = maker
        self.n_groups = n_groups
        suffixes = [""] if n_groups == 1 else [f", group {g + 1}" for g in range(n_groups)]
        self.parameter_names = tuple(
            f"{word}{suffix}" for suffix in suffixes for word in maker.parameter_names
        )

    def at(self, theta: FloatArray) -> Evaluated:
        """Return the structure at θ."""
        return _VisitTables([self.maker.make(part) for part in np.split(theta, self.n_groups)])

    def visit_covariance(self, theta: FloatArray) -> FloatArray:
        """Return the covariance of all visits by group, (groups, T, T)."""
        parts = np.split(theta, self.n_groups)
        return np.stack([self.maker.make(part).covariance for part in parts])

    def start(self, moments: FloatArray) -> FloatArray:
        """Return θ near moments of shape (groups, T, T)."""
        return np.concatenate([self.maker.start(each) for each in moments])


class _VisitTables(Evaluated):
    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tables
        self.all = np.stack([table.covariance for table in tables])

    def covariance(self, where: Observed) -> FloatArray:
        return np.asarray(self.all[_cut(where)])

    def gradient(self, where: Observed) -> FloatArray:
        return np.asarray(self._gradients()[(slice(None), *_cut(where))])

    def hessian(self, where: Observed) -> FloatArray:
        return np.asarray(self._hessians()[(slice(None), slice(None), *_cut(where))])

    def curvature(self, where: Observed, kernel: FloatArray) -> FloatArray:
        """Gather the kernel into the table first: patterns are many, parameters too."""
        gathered = np.zeros_like(self.all)
        np.add.at(gathered, _cut(where), kernel)
        h = self.tables[0].gradient.shape[0]
        out = np.zeros((h * len(self.tables),) * 2)
        for g, table in enumerate(self.tables):
            mine = slice(g * h, (g + 1) * h)
            flat = table.hessian.reshape(h * h, -1) @ gathered[g].ravel()
            out[mine, mine] = flat.reshape(h, h)
        return out

    def _gradients(self) -> FloatArray:
        if len(self.tables) == 1:
            return self.tables[0].gradient[:, None]
        h, t, _ = self.tables[0].gradient.shape
        out = np.zeros((len(self.tables) * h, len(self.tables), t, t))
        for g, table in enumerate(self.tables):
            out[g * h : (g + 1) * h, g] = table.gradient
        return out

    def _hessians(self) -> FloatArray:
        if len(self.tables) == 1:
            return self.tables[0].hessian[:, :, None]
        h, _, t, _ = self.tables[0].hessian.shape
        n = len(self.tables)
        out = np.zeros((n * h, n * h, n, t, t))
        for g, table in enumerate(self.tables):
            out[g * h : (g + 1) * h, g * h : (g + 1) * h, g] = table.hessian
        return out


def _cut(where: Observed) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    visits = where.visits
    group = np.asarray(where.inputs.group)[..., None, None]
    return group, visits[..., :, None], visits[..., None, :]
