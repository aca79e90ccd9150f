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
    BACKWARD,
    EACH,
    FUSED,
    ONE,
    ROUNDED,
    ExactOperation,
    KernelOperation,
    chained,
    kernel,
    product,
    small_product,
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
_COMPARED = 48
"""Sums of a small product that are compared at least, of as many random matrices as it takes."""


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


@lru_cache(maxsize=8)
def _numbers(dtype: np.dtype[Any], share_of_special: float) -> Array:
    """Random numbers, of so different sizes that nearly every order rounds to a sum of its own."""
    random, count = np.random.RandomState(4), 2 * _MOST_NARROW + _COMPARED
    ordinary = random.standard_normal(count) * 2.0 ** random.randint(-6, 7, count)
    special = random.choice(_awkward(dtype), count)
    return np.where(random.random_sample(count) < share_of_special, special, ordinary).astype(dtype)


@lru_cache(maxsize=1024)
def _order_of_small(
    dtype: np.dtype[Any],
    left_shape: tuple[int, ...],
    left_strides: tuple[int, ...],
    right_shape: tuple[int, ...],
    right_strides: tuple[int, ...],
) -> int | None:
    pairs = []
    for share_of_special, compared in (
        (0.0, _COMPARED),
        (0.1, _COMPARED // 3),
        (0.9, _COMPARED // 3),
    ):
        numbers = _numbers(dtype, share_of_special)
        sums = int(np.prod(left_shape)) * int(np.prod(right_shape)) // left_shape[-1] ** 2
        for start in range(max(1, compared // sums)):
            a: Array = np.ndarray(left_shape, dtype, numbers[start:], strides=left_strides)
            b: Array = np.ndarray(
                right_shape, dtype, numbers[_MOST_NARROW + start :], strides=right_strides
            )
            with np.errstate(all="ignore"):
                wanted = np.asarray(a.dot(b))
            pairs.append((a, b, wanted, np.empty_like(wanted)))
    for order in (FUSED, ROUNDED, BACKWARD):
        try:
            run_once(*(small_product(product(a, b, made), order) for a, b, _, made in pairs))
        except LookupError:
            return None
        if all(same_bits(wanted, made) for _, _, wanted, made in pairs):
            return order
    return None


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
