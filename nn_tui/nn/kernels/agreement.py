"""Whether the extension has NumPy's bits on this machine, asked of both on awkward numbers.

NumPy and BLAS choose their loops by processor, type and shape. Each question is asked once for
each function and type, or shape, that a program uses; what disagrees is not lowered.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from nn_tui.nn.kernels.extension import new_program
from nn_tui.nn.kernels.operation import (
    EACH,
    ONE,
    ORDERS,
    ExactOperation,
    KernelOperation,
    chained,
    kernel,
    product,
)
from nn_tui.types import Array

LARGE = 2**15
"""Bytes from which NumPy's loop of one operation is as fast as a chain of one."""

_BY_ELEMENT, _RIGHT_IS_ZERO, _LEFT_IS_ZERO = 3, 4, 8
"""Parts of the extension's rules for products that are not added up."""

_MOST_PRODUCT = 2**24
"""Multiplications up to which a product is compared."""

_MOST_SMALL, _MOST_NARROW, _NARROW = 1024, 4096, 4
"""Multiplications of a product that takes BLAS longer than the extension's loop: up to the first,
or up to the second where a matrix is ``_NARROW``, with which BLAS is slow."""
_TRIALS, _TRIALS_OF_SPECIAL, _FEW = 56, 16, 6
"""Pairs of small matrices whose product is compared, and of those with zeros, NaN and infinities.

BLAS may add up an element at the end of a row or a column in another way than all others, so each
element is compared so often."""


def run_once(*operations: KernelOperation) -> None:
    """Execute operations once. Raises LookupError where the extension refuses one."""
    program = new_program(operations, ((0, len(operations), 0, 1, 0, ()),), (), ())
    program.run(1, 1, 1, 0, False, np.inf, 0.0, None, None)


def same_bits(a: Array, b: Array) -> bool:
    """Whether two arrays have the same bits; any NaN equals any other."""
    nan = np.isnan(a) & np.isnan(b)
    kind = f"i{a.itemsize}"
    return bool((nan | (a.view(kind) == b.view(kind))).all())


@lru_cache(maxsize=4)
def _awkward(dtype: np.dtype[Any]) -> Array:
    """Zeros, the smallest, the largest and ordinary numbers of both signs, NaN."""
    tiny, large = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).max
    special = [0.0, -0.0, 1.0, -1.0, tiny, -tiny, large, -large, np.inf, -np.inf, np.nan]
    ordinary = np.random.RandomState(1).standard_normal(26) * 3
    return np.concatenate([special, ordinary]).astype(dtype)


def _operands(count: int, dtype: np.dtype[Any]) -> list[list[Array]]:
    numbers = _awkward(dtype)
    if count == 1:
        return [[numbers]]
    left, right = np.repeat(numbers, len(numbers)), np.tile(numbers, len(numbers))
    cases = [[left, right]]
    for special in (-0.0, np.nan, 0.3):
        number = np.full((), special, dtype)
        cases += [[number, numbers], [numbers, number]]
    return cases


def _agrees(
    ufunc: np.ufunc, dtype: np.dtype[Any], make: Callable[[tuple[Array, ...]], KernelOperation]
) -> bool:
    for operands in _operands(ufunc.nin, dtype):
        shape = np.broadcast_shapes(*(operand.shape for operand in operands))
        wanted, made = np.zeros(shape, dtype), np.ones(shape, dtype)
        with np.errstate(all="ignore"):
            ufunc(*operands, out=wanted, casting="unsafe")
        try:
            run_once(make((*operands, made)))
        except LookupError:
            return False
        if not same_bits(wanted, made):
            return False
    return True


@lru_cache(maxsize=256)
def kernel_agrees(ufunc: np.ufunc, dtype: np.dtype[Any]) -> bool:
    """Whether the inner loop of ``ufunc`` that the extension finds is the one NumPy uses."""
    return _agrees(ufunc, dtype, lambda arrays: kernel(ufunc, arrays))


@lru_cache(maxsize=256)
def exact_agrees(ufunc: np.ufunc, code: int, dtype: np.dtype[Any]) -> bool:
    """Whether the extension's own loop has the bits of ``ufunc``."""

    def make(arrays: tuple[Array, ...]) -> KernelOperation:
        forms = [EACH if array.shape else ONE for array in arrays[:-1]]
        second = forms[1] if len(forms) > 1 else EACH
        return chained([ExactOperation(code, (forms[0], second), arrays)])

    return _agrees(ufunc, dtype, make)


