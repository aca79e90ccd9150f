"""From the compiled calls of a step to operations of the extension.

Every function here raises LookupError for what it cannot express with NumPy's bits; then the
calls run as Python functions. Strides and sizes are those with which NumPy calls its own loops:
one call for whole arrays, a stride of 0 for a number.
"""

import ast
from collections.abc import Iterable, Iterator
from types import BuiltinMethodType
from typing import Any

import numpy as np

from nn_tui.nn.compiler import Call
from nn_tui.nn.kernels import agreement
from nn_tui.nn.kernels.extension import EXACT
from nn_tui.nn.kernels.operation import (
    COLUMN,
    COPY,
    EACH,
    ONE,
    ROW,
    ExactOperation,
    KernelOperation,
    chained,
    kernel,
    overlapping,
    product,
    same_place,
    small_product,
    usable,
)
from nn_tui.nn.scalars import Expression, Scalars
from nn_tui.types import Array

_EXACT = {getattr(np, name): code for code, name in enumerate(EXACT) if name != "copy"}
_COMPARISONS = {np.greater_equal, np.greater, np.less}
_INSTRUCTIONS = {ast.Add: 2, ast.Sub: 3, ast.Mult: 4, ast.Div: 5, ast.Pow: 6}
_PUSH, _NUMBER, _NEGATE, _STORE = 0, 1, 7, 8


class Lowering:
    """Lowers the calls of steps that share ``scalars``.

    Scalars that calls assign are kept in arrays while a program runs: ``load`` before, ``store``
    after.
    """

    def __init__(self, scalars: Scalars) -> None:
        self._scalars = scalars
        self._slots: dict[str, Array] = {}
        self._assigned: set[str] = set()

    def lower(self, calls: Iterable[Call]) -> list[KernelOperation]:
        """The operations of ``calls``, correctly rounded ones joined into chains."""
        return list(_joined([self._lower(call) for call in calls]))

    def load(self) -> None:
        """Give the program the current values of the scalars."""
        for name, slot in self._slots.items():
            slot[...] = self._scalars.values[name]

    def store(self) -> None:
        """Take the values that the program has computed."""
        for name in self._assigned:
            self._scalars.set(name, float(self._slots[name]))

    def _lower(self, call: Any) -> KernelOperation | ExactOperation:
        function, arguments, keywords = call.func, call.args, call.keywords
        owner = getattr(function, "__self__", None)
        if isinstance(function, np.ufunc) and set(keywords) <= {"out"}:
            return _elementwise(function, (*arguments, *keywords.values()))
        if keywords:
            raise LookupError(f"{function} with {', '.join(keywords)}")
        if function is np.copyto and len(arguments) == 2:
            return _copy(*arguments)
        if isinstance(function, BuiltinMethodType) and isinstance(owner, np.ufunc):
            if function.__name__ == "reduce" and len(arguments) == 5 and arguments[2] is None:
                return _reduce(owner, arguments[0], arguments[1], arguments[3])
        elif isinstance(function, BuiltinMethodType) and isinstance(owner, np.ndarray):
            if function.__name__ == "dot" and len(arguments) == 2:
                return _dot(owner, *arguments)
        elif function == self._scalars.assign:
            return KernelOperation("scalars", None, (), tuple(self._assignment(*arguments)))
        raise LookupError(f"no lowering of {function}")

    def _assignment(
        self, name: str, expression: Expression
    ) -> Iterator[tuple[int, Array | None, float]]:
        yield from self._value(expression.tree)
        yield _STORE, self._slot(name), 0.0
        for cell in self._scalars.dependents(name):
            yield from self._value(cell.expression.tree)
            yield _STORE, cell.array, 0.0
        self._assigned.add(name)

    def _value(self, node: ast.expr) -> Iterator[tuple[int, Array | None, float]]:
        match node:
            case ast.Constant(value=int() | float() as number):
                yield _NUMBER, None, float(number)
            case ast.Name():
                yield _PUSH, self._slot(node.id), 0.0
            case ast.UnaryOp(op=ast.USub()):
                yield from self._value(node.operand)
                yield _NEGATE, None, 0.0
            case ast.BinOp() if type(node.op) in _INSTRUCTIONS:
                yield from self._value(node.left)
                yield from self._value(node.right)
                yield _INSTRUCTIONS[type(node.op)], None, 0.0
            case _:
                raise LookupError(f"no lowering of {ast.unparse(node)}")

    def _slot(self, name: str) -> Array:
        return self._slots.setdefault(name, np.zeros(()))


def gather(data: Array, window: Array, first: int, rows: int, shuffled: bool) -> KernelOperation:
    """Copy rows of ``data`` from the ``first`` on in the epoch's order into ``window``."""
    return KernelOperation("gather", None, (first, rows, shuffled), (data, window))


def zero(array: Array) -> KernelOperation:
    """Fill ``array`` with zeros."""
    return chained([_copy(array, np.zeros((), array.dtype))])


def copy(target: Array, value: Array) -> KernelOperation:
    """Copy ``value`` into ``target``."""
    return chained([_copy(target, value)])


