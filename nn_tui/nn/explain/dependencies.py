"""Dependencies: the elements of its operands that an element of an expression depends on.

An index is a tuple with a position for each axis, or None for the whole axis: element
``[0, 2]`` of ``l0 @ W0`` depends on ``l0[0, None]`` and ``W0[None, 2]``.
"""

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np

from nn_tui.nn.syntax import parse_line, target_name

Index = tuple[int | None, ...]
Shape = tuple[int, ...]


def shape_of(node: ast.expr, values: Mapping[str, Any]) -> Shape:
    """Return the shape of an expression; ``values`` maps its names to arrays and numbers."""
    match node:
        case ast.Constant() | ast.Attribute(attr="pi"):
            return ()
        case ast.Name(id=name):
            return np.shape(values[name])
        case ast.Attribute(attr="T"):
            return shape_of(node.value, values)[::-1]
        case ast.BinOp(op=ast.MatMult()):
            return shape_of(node.left, values)[:-1] + shape_of(node.right, values)[1:]
        case ast.Call(func=ast.Attribute(attr="vdot")):
            return ()
        case ast.Call(func=ast.Attribute(value=reduced)) if is_reduction(node):
            axis, keepdims = _options(node)
            shape = np.empty(shape_of(reduced, values), bool)
            return shape.any(axis=axis, keepdims=keepdims).shape
    shapes = [shape_of(operand, values) for operand in _operands(node)]
    return np.broadcast_shapes(*shapes)


def source_cells(
    node: ast.expr, index: Index, values: Mapping[str, Any]
) -> list[tuple[ast.expr, Index]]:
    """Return the operands of an expression and the index into each for element ``index``."""
    match node:
        case ast.Constant() | ast.Name() | ast.Attribute(attr="pi"):
            return []
        case ast.Attribute(attr="T"):
            return [(node.value, index[::-1])]
        case ast.BinOp(op=ast.MatMult()):
            rows, columns = len(shape_of(node.left, values)) - 1, index[-1:]
            return [(node.left, (*index[:rows], None)), (node.right, (None, *columns))]
        case ast.Call(func=ast.Attribute(attr="vdot")):
            return [(o, (None,) * len(shape_of(o, values))) for o in node.args]
        case ast.Call(func=ast.Attribute(value=reduced)) if is_reduction(node):
            axis, _ = _options(node)
            shape = shape_of(reduced, values)
            along = [None if axis in (None, i) else index[i] for i in range(len(shape))]
            return [(reduced, tuple(along))]
    return [(o, align_index(index, shape_of(o, values))) for o in _operands(node)]


def cell_dependencies(
    code: str, index: Index, values: Mapping[str, Any]
) -> list[tuple[str, Index]]:
    """Return the elements that a line reads for element ``index`` of its result."""
    statement = parse_line(code)
    found: list[tuple[str, Index]] = []

    def visit(node: ast.expr, index_here: Index) -> None:
        if isinstance(node, ast.Name):
            found.append((node.id, index_here))
        for operand, operand_index in source_cells(node, index_here, values):
            visit(operand, operand_index)

    visit(statement.value, align_index(index, shape_of(statement.value, values)))
    if isinstance(statement, ast.AugAssign):
        found.append((target_name(statement), index))
    return list(dict.fromkeys(found))


def align_index(index: Index, shape: Shape) -> Index:
    """Return the index into an array of ``shape`` that broadcasting maps to ``index``."""
    own = index[len(index) - len(shape) :]
    pairs = zip(own, shape, strict=True)
    return tuple(0 if size == 1 and i is not None else i for i, size in pairs)


def is_reduction(node: ast.expr) -> bool:
    """Return whether a node is a reduction method such as ``.sum(axis=1)``."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"))):
            return False
        case ast.Call(func=ast.Attribute()):
            return True
    return False


def _options(node: ast.Call) -> tuple[int | None, bool]:
    options = {k.arg: ast.literal_eval(k.value) for k in node.keywords}
    return options.get("axis"), options.get("keepdims", False)


def _operands(node: ast.expr) -> list[ast.expr]:
    """Return the operands of an element-wise expression."""
    match node:
        case ast.UnaryOp():
            return [node.operand]
        case ast.BinOp():
            return [node.left, node.right]
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.Call():
            return node.args
    raise SyntaxError(f"unsupported expression {ast.unparse(node)!r}")
