"""The compiler: from a line of NumPy code to calls that execute it in place.

The line ``l2_delta = l2_error * (l2 * (1 - l2))`` gives three calls:
``subtract(1, l2, l2_delta)``, ``multiply(l2, l2_delta, l2_delta)`` and
``multiply(l2_error, l2_delta, l2_delta)``. They write into existing arrays, in Python's
order of evaluation, so the result has the same bits and the training loop allocates nothing.
"""

import ast
import copy
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from nn_tui.nn.scalars import Scalars
from nn_tui.nn.syntax import Function, has_call, names_in, parse_body, parse_line, target_name
from nn_tui.types import Array


class BufferPool:
    """Scratch arrays that are reused while lines are compiled."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._free: dict[tuple[int, ...], list[Array]] = defaultdict(list)
        self._scratch: dict[int, Array] = {}

    def take(self, shape: tuple[int, ...]) -> Array:
        free = self._free[shape]
        array = free.pop() if free else np.empty(shape, self.dtype)
        self.mark_scratch(array)
        return array

    def is_scratch(self, array: Array) -> bool:
        """Return whether ``array`` is a scratch array without a name."""
        return id(array) in self._scratch

    def release(self, array: Array) -> None:
        """Make a scratch array available again; any other array is ignored."""
        if self.is_scratch(array):
            self.claim(array)
            self._free[array.shape].append(array)

    def claim(self, array: Array) -> None:
        """Keep an array that has been given a name."""
        self._scratch.pop(id(array), None)

    def mark_scratch(self, array: Array) -> None:
        """Make ``array``, whose name has been removed, a scratch array."""
        self._scratch[id(array)] = array


Call = Callable[[], object]

_BINARY: dict[type[ast.operator], Any] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
}
_COMPARE: dict[type[ast.cmpop], Any] = {
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Lt: np.less,
}
_OUT_BY_KEYWORD = (np.maximum, np.minimum)  # NumPy deprecates their positional out
_REDUCE: dict[str, Any] = {"sum": np.add, "max": np.maximum}


class Compiler:
    """Compiles lines that read and write the arrays of one namespace.

    ``arrays`` maps names to arrays; a line that assigns to an unknown name allocates it.
    ``constants`` are names of fixed numbers, such as the batch size.
    """

    def __init__(
        self,
        arrays: dict[str, Array],
        scalars: Scalars,
        functions: Mapping[str, Function],
        pool: BufferPool,
        constants: Mapping[str, float],
    ) -> None:
        self.arrays = arrays
        self.scalars = scalars
        self.functions = functions
        self.pool = pool
        self.constants = constants
        self._calls: list[Call] = []

    def compile_line(self, code: str) -> tuple[Call, ...]:
        """Return the calls of one line. Raises SyntaxError for unsupported code."""
        statement = parse_line(code)
        name = target_name(statement)
        if name in self.scalars:
            return (self._scalar_call(name, statement),)
        self._calls = []
        if isinstance(statement, ast.AugAssign):
            self._augmented(self.arrays[name], statement)
        else:
            self._assign(name, statement.value)
        return tuple(self._calls)

    def _scalar_call(self, name: str, statement: ast.Assign | ast.AugAssign) -> Call:
        value = statement.value
        if isinstance(statement, ast.AugAssign):
            value = ast.BinOp(ast.Name(name, ast.Load()), statement.op, value)
        return self.scalars.assignment(name, self._with_constants(value))

    def _augmented(self, target: Array, statement: ast.AugAssign) -> None:
        operand = self._broadcast(self._array(statement.value, None), target.shape)
        self._emit(_BINARY[type(statement.op)], target, operand, target)
        self.pool.release(operand)

    def _assign(self, name: str, value: ast.expr) -> None:
        if name in self.arrays:
            target = self.arrays[name]
            result = self._array(value, target)
            if result is not target:
                self._emit(np.copyto, target, result)
                self.pool.release(result)
        else:
            result = self._array(value, None)
            if not self.pool.is_scratch(result):
                raise SyntaxError(f"{name} would be an alias of an existing array")
            self.pool.claim(result)
            self.arrays[name] = result

    # Each method below evaluates a node and returns the array with its value: `out` if it is
    # given, has the right shape and is not read later; otherwise a scratch array.

    def _array(self, node: ast.expr, out: Array | None) -> Array:
        if self._is_scalar(node):
            return self.scalars.array(self._with_constants(node))
        match node:
            case ast.Name():
                return self.arrays[node.id]
            case ast.Attribute(attr="T"):
                return self._array(node.value, None).T
            case ast.UnaryOp(op=ast.USub()):
                return self._elementwise(np.negative, [node.operand], out)
            case ast.BinOp(op=ast.MatMult()):
                return self._dot(node, out)
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=2)):
                return self._elementwise(np.square, [node.left], out)
            case ast.BinOp(op=ast.Div(), left=ast.Constant(value=1)):
                return self._elementwise(np.reciprocal, [node.right], out)
            case ast.BinOp():
                return self._elementwise(_BINARY[type(node.op)], [node.left, node.right], out)
            case ast.Compare():
                operands = [node.left, node.comparators[0]]
                return self._elementwise(_COMPARE[type(node.ops[0])], operands, out)
            case ast.Call(func=ast.Name(id=name)):
                return self._inline(self.functions[name], node.args[0], out)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="vdot")):
                return self._vdot(node, out)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="clip")):
                return self._clip(node, out)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name)):
                return self._elementwise(getattr(np, name), node.args, out)
            case ast.Call(func=ast.Attribute(attr="copy")):
                return self._copy(node, out)
            case ast.Call(func=ast.Attribute(attr=name)) if name in _REDUCE:
                return self._reduce(node, out)
        raise SyntaxError(f"unsupported expression {ast.unparse(node)!r}")

    def _is_scalar(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute | ast.Call):
            return False
        if has_call(node):
            return False
        return all(name in self.scalars or name in self.constants for name in names_in(node))

    def _with_constants(self, node: ast.expr) -> ast.expr:
        if names_in(node).isdisjoint(self.constants):
            return node
        node = copy.deepcopy(node)  # the parsed line is cached and shared
        return _Constants(self.constants).visit(node)  # type: ignore[no-any-return]

    def _elementwise(self, ufunc: Any, operands: list[ast.expr], out: Array | None) -> Array:
        values: list[Array] = []
        for position, operand in enumerate(operands):
            later = operands[position + 1 :]
            taken = any(np.shares_memory(out, v) for v in values) if out is not None else True
            usable = not taken and not any(self._reads(node, out) for node in later)
            values.append(self._array(operand, out if usable else None))
        shape = np.broadcast_shapes(*(v.shape for v in values))
        values = [self._broadcast(v, shape) for v in values]
        target = out if out is not None and out.shape == shape else None
        if target is None:
            reusable = [v for v in values if self.pool.is_scratch(v) and v.shape == shape]
            target = reusable[0] if reusable else self.pool.take(shape)
        if ufunc in _OUT_BY_KEYWORD:
            self._calls.append(partial(ufunc, *values, out=target))
        else:
            self._emit(ufunc, *values, target)  # a third faster than out=
        for value in values:
            if value is not target:
                self.pool.release(value)
        return target

    def _broadcast(self, value: Array, shape: tuple[int, ...]) -> Array:
        """Return ``value`` broadcast to ``shape``, as a copy.

        Copying first is a third faster than broadcasting arithmetic, and NumPy allocates no
        buffer of its own.
        """
        if value.shape == shape or not value.shape:
            return value
        whole = self.pool.take(shape)
        self._emit(np.copyto, whole, value)
        self.pool.release(value)
        return whole

    def _copy(self, node: ast.Call, out: Array | None) -> Array:
        assert isinstance(node.func, ast.Attribute)
        value = self._array(node.func.value, None)
        target = out if out is not None and out.shape == value.shape else None
        if target is None or np.shares_memory(target, value):
            target = self.pool.take(value.shape)
        self._emit(np.copyto, target, value)
        self.pool.release(value)
        return target

    def _clip(self, node: ast.Call, out: Array | None) -> Array:
        value, low, high = node.args  # np.clip takes six times as long
        above = ast.Call(ast.parse("np.maximum", mode="eval").body, [value, low], [])
        return self._elementwise(np.minimum, [above, high], out)

    def _dot(self, node: ast.BinOp, out: Array | None) -> Array:
        left, right = self._array(node.left, None), self._array(node.right, None)
        shape = left.shape[:-1] + right.shape[1:]
        fits = out is not None and out.shape == shape
        if not fits or any(np.shares_memory(out, v) for v in (left, right)):
            out = self.pool.take(shape)
        assert out is not None
        self._emit(left.dot, right, out)
        for value in (left, right):
            self.pool.release(value)
        return out

    def _vdot(self, node: ast.Call, out: Array | None) -> Array:
        left, right = (self._array(argument, None) for argument in node.args)
        target = out if out is not None and not out.shape else self.pool.take(())
        self._emit(left.reshape(-1).dot, right.reshape(-1), target)
        for value in (left, right):
            self.pool.release(value)
        return target

    def _reduce(self, node: ast.Call, out: Array | None) -> Array:
        assert isinstance(node.func, ast.Attribute)
        reduce = _REDUCE[node.func.attr].reduce
        value = self._array(node.func.value, None)
        options = {k.arg: ast.literal_eval(k.value) for k in node.keywords if k.arg}
        axis, keepdims = options.get("axis"), options.get("keepdims", False)
        shape = np.empty(value.shape, bool).any(axis=axis, keepdims=keepdims).shape
        fits = out is not None and out.shape == shape and not np.shares_memory(out, value)
        target = out if fits and out is not None else self.pool.take(shape)
        self._emit(reduce, value, axis, None, target, keepdims)
        self.pool.release(value)
        return target

    def _inline(self, function: Function, argument: ast.expr, out: Array | None) -> Array:
        x = self._array(argument, out)
        scratch = self.pool.is_scratch(x)
        self.pool.claim(x)  # the body may read x more than once
        outer = self.arrays.get("x")
        self.arrays["x"] = x
        result = self._array(parse_body(function.body), out)
        del self.arrays["x"]
        if outer is not None:
            self.arrays["x"] = outer
        if scratch:
            self.pool.mark_scratch(x)
            if result is not x:
                self.pool.release(x)
        return result

    def _reads(self, node: ast.expr, out: Array | None) -> bool:
        return out is not None and any(
            name in self.arrays and np.shares_memory(out, self.arrays[name])
            for name in names_in(node)
        )

    def _emit(self, function: Any, *arguments: Any) -> None:
        self._calls.append(partial(function, *arguments))


class _Constants(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.values[node.id]) if node.id in self.values else node