@lru_cache(maxsize=8)
def reduction_chunk(ufunc: np.ufunc, dtype: np.dtype[Any]) -> int:
    """How many numbers NumPy reduces at a time: all, or a buffer's, by its version.

    Raises LookupError where neither gives its bits.
    """
    buffer = np.getbufsize()
    values = np.random.RandomState(0).standard_normal(2 * buffer + 7).astype(dtype)
    wanted, made = np.asarray(ufunc.reduce(values)), np.zeros((), dtype)
    for chunk in (2**40, buffer):
        numbers = (1, values.size, int(ufunc is np.maximum), chunk)
        run_once(KernelOperation("reduce", ufunc, numbers, (values, made)))
        if same_bits(wanted, made):
            return chunk
    raise LookupError(f"{ufunc.__name__}.reduce in parts of unknown size")


def product_agrees(left: Array, right: Array) -> bool:
    """Whether matmul's loop has the bits of ``left.dot(right)`` for such shapes and strides."""
    strides = (left.shape, left.strides, right.shape, right.strides)
    return _product_agrees(left.dtype, *strides)


@lru_cache(maxsize=1024)
def _product_agrees(
    dtype: np.dtype[Any],
    left_shape: tuple[int, ...],
    left_strides: tuple[int, ...],
    right_shape: tuple[int, ...],
    right_strides: tuple[int, ...],
) -> bool:
    if int(np.prod(left_shape)) * right_shape[-1] > _MOST_PRODUCT:
        return True  # no loop of its own for such a size
    random = np.random.RandomState(2)

    def like(shape: tuple[int, ...], strides: tuple[int, ...]) -> Array:
        numbers = random.standard_normal(int(np.prod(shape))).astype(dtype)
        return np.ndarray(shape, dtype, numbers, strides=strides)  # BLAS's way depends on them

    a, b = like(left_shape, left_strides), like(right_shape, right_strides)
    wanted = np.asarray(a.dot(b))
    made = np.zeros_like(wanted)
    run_once(product(a, b, made))
    return same_bits(wanted, made)


def order_of_small(left: Array, right: Array) -> int | None:
    """The order in which ``left.dot(right)`` adds up, if the extension's loop has it and is faster.

    None for large matrices, and where BLAS adds in no such order.
    """
    rows, terms = left.size // left.shape[-1], left.shape[-1]
    columns = right.size // terms
    most = _MOST_NARROW if min(terms, columns) <= _NARROW else _MOST_SMALL
    if rows * terms * columns > most:
        return None
    return _order_of_small(left.dtype, left.shape, left.strides, right.shape, right.strides)


@lru_cache(maxsize=1024)
def _order_of_small(
    dtype: np.dtype[Any],
    left_shape: tuple[int, ...],
    left_strides: tuple[int, ...],
    right_shape: tuple[int, ...],
    right_strides: tuple[int, ...],
) -> int | None:
    terms = left_shape[-1]
    rows, columns = int(np.prod(left_shape)) // terms, int(np.prod(right_shape)) // terms
    random, special = np.random.RandomState(4), _awkward(dtype)
    left, right = _trials(random, dtype, rows, terms, columns)
    for numbers in (left, right):
        odd = numbers[_TRIALS:]
        chosen = random.random_sample(odd.shape) < 0.3
        odd[...] = np.where(chosen, random.choice(special, odd.shape), odd)
    wanted, made = (np.empty((len(left), rows * columns), dtype) for _ in range(2))
    lefts, rights = (
        _laid_out(left, left_shape, left_strides),
        _laid_out(right, right_shape, right_strides),
    )
    with np.errstate(all="ignore"):
        for sums, a, b in zip(wanted, lefts, rights, strict=True):
            sums[:] = a.dot(b).reshape(-1)
    sizes = product(lefts[0], rights[0], made[0]).numbers
    operands = list(zip(lefts, rights, made, strict=True))
    for order in ORDERS:
        for part in (operands[:_FEW], operands):  # few tell most
            numbers_and_order = (*sizes, order)
            try:
                run_once(*(KernelOperation("small", None, numbers_and_order, o) for o in part))
            except LookupError:
                return None
            if not same_bits(wanted[: len(part)], made[: len(part)]):
                break
        else:
            return order
    return None