def _elementwise(ufunc: np.ufunc, arrays: tuple[Any, ...]) -> KernelOperation | ExactOperation:
    *inputs, out = arrays
    if not usable(*arrays) or len(inputs) != ufunc.nin or not out.flags.c_contiguous:
        raise LookupError(f"{ufunc.__name__} of such arrays")
    for value in inputs:
        matches = value.shape == out.shape and value.flags.c_contiguous
        if not matches and value.shape:
            raise LookupError(f"{ufunc.__name__} of arrays that do not match")
        if overlapping(value, out) and not same_place(value, out):
            raise LookupError(f"{ufunc.__name__} into a part of its operand")
    code = _EXACT.get(ufunc)
    one = [ONE if not value.shape else EACH for value in inputs]
    if code is not None and EACH in one and agreement.exact_agrees(ufunc, code, out.dtype):
        return ExactOperation(code, (one[0], one[1] if len(one) > 1 else EACH), arrays)
    if ufunc in _COMPARISONS or not agreement.kernel_agrees(ufunc, out.dtype):
        raise LookupError(f"{ufunc.__name__} has other bits than NumPy's")
    return kernel(ufunc, arrays)


def _copy(target: Array, value: Array) -> ExactOperation:
    fits = usable(target, value) and target.flags.c_contiguous and value.flags.c_contiguous
    if not fits or overlapping(target, value):
        raise LookupError("a copy between such arrays")
    if value.shape == target.shape:
        form = EACH
    elif value.size == 1:
        form = ONE
    elif target.ndim == 2 and value.size == value.shape[-1] == target.shape[1]:
        form = ROW
    elif target.ndim == 2 and value.shape == (target.shape[0], 1):
        form = COLUMN
    else:
        raise LookupError(f"a copy of {value.shape} to {target.shape}")
    return ExactOperation(COPY, (form, EACH), (value, target))


def _reduce(ufunc: np.ufunc, value: Array, axis: int | None, out: Array) -> KernelOperation:
    fits = usable(value, out) and value.flags.c_contiguous and not overlapping(value, out)
    if ufunc not in (np.add, np.maximum) or not fits:
        raise LookupError(f"{ufunc.__name__}.reduce of such arrays")
    if axis is None:
        rows, columns = 1, value.size
    elif value.ndim == 2 and axis in (1, -1):
        rows, columns = value.shape
    else:
        raise LookupError(f"a reduction of axis {axis}")
    chunk = agreement.reduction_chunk(ufunc, value.dtype)
    without_identity = ufunc is np.maximum
    if columns > chunk and (rows > 1 or without_identity):
        raise LookupError("a reduction in parts")
    if out.size != rows or (without_identity and axis is None):
        raise LookupError("a reduction of another shape")
    return KernelOperation("reduce", ufunc, (rows, columns, without_identity, chunk), (value, out))


def _dot(left: Array, right: Array, out: Array) -> KernelOperation:
    if not usable(left, right, out) or overlapping(left, out) or overlapping(right, out):
        raise LookupError("a product of such arrays")
    operation = product(left, right, out)
    if operation.kind == "matmul":
        order = agreement.order_of_small(left, right)
        if order is not None:
            return small_product(operation, order)
        if not agreement.product_agrees(left, right):
            raise LookupError("a product with other bits than NumPy's")
        return operation
    rule, by_element = agreement.rule_of_outer(left, right)
    return KernelOperation("outer", by_element, (*operation.numbers[:2], rule), operation.operands)


def _joined(operations: list[KernelOperation | ExactOperation]) -> Iterator[KernelOperation]:
    """Consecutive correctly rounded operations that can share a loop as one chain.

    Scalars computed in between are computed before it, where it does not use them.
    """
    chain: list[ExactOperation] = []
    for operation in operations:
        if isinstance(operation, KernelOperation) and _scalars_apart(operation, chain):
            yield operation
            continue
        if chain and not (isinstance(operation, ExactOperation) and _joins(chain, operation)):
            yield _chain(chain)
            chain = []
        if isinstance(operation, ExactOperation):
            chain.append(operation)
        else:
            yield operation
    if chain:
        yield _chain(chain)


def _scalars_apart(operation: KernelOperation, chain: list[ExactOperation]) -> bool:
    """Whether ``operation`` computes scalars, and stores none that ``chain`` uses."""
    if operation.kind != "scalars":
        return False
    stored = [cell for code, cell, _ in operation.operands if code == _STORE]
    return not any(
        overlapping(cell, operand)
        for cell in stored
        for operation in chain
        for operand in operation.operands
    )


def _chain(operations: list[ExactOperation]) -> KernelOperation:
    """A chain; an operation by itself runs in NumPy's loop, if there is one for it."""
    (code, _, arrays), single = operations[0], len(operations) == 1
    ufunc = getattr(np, EXACT[code])
    if single and code != COPY and ufunc not in _COMPARISONS:
        large = arrays[-1].nbytes >= agreement.LARGE
        if large and agreement.kernel_agrees(ufunc, arrays[-1].dtype):
            return kernel(ufunc, arrays)
    return chained(operations)


def _joins(chain: list[ExactOperation], later: ExactOperation) -> bool:
    out, columns = chain[0].output, {o.columns for o in (*chain, later)} - {1}
    if later.output.size != out.size or later.output.dtype != out.dtype or len(columns) > 1:
        return False
    return all(_independent(earlier, later) for earlier in chain)


def _independent(earlier: ExactOperation, later: ExactOperation) -> bool:
    """Whether both can be computed block by block: what one writes, the other has in step."""
    for one, other in ((earlier, later), (later, earlier)):
        for operand in other.operands:
            if overlapping(one.output, operand) and not same_place(one.output, operand):
                return False
    return True
