"""One operation of a program, as the extension takes it."""

from typing import Any, NamedTuple

import numpy as np

from nn_tui.nn.kernels.extension import EXACT
from nn_tui.types import Array

EACH, ONE, ROW, COLUMN = range(4)
"""How a chain reads an operand: an element for each output, one number for all, or a row or a
column that is copied over a matrix."""

COPY = EXACT.index("copy")

ORDERS = FUSED, ROUNDED, LANES, QUADS, PAIRS = 0, 1, 2, 3, 4
"""How a small product adds up: see the loops of small matrices in ``_replay.c``."""

_BLOCK_BYTES = 2048
"""The part of each array that a chain works on at a time: all of them fit into the cache."""


class KernelOperation(NamedTuple):
    """``kind``, the function it calls if any, its sizes and strides, and its operands."""

    kind: str
    function: Any
    numbers: tuple[int, ...]
    operands: tuple[Any, ...]


class ExactOperation(NamedTuple):
    """A correctly rounded operation: its bits are the same in whatever loop.

    ``code`` is its place in ``EXACT``, ``operands`` end with the output.
    """

    code: int
    forms: tuple[int, int]
    operands: tuple[Array, ...]

    @property
    def output(self) -> Array:
        return self.operands[-1]

    @property
    def columns(self) -> int:
        """The columns of the matrix over which a row or a column is copied; else 1."""
        if self.forms[0] == ROW:
            return self.operands[0].size
        return self.output.size // self.operands[0].size if self.forms[0] == COLUMN else 1


def chained(operations: list[ExactOperation]) -> KernelOperation:
    """Operations of equally many outputs as one, computed block by block."""
    output = operations[0].output
    columns = max(operation.columns for operation in operations)
    numbers = _BLOCK_BYTES // output.itemsize
    block = max(1, numbers // columns) * columns
    chain = tuple(((o.code, *o.forms), o.operands) for o in operations)
    return KernelOperation("blocks", None, (output.size, block, columns), chain)


def kernel(ufunc: np.ufunc, arrays: tuple[Array, ...]) -> KernelOperation:
    """One call of the inner loop of ``ufunc`` for operands and output of one shape, or numbers."""
    *inputs, out = arrays
    steps = [value.itemsize if value.shape else 0 for value in inputs]
    return KernelOperation("kernel", ufunc, (out.size, *steps, out.itemsize), arrays)


def product(left: Array, right: Array, out: Array) -> KernelOperation:
    """``left @ right`` of matrices and vectors: ``matmul``, or ``outer`` if nothing is added up."""
    a, b = left, right
    a = a.reshape(1, -1) if a.ndim == 1 else a
    b = b.reshape(-1, 1) if b.ndim == 1 else b
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise LookupError(f"a product of {left.shape} and {right.shape}")
    (m, k), n = a.shape, b.shape[1]
    if out.size != m * n or not out.flags.c_contiguous:
        raise LookupError("a product of another shape")
    if k == 1:
        return KernelOperation("outer", None, (m, n, 0), (left, right, out))
    steps = (*a.strides, *b.strides, n * out.itemsize, out.itemsize)
    return KernelOperation("matmul", np.matmul, (m, k, n, *steps), (left, right, out))


def small_product(operation: KernelOperation, order: int) -> KernelOperation:
    """The product ``operation`` by the extension's own loop, which adds in that ``order``."""
    return operation._replace(kind="small", function=None, numbers=(*operation.numbers, order))


def start(array: Array) -> int:
    """The address of an array's first element, to compare only."""
    address: int = array.__array_interface__["data"][0]
    return address


def overlapping(a: Array, b: Array) -> bool:
    """Whether two arrays in one piece share memory."""
    return np.may_share_memory(a, b)


def same_place(a: Array, b: Array) -> bool:
    """Whether two arrays in one piece have the same memory."""
    return start(a) == start(b) and a.nbytes == b.nbytes


def usable(*arrays: Any) -> bool:
    """Whether all are arrays of one type, float64 or float32, aligned, in one piece, not empty."""
    return all(
        isinstance(array, np.ndarray)
        and array.dtype == arrays[-1].dtype
        and array.dtype.char in "df"
        and array.dtype.isnative
        and array.flags.aligned
        and array.flags.forc
        and array.size > 0
        for array in arrays
    )
