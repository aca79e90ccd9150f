"""Whether an expression of the forward pass lets samples depend on each other.

A prediction is made for any rows, so one that depends on the other rows would not be what
training computed: ``l0 / np.abs(l0).max()`` is such an expression, with ``axis=1`` it is not.
"""

import ast
from collections.abc import Container, Mapping

from nn_tui.nn.line_grammar import LineError, parse_expression
from nn_tui.nn.syntax import Function


def refuse_mixing(text: str, parameters: Container[str], functions: Mapping[str, Function]) -> None:
    """Raise LineError where ``text`` combines samples, itself or in a function that it calls.

    ``parameters`` are the names that are not arrays of samples.
    """
    for node in ast.walk(parse_expression(text)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in functions:
                if mixes_samples(functions[name].body):
                    raise _error(node, f"{name} mixes samples")
            case ast.expr() if _mixes(node, parameters):
                raise _error(node, "this mixes samples")


def mixes_samples(body: str) -> bool:
    """Whether the body of a function combines the rows of its ``x``."""
    return any(_mixes(node, ()) for node in ast.walk(parse_expression(body)))


def _error(node: ast.expr, what: str) -> LineError:
    reason = "a prediction would depend on the rows beside it; use .sum(axis=1) or .max(axis=1)"
    return LineError(f"{what}: {reason}", node.col_offset, node.end_col_offset or 0)


def _mixes(node: ast.AST, parameters: Container[str]) -> bool:
    match node:
        case ast.Attribute(attr="T", value=inner):
            return _has_samples(inner, parameters)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name)):
            return name == "vdot" and any(_has_samples(a, parameters) for a in node.args)
        case ast.Call(func=ast.Attribute(value=inner, attr="sum" | "max")):
            axes = [k.value for k in node.keywords if k.arg == "axis"]
            rows_stay = any(isinstance(axis, ast.Constant) and axis.value == 1 for axis in axes)
            return not rows_stay and _has_samples(inner, parameters)
    return False


def _has_samples(node: ast.expr, parameters: Container[str]) -> bool:
    called = [n.func for n in ast.walk(node) if isinstance(n, ast.Call)]
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    return any(
        n.id != "np" and n.id not in parameters and not any(n is f for f in called) for n in names
    )
