"""Markers times arrangements, in pieces that the matrix library multiplies on one thread.

A matrix library that threads by itself waits for its slowest thread after every product. The
products here take a fraction of a millisecond each, so that on a machine that is doing something
else as well those waits come to many times the multiplications. Small products it leaves to one
thread; threads that each take whole batches (``workers``) never wait for each other.
"""

import numpy as np

from ketbio.statistics.records import FloatArray

ONE_THREAD = 1 << 18
"""Multiplications up to which OpenBLAS, the library in NumPy's wheels, takes one thread."""

FEWEST_ROWS = 16
"""Pieces of fewer arrangements multiply too slowly to be worth it."""


def product(values: FloatArray, rows: FloatArray) -> FloatArray:
    """Return the sums of products of markers, shape (k, N), with arrangements, shape (rows, N).

    Examples
    --------
    >>> product(np.array([[1.0, -1.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])).tolist()
    [[1.0, -1.0, 0.0]]
    """
    (k, n), count = values.shape, rows.shape[0]
    piece = ONE_THREAD // max(1, k * n)
    if piece < FEWEST_ROWS or count <= piece:
        return np.asarray(values @ rows.T)
    found = np.empty((k, count))
    whole = count - count % piece
    pieces = rows[:whole].reshape(-1, piece, n).transpose(0, 2, 1)
    # A view of `found` with the pieces first: each is multiplied straight into its columns.
    columns = np.moveaxis(found[:, :whole].reshape(k, -1, piece), 1, 0)
    np.matmul(values, pieces, out=columns)
    np.matmul(values, rows[whole:].T, out=found[:, whole:])
    return found
