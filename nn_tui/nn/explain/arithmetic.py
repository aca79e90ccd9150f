"""The arithmetic of one element of a line's result, with its numbers.

The syntax tree of the line is evaluated for a single element: ``l1 = sigmoid(l0 @ W0)`` at
``[0, 2]`` is the term ``sigmoid(l0[0,0]·W0[0,2] + l0[0,1]·W0[1,2] + …)``. Numbers have
enough digits for the displayed arithmetic to give the displayed result.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from types import CodeType
from typing import Any

import numpy as np

from nn_tui.nn.explain import expression_tree as terms
from nn_tui.nn.explain.dependencies import Index, align_index, is_reduction, shape_of, source_cells
from nn_tui.nn.explain.expression_tree import ALL_DIGITS, Pieces, Term, significant_digits
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.syntax import Function, parse_line, target_name

_BINARY: dict[type[ast.operator], tuple[str, int, Callable[[Any, Any], Any]]] = {
    ast.Add: (" + ", terms.SUM, np.add),
    ast.Sub: (" - ", terms.SUM, np.subtract),
    ast.Mult: ("·", terms.PRODUCT, np.multiply),
    ast.Div: (" / ", terms.PRODUCT, np.divide),
    ast.Pow: (" ** ", terms.POWER, np.power),
}
_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Gt: (" > ", np.greater),
    ast.GtE: (" >= ", np.greater_equal),
    ast.Lt: (" < ", np.less),
}
_DIGITS = (3, 4, 5, 6, 8, 10, 12, 15, ALL_DIGITS)
_LEAST, _MOST = 3, 7
"""Digits of a result."""
_MOST_DECIMALS = 12


@dataclass(frozen=True)
class CellArithmetic:
    """The equation ``target`` = ``names`` = ``numbers`` = ``evaluated`` = ``result``.

    ``numbers`` have enough digits to give ``result``. In ``evaluated``, every operand is a
    single number, such as the pre-activation or the change of a weight; it is empty where
    there is no such intermediate step.
    """

    target: str
    names: Pieces
    numbers: Pieces
    evaluated: Pieces
    result: str


@np.errstate(all="ignore")
def cell_arithmetic(
    walk: StepDebugger, index: tuple[int, ...], most: int = 8, sample: int = 0
) -> CellArithmetic:
    """Return the arithmetic of element ``index`` of the last executed line.

    Of a longer sum, ``most`` terms are written, including that of ``sample`` in a sum over
    samples, and the combined value of the others.
    """
    line = walk.line
    statement = parse_line(line.code)
    values = walk.values()
    maker = _TermBuilder(values, walk.functions, most, sample)
    term = maker.term(statement.value, align_index(index, shape_of(statement.value, values)))
    name = target_name(statement)
    result = float(np.asarray(walk.result)[index])
    least = _LEAST
    if isinstance(statement, ast.AugAssign):
        before = maker.number(name, index)
        term = terms.Operation(*_BINARY[type(statement.op)], before, term)
        least = _digits_showing_change(float(np.asarray(values[name])[index]), result)
    digits, kept, text = _fitting_digits(term, result, least)
    digits, worked = _evaluated_operands(term, digits, kept, text)
    return CellArithmetic(_label(name, index), term.pieces(None), term.pieces(digits), worked, text)


class _TermBuilder:
    """Builds the terms of expressions over ``values``."""

    def __init__(
        self,
        values: Mapping[str, Any],
        functions: Mapping[str, Function],
        most: int,
        sample: int,
    ) -> None:
        self.values = values
        self.functions = functions
        self.most = max(3, most)
        self.sample = sample

    def term(self, node: ast.expr, index: Index) -> Term:
        """Return the element of ``node`` at ``index``, a vector if the index has None."""
        if isinstance(node, ast.Constant):
            return terms.Literal(ast.unparse(node), float(ast.literal_eval(node)))
        if isinstance(node, ast.Name):
            return self.number(node.id, index)
        if isinstance(node, ast.Attribute) and node.attr == "pi":
            return terms.Literal("π", np.pi)
        inner = source_cells(node, index, self.values)
        match node:
            case ast.BinOp(op=ast.MatMult()):
                left_shape = shape_of(node.left, self.values)
                over_samples = isinstance(node.left, ast.Attribute) or len(left_shape) == 1
                keep = self.sample if over_samples else None
                return terms.SumTerm(self._folded(inner, left_shape[-1:], keep, np.sum))
            case ast.Call(func=ast.Attribute(attr="vdot")):
                shape = shape_of(node.args[0], self.values)
                keep = int(np.prod(shape[1:])) * self.sample
                return terms.SumTerm(self._folded(inner, shape, keep, np.sum))
            case ast.Call(func=ast.Attribute(attr=name)) if is_reduction(node):
                return self._reduction(name, inner)
        return self._elementwise(node, [self.term(*source) for source in inner])

    def number(self, name: str, index: Index) -> Term:
        """Return the element of ``name`` at ``index``."""
        place = tuple(slice(None) if i is None else i for i in index)
        value = np.asarray(self.values[name])[place]
        number = float(value) if value.ndim == 0 else value.astype(np.float64)
        return terms.NumberTerm(_label(name, index), number)

    def _elementwise(self, node: ast.expr, operands: list[Term]) -> Term:
        match node:
            case ast.Attribute(attr="T"):
                return operands[0]
            case ast.UnaryOp(op=ast.USub()):
                return terms.Negative(operands[0])
            case ast.BinOp(op=sign):
                return terms.Operation(*_BINARY[type(sign)], *operands)
            case ast.Compare(ops=[sign]):
                word, work = _COMPARE[type(sign)]
                return terms.Operation(word, terms.COMPARISON, work, *operands)
            case ast.Call(func=ast.Name(id=name)):
                work = partial(_evaluate_body, self.functions[name].body)
                return terms.CallTerm(name, work, tuple(operands))
            case ast.Call(func=ast.Attribute(attr=name)):
                return terms.CallTerm(name, getattr(np, name), tuple(operands))
        raise SyntaxError(f"unsupported expression {ast.unparse(node)!r}")

    def _reduction(self, name: str, inner: list[tuple[ast.expr, Index]]) -> Term:
        ((operand, index),) = inner
        shape = shape_of(operand, self.values)
        lengths = tuple(n for n, i in zip(shape, index, strict=True) if i is None)
        keep = self.sample * lengths[-1] if len(lengths) == len(shape) > 1 else None
        if name == "max":
            return terms.CallTerm("max", _largest, self._folded(inner, lengths, keep, np.max))
        return terms.SumTerm(self._folded(inner, lengths, keep, np.sum))

    def _folded(
        self,
        inner: list[tuple[ast.expr, Index]],
        lengths: tuple[int, ...],
        keep: int | None,
        combine: Callable[[Any], Any],
    ) -> tuple[Term, ...]:
        """Return the products of all elements of ``inner``, the omitted ones joined by ``combine``.

        ``lengths`` are the lengths of the axes where the indices of ``inner`` are None.
        """
        count = int(np.prod(lengths))
        chosen = _chosen_terms(count, self.most, keep)
        made: list[Term] = []
        exact = None
        for before, k in pairwise([-1, *chosen]):
            if k > before + 1:
                if exact is None:
                    exact = self._all(inner, lengths)
                made.append(
                    terms.ElidedTerms(k - before - 1, float(combine(exact[before + 1 : k])))
                )
            place = tuple(int(i) for i in np.unravel_index(k, lengths))
            made.append(self._product(inner, place))
        return tuple(made)

    def _all(self, inner: list[tuple[ast.expr, Index]], lengths: tuple[int, ...]) -> Any:
        values = self._product(inner, (None,) * len(lengths)).evaluate(None)
        return np.broadcast_to(values, lengths).reshape(-1)

    def _product(self, inner: list[tuple[ast.expr, Index]], place: Index) -> Term:
        factors = []
        for operand, index in inner:
            rest = iter(place)
            factors.append(self.term(operand, tuple(next(rest) if i is None else i for i in index)))
        if len(factors) == 1:
            return factors[0]
        return terms.Operation(*_BINARY[ast.Mult], *factors)


def _chosen_terms(count: int, most: int, keep: int | None) -> list[int]:
    """Return which of ``count`` terms to write: the first ones, the last, and ``keep``."""
    if count <= most + 1:
        return list(range(count))
    chosen = {*range(most - 1), count - 1}
    if keep is not None and keep not in chosen:
        chosen = {*range(most - 2), count - 1, keep}
    # A single omitted term takes less space than its ellipsis.
    alone = {k + 1 for k in chosen if k + 2 in chosen and k + 1 not in chosen}
    return sorted(chosen | alone)


def _digits_showing_change(before: float, after: float) -> int:
    """Return the number of digits that shows a change, within limits."""
    for digits in range(_LEAST, _MOST):
        if before == after or significant_digits(before, digits) != significant_digits(
            after, digits
        ):
            return digits
    return _LEAST


def _fitting_digits(term: Term, result: float, wanted: int) -> tuple[int, int, str]:
    """Return the digits of ``term``, those of ``result`` computed from it, and ``result``.

    ``result`` has ``wanted`` digits, or fewer where ``term`` does not reproduce that many; 0
    means that it is rounded to decimals instead.
    """
    made = {digits: float(term.evaluate(digits)) for digits in _DIGITS}
    for kept in range(wanted, 0, -1):
        text = significant_digits(result, kept)
        for digits, value in made.items():
            if _same_number(significant_digits(value, kept), text):
                return digits, kept, text
    # Cancellation of large terms in single precision: show only the common decimals.
    for decimals in range(_MOST_DECIMALS, -1, -1):
        text = f"{result:.{decimals}f}"
        if float(text) == float(f"{made[ALL_DIGITS]:.{decimals}f}"):
            return ALL_DIGITS, 0, text
    return ALL_DIGITS, 0, significant_digits(result)


def _evaluated_operands(term: Term, digits: int, kept: int, text: str) -> tuple[int, Pieces]:
    """Return ``term`` with its operands evaluated, and the digits to write ``term`` with.

    The written ``term`` gives the written operands, and these give ``text``, a result of
    ``kept`` digits. Empty where no number of digits does that.
    """
    partly, compound = terms.evaluate_operands(term)
    if not compound or not kept:
        return digits, ()
    fitting = [
        d
        for d in _DIGITS
        if _same_number(significant_digits(float(partly.evaluate(d)), kept), text)
    ]
    for more in _DIGITS[_DIGITS.index(digits) :]:
        if not _same_number(significant_digits(float(term.evaluate(more)), kept), text):
            continue
        written = [(float(operand.evaluate(more)), value) for operand, value in compound]
        for few in fitting:
            if all(
                _same_number(significant_digits(one, few), significant_digits(value, few))
                for one, value in written
            ):
                return more, partly.pieces(few)
    return digits, ()


def _same_number(one: str, other: str) -> bool:
    return one == other or float(one) == float(other)


def _label(name: str, index: Index) -> str:
    places = ",".join("" if i is None else str(i) for i in index)
    return f"{name}[{places}]" if places else name


def _largest(*values: Any) -> Any:
    return max(values)


def _evaluate_body(body: str, x: Any) -> Any:
    return eval(_compiled(body), {"np": np, "x": x})


@lru_cache(maxsize=64)
def _compiled(body: str) -> CodeType:
    return compile(body, "<function>", "eval")
