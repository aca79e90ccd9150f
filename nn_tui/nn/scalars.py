"""The scalars of a step: learning rate, momentum, update count.

NumPy is fastest when such a number is a 0-d array of the arrays' dtype, and it must be
possible to change a number without recompiling the calls that use it. So each scalar
*expression* of a line (``learning_rate``, ``1 - beta1``) has one 0-d array that is updated
with its names. The arithmetic is Python's, in double precision, so that the same line in a
script gives the same bits, in float32 too.
"""

import ast
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from types import CodeType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn_tui.nn.syntax import names_in

RATE_FUNCTIONS = ("cos", "exp", "floor", "maximum", "minimum", "sqrt")
"""NumPy's functions that the line of a learning rate may call."""
_GLOBALS: dict[str, Any] = {
    "__builtins__": {},
    "np": SimpleNamespace(pi=np.pi, **{name: getattr(np, name) for name in RATE_FUNCTIONS}),
}


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression of scalars, compiled, and its syntax tree."""

    tree: ast.expr
    code: CodeType


@dataclass(frozen=True, eq=False)
class Cell:
    """A 0-d array that has the value of an expression."""

    expression: Expression
    array: NDArray[Any]


class Scalars:
    """Named Python numbers, and the 0-d arrays computed from them."""

    def __init__(self, dtype: DTypeLike = np.float64, **values: float) -> None:
        self.dtype = np.dtype(dtype)
        self.values: dict[str, float] = dict(values)
        self._cells: dict[str, Cell] = {}
        self._dependents: defaultdict[str, list[Cell]] = defaultdict(list)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def set(self, name: str, value: float) -> None:
        """Set a number and update every 0-d array that depends on it."""
        self.values[name] = value
        for cell in self._dependents[name]:
            self._refresh(cell)

    def array(self, expression: ast.expr) -> NDArray[Any]:
        """Return the 0-d array of ``expression``, shared by all lines that contain it."""
        text = ast.unparse(expression)
        if text not in self._cells:
            cell = Cell(_compiled(expression), np.zeros((), self.dtype))
            self._refresh(cell)
            self._cells[text] = cell
            for name in names_in(expression):
                self._dependents[name].append(cell)
        return self._cells[text].array

    def assignment(self, name: str, expression: ast.expr) -> Callable[[], object]:
        """Return a call that executes ``name = expression``."""
        return partial(self.assign, name, _compiled(expression))

    def assign(self, name: str, expression: Expression) -> None:
        """Set a number to the value of ``expression``."""
        self.set(name, self._value(expression))

    def evaluate(self, expression: ast.expr) -> float:
        """The value of an expression with the current numbers; it may call NumPy's functions.

        Raises SyntaxError for anything but arithmetic of numbers and ``RATE_FUNCTIONS``.
        """
        checked = _rate_expression(expression)
        with np.errstate(all="ignore"):
            return self._value(checked)

    def evaluate_over(self, expression: ast.expr, name: str, values: NDArray[Any]) -> NDArray[Any]:
        """The values of an expression where the number ``name`` has all of ``values``, (n,).

        Raises SyntaxError as ``evaluate`` does.
        """
        if not is_rate_expression(expression):
            raise SyntaxError(f"unsupported expression {ast.unparse(expression)!r}")
        named = {**self.values, name: values}
        with np.errstate(all="ignore"):
            try:
                found = eval(_code(ast.unparse(expression)), _GLOBALS, named)
            except (ZeroDivisionError, OverflowError, TypeError):
                found = np.nan
        return np.broadcast_to(np.asarray(found, np.float64), values.shape)

    def dependents(self, name: str) -> tuple[Cell, ...]:
        """The 0-d arrays that depend on a number."""
        return tuple(self._dependents.get(name, ()))

    def _refresh(self, cell: Cell) -> None:
        cell.array[...] = self._value(cell.expression)

    def _value(self, expression: Expression) -> float:
        try:
            return float(eval(expression.code, _GLOBALS, self.values))
        except (ZeroDivisionError, OverflowError, TypeError):  # complex numbers are no floats
            return float("nan")  # as in NumPy: the run diverges, which is reported


@lru_cache(maxsize=64)
def _rate_expression(tree: ast.expr) -> Expression:
    """Compile the expression of a learning rate, which is evaluated in every epoch."""
    if not is_rate_expression(tree):
        raise SyntaxError(f"unsupported expression {ast.unparse(tree)!r}")
    return Expression(tree, _code(ast.unparse(tree)))


def is_rate_expression(tree: ast.expr) -> bool:
    """Whether an expression is arithmetic of numbers, π and ``RATE_FUNCTIONS``."""
    return _is_arithmetic(tree, RATE_FUNCTIONS)


_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)


def _compiled(tree: ast.expr) -> Expression:
    """Compile an expression. Raises SyntaxError for anything but arithmetic of numbers."""
    if not _is_arithmetic(tree):
        raise SyntaxError(f"unsupported expression {ast.unparse(tree)!r}")
    return Expression(tree, _code(ast.unparse(tree)))


def _is_arithmetic(node: ast.expr, functions: tuple[str, ...] = ()) -> bool:
    # Lines may come from strangers: what is evaluated is checked here once more.
    match node:
        case ast.Name(id="np"):
            return False
        case ast.Constant(value=int() | float()) | ast.Name():
            return True
        case ast.UnaryOp(op=ast.USub()):
            return _is_arithmetic(node.operand, functions)
        case ast.BinOp() if isinstance(node.op, _OPERATORS):
            return all(_is_arithmetic(side, functions) for side in (node.left, node.right))
        case ast.Attribute(value=ast.Name(id="np"), attr="pi"):
            return bool(functions)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name), keywords=[]):
            return name in functions and all(_is_arithmetic(a, functions) for a in node.args)
    return False


@lru_cache(maxsize=1024)
def _code(text: str) -> CodeType:
    return compile(text, "<scalar>", "eval")
