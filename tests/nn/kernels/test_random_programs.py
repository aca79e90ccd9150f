"""Random lists of calls on random arrays: the extension leaves what NumPy leaves in every array."""

import os
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from nn_tui.nn.kernels import agreement
from nn_tui.nn.kernels.lowering import Lowering
from nn_tui.nn.kernels.operation import (
    FUSED,
    LANES,
    ORDERS,
    QUADS,
    ROUNDED,
    product,
    small_product,
)
from nn_tui.nn.scalars import Scalars
from tests.nn.kernels.both_ways import same_bits

PROGRAMS = int(os.environ.get("NN_TUI_RANDOM_PROGRAMS", "250"))

_ONE = [np.sqrt, np.square, np.negative, np.reciprocal, np.sign, np.exp, np.tanh, np.abs, np.log]
_TWO = [np.add, np.subtract, np.multiply, np.divide, np.logaddexp]
_KEYWORD = [np.maximum, np.minimum]
_COMPARE = [np.greater, np.greater_equal, np.less]


class Arrays:
    """Arrays by shape: matrices, rows, columns and numbers of one type, some of them views."""

    def __init__(self, random, dtype):
        self.random = random
        rows, inner, columns = random.choice([1, 2, 3, 5, 8, 17, 64, 300], 3)
        inner, columns = min(inner, 40), min(columns, 40)
        shapes = {
            "m": (rows, columns),
            "r": (columns,),
            "c": (rows, 1),
            "n": (),
            "a": (rows, inner),
            "b": (inner, columns),
        }
        self.all = {}
        for name, shape in shapes.items():
            size = int(np.prod(shape))
            flat = random.choice([0.0, -0.0, 1.0, 1e-30, 1e30, np.inf, np.nan], 4 * size + 3)
            ordinary = random.random(flat.size) < 0.9
            flat[ordinary] = random.standard_normal(int(ordinary.sum()))
            flat = flat.astype(dtype)
            begin = int(random.integers(3))  # aligned to a number, not to a vector
            self.all[name] = [
                flat[begin + i * size : begin + (i + 1) * size].reshape(shape) for i in range(4)
            ]

    def copy(self):
        made = object.__new__(Arrays)
        made.all = {name: [a.copy() for a in arrays] for name, arrays in self.all.items()}
        return made


def random_call(random):
    """A call as a function of the arrays, so that it can be made for two sets of them."""

    def at(name):
        number = int(random.integers(4))
        return lambda arrays: arrays.all[name][number]

    def call(function, *operands, **keywords):
        return lambda arrays: partial(
            function,
            *(o(arrays) if callable(o) else o for o in operands),
            **{k: o(arrays) for k, o in keywords.items()},
        )

    shape = str(random.choice(["m", "m", "m", "r", "c", "n"]))

    def operand():
        return at(shape if random.random() < 0.8 else "n")

    kind = int(random.integers(9))
    if kind == 0:
        return call(_ONE[random.integers(len(_ONE))], at(shape), at(shape))
    if kind in (1, 2):
        return call(_TWO[random.integers(len(_TWO))], operand(), operand(), at(shape))
    if kind == 3:
        return call(_KEYWORD[random.integers(2)], operand(), operand(), out=at(shape))
    if kind == 4:
        return call(_COMPARE[random.integers(3)], operand(), operand(), at(shape))
    if kind == 5:
        return call(np.copyto, at("m"), at(str(random.choice(["r", "c", "n", "m"]))))
    if kind == 6:
        left, right, out = at("a"), at("b"), at("m")
        return lambda arrays: partial(left(arrays).dot, right(arrays), out(arrays))
    if kind == 7:
        left, right, out = at("a"), at("m"), at("b")
        return lambda arrays: partial(left(arrays).T.dot, right(arrays), out(arrays))
    ufunc = (np.add, np.maximum)[random.integers(2)]
    return call(ufunc.reduce, at("m"), 1, None, at("c"), True)


def test_random_programs_have_numpys_bits():
    refused = lowered = 0
    for seed in range(PROGRAMS):
        random = np.random.default_rng(seed)
        dtype = ("float64", "float32")[seed % 2]
        numpys = Arrays(random, dtype)
        ours = numpys.copy()
        calls = [random_call(random) for _ in range(int(random.integers(1, 25)))]
        known = []
        for call in calls:
            try:
                Lowering(Scalars(dtype)).lower([call(ours)])
            except LookupError:
                refused += 1  # such as an output that is also read with another size
            else:
                known.append(call)
        if not known:
            continue
        agreement.run_once(*Lowering(Scalars(dtype)).lower([call(ours) for call in known]))
        with np.errstate(all="ignore"):
            for call in known:
                call(numpys)()
        lowered += len(known)
        for name, arrays in numpys.all.items():
            for one, other in zip(arrays, ours.all[name], strict=True):
                same_bits(one, other, f"program {seed}, {name}")
    assert lowered > 5 * refused


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("rows", "columns"), [(40, 1), (1, 40), (1, 1), (7, 3), (250, 4)])
def test_products_that_are_not_added_up_have_numpys_zeros_and_nans(rows, columns, dtype):
    """BLAS returns at once where a factor of a whole vector is zero, and rounds -0 in its way."""
    awkward = [0.0, -0.0, np.nan, np.inf, -np.inf, 1e-30, -1e-200, 2.0]
    for shift in range(8):
        left = np.resize(np.roll(awkward, shift), (rows, 1)).astype(dtype)
        for number in awkward:
            right = np.full((1, columns), number, dtype)
            wanted, made = np.zeros((rows, columns), dtype), np.ones((rows, columns), dtype)
            with np.errstate(all="ignore"):
                left.dot(right, wanted)
            agreement.run_once(*Lowering(Scalars(dtype)).lower([partial(left.dot, right, made)]))
            same_bits(wanted, made, f"{left.ravel()} times {number}")