def _laid_out(matrices: Array, shape: tuple[int, ...], strides: tuple[int, ...]) -> list[Array]:
    """The numbers of ``matrices`` in arrays in one piece with these strides."""
    by_rows = len(shape) < 2 or strides[0] >= strides[1] or 1 in shape
    flat = np.ascontiguousarray(matrices if by_rows else matrices.transpose(0, 2, 1))
    dtype, size = flat.dtype, flat[0].nbytes
    return [np.ndarray(shape, dtype, flat, at, strides) for at in range(0, len(flat) * size, size)]


def _trials(
    random: np.random.RandomState, dtype: np.dtype[Any], rows: int, terms: int, columns: int
) -> tuple[Array, Array]:
    """Matrices (trials, rows, terms) and (trials, terms, columns) whose product tells the order.

    The products of an element nearly cancel, so that what was rounded on the way remains: either
    all rows on the left are equal, and each column on the right is fitted to them, or the reverse.
    In every second trial some products are zero, so that others meet earlier.
    """
    count = _TRIALS + _TRIALS_OF_SPECIAL
    left = random.standard_normal((count, rows, terms)).astype(dtype)
    right = random.standard_normal((count, columns, terms)).astype(dtype)
    by_column = np.arange(count) % 4 < 2 if min(rows, columns) > 1 else np.full(count, rows == 1)
    for chosen, equal, fitted in ((by_column, left, right), (~by_column, right, left)):
        one, many = equal[chosen][:, :1].astype(float), fitted[chosen].astype(float)
        if not len(one):
            continue
        many[::2] *= random.random_sample(many[::2].shape) < 0.6
        last = random.randint(terms, size=(*many.shape[:2], 1))
        np.put_along_axis(many, last, 0.0, axis=2)
        factor = np.take_along_axis(np.broadcast_to(one, many.shape), last, axis=2)
        np.put_along_axis(many, last, -(many * one).sum(axis=2, keepdims=True) / factor, axis=2)
        equal[chosen], fitted[chosen] = one, many
    return left, right.transpose(0, 2, 1)


def rule_of_outer(left: Array, right: Array) -> tuple[int, Array | None]:
    """How ``left.dot(right)`` computes products that it does not add up.

    BLAS may make another zero of a product that underflows or has a zero factor. The rule is a
    number as the extension takes it, with an array of rules by element for those that end in 3.
    Raises LookupError where BLAS does something else.
    """
    return _rule_of_outer(left.dtype, left.shape, left.strides, right.shape, right.strides)


@lru_cache(maxsize=1024)
def _rule_of_outer(
    dtype: np.dtype[Any],
    left_shape: tuple[int, ...],
    left_strides: tuple[int, ...],
    right_shape: tuple[int, ...],
    right_strides: tuple[int, ...],
) -> tuple[int, Array | None]:
    left_size, right_size = int(np.prod(left_shape)), int(np.prod(right_shape))

    def products(left: float, right: float) -> Array:
        numbers = np.full(left_size, left, dtype), np.full(right_size, right, dtype)
        a: Array = np.ndarray(left_shape, dtype, numbers[0], strides=left_strides)
        b: Array = np.ndarray(right_shape, dtype, numbers[1], strides=right_strides)
        with np.errstate(all="ignore"):
            made: Array = np.asarray(a.dot(b)).reshape(-1)
        return made

    tiny = float(np.finfo(dtype).tiny)
    underflow, exact = np.signbit(products(tiny, -tiny)), np.signbit(products(0.0, -1.0))
    if (exact & ~underflow).any():
        raise LookupError("products with zeros of unknown signs")
    annihilated = 0
    for factors, size, flag in (
        ((np.nan, 0.0), right_size, _RIGHT_IS_ZERO),
        ((0.0, np.nan), left_size, _LEFT_IS_ZERO),
    ):
        made = products(*factors)
        if not np.isnan(made).all():
            if size > 1 or made.any() or np.signbit(made).any():
                raise LookupError("products of zero and NaN in an unknown way")
            annihilated |= flag
    rules: Array = np.where(exact, 0, np.where(underflow, 2, 1)).astype(np.uint8)
    if (rules == rules[0]).all():
        return int(rules[0]) + annihilated, None
    return _BY_ELEMENT + annihilated, rules