def fused(x, y, total):
    """x y + total with one rounding."""
    return float(Fraction(x) * Fraction(y) + Fraction(total))


def in_order(order, terms):
    """The sum of the products of ``terms``, pairs of numbers."""
    total, terms = 0.0, list(terms)
    if order in (FUSED, ROUNDED):
        for x, y in terms:
            total = total + x * y if order == ROUNDED else fused(x, y, total)
        return total
    lanes = [0.0] * 4
    while len(terms) >= 4:
        (a, b, c, d), terms = terms[:4], terms[4:]
        if order == LANES:
            lanes = [fused(*pair, lane) for pair, lane in zip((a, b, c, d), lanes, strict=True)]
        elif order == QUADS:
            total += fused(*c, a[0] * a[1]) + fused(*d, b[0] * b[1])
        else:
            total = (total + (a[0] * a[1] + b[0] * b[1])) + (c[0] * c[1] + d[0] * d[1])
    products = [x * y for x, y in terms]
    if order == LANES:
        total = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
        if len(terms) == 1:
            return fused(*terms[0], total)
        if terms:
            rest = fused(*terms[0], products[1])
            return total + (rest if len(terms) == 2 else fused(*terms[2], rest))
    elif order == QUADS and len(terms) >= 2:
        total += products[0] + products[1]
        products = products[2:]
    for product_ in products:
        total += product_
    return total


@pytest.mark.parametrize("order", ORDERS)
def test_a_small_product_adds_in_the_order_that_it_is_told(order):
    if not has_loop_of_small_products():
        pytest.skip("this processor does not multiply and add at once")
    random = np.random.default_rng(order)
    for terms in range(1, 12):
        for rows, columns in ((1, 1), (7, 6), (4, 8), (5, 3), (9, 1), (1, 5)):
            a, b = random.standard_normal((rows, terms)), random.standard_normal((terms, columns))
            for turned in (False, True):
                left, right = (x.T.copy().T if turned else x for x in (a, b))
                made = np.empty((rows, columns))
                operation = product(left, right, made)
                if operation.kind == "matmul":
                    agreement.run_once(small_product(operation, order))
                    for i, j in np.ndindex(rows, columns):
                        wanted = in_order(order, zip(a[i], b[:, j], strict=True))
                        assert made[i, j] == wanted, (rows, terms, columns, turned, i, j)


def has_loop_of_small_products() -> bool:
    one = np.ones((2, 2))
    try:
        agreement.run_once(small_product(product(one, one, np.empty((2, 2))), FUSED))
    except LookupError:
        return False
    return True


def test_an_order_in_which_blas_does_not_add_is_not_used():
    """Each order that is found has the bits of ``dot``, and no other one would do."""
    random = np.random.default_rng(0)
    for dtype in ("float64", "float32"):
        for rows, terms, columns in ((10, 4, 2), (10, 8, 8), (4, 10, 1), (1, 11, 4), (1, 9, 1)):
            a = random.standard_normal((rows, terms)).astype(dtype)
            b = random.standard_normal((terms, columns)).astype(dtype)
            order = agreement.order_of_small(a, b)
            for tried in ORDERS if order is not None else ():
                equal = 0
                for _ in range(40):
                    a[...], b[...] = (
                        random.standard_normal(a.shape),
                        random.standard_normal(b.shape),
                    )
                    made = np.empty((rows, columns), dtype)
                    agreement.run_once(small_product(product(a, b, made), tried))
                    equal += np.array_equal(made, a.dot(b))
                assert (equal == 40) == (tried == order), (dtype, rows, terms, columns)


def test_an_order_holds_for_the_last_element_too():
    """BLAS adds up the elements that are left over from fours in a way of its own."""
    random = np.random.default_rng(0)
    for rows in (5, 9, 16, 17):
        a, b = random.standard_normal((8, rows)).T, random.standard_normal((8, 1))
        order = agreement.order_of_small(a, b)
        for _ in range(40 if order is not None else 0):
            a[...], b[...] = random.standard_normal(a.shape), random.standard_normal(b.shape)
            made = np.empty((rows, 1))
            agreement.run_once(small_product(product(a, b, made), order))
            np.testing.assert_array_equal(made, a.dot(b))


def test_calls_on_overlapping_arrays_are_not_mixed_up():
    """Block by block, the second call would read what the first has not yet written."""
    ways = []
    for _ in range(2):
        flat, ones, seen = np.arange(2000.0), np.ones(1500), np.zeros(1500)
        calls = [
            partial(np.add, ones, ones, flat[500:]),
            partial(np.multiply, flat[:1500], ones, seen),
            partial(np.negative, seen, flat[500:]),
            partial(np.subtract, flat[:1500], seen, seen),
        ]
        ways.append((calls, flat, seen))
    for call in ways[0][0]:
        call()
    agreement.run_once(*Lowering(Scalars()).lower(ways[1][0]))
    for one, other in zip(ways[0][1:], ways[1][1:], strict=True):
        same_bits(one, other)
