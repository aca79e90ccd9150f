"""What a line of code says, before it is compiled: names, functions, syntax tree."""

import ast
from functools import lru_cache
from typing import NamedTuple


class Function(NamedTuple):
    """A function of one array that lines may call by name, such as ``sigmoid(x)``."""

    name: str
    body: str
    """An expression in ``x``."""


@lru_cache(maxsize=4096)
def parse_line(code: str) -> ast.Assign | ast.AugAssign:
    """The syntax tree of one assignment.

    Raises SyntaxError if ``code`` is anything else.
    """
    (statement,) = ast.parse(code).body
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        raise SyntaxError(f"not an assignment: {code}")
    return statement


@lru_cache(maxsize=256)
def parse_body(body: str) -> ast.expr:
    """The syntax tree of a function's body."""
    return ast.parse(body, mode="eval").body


def target_name(statement: ast.Assign | ast.AugAssign) -> str:
    """The name that an assignment writes."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    assert isinstance(target, ast.Name)
    return target.id


def names_read(code: str) -> tuple[str, ...]:
    """The variables a line reads, in order of appearance (functions and ``np`` are none)."""
    statement = parse_line(code)
    functions = functions_called(code)
    names = [node for node in ast.walk(statement.value) if isinstance(node, ast.Name)]
    names.sort(key=lambda node: node.col_offset)
    seen = dict.fromkeys(node.id for node in names if node.id not in functions and node.id != "np")
    if isinstance(statement, ast.AugAssign):
        seen.setdefault(target_name(statement))
    return tuple(seen)


def names_transposed(code: str) -> set[str]:
    """The arrays that a line reads as their transpose, and only so, such as ``W1.T``."""
    nodes = list(ast.walk(parse_line(code).value))
    inner = [
        n.value
        for n in nodes
        if isinstance(n, ast.Attribute) and n.attr == "T" and isinstance(n.value, ast.Name)
    ]
    plain = {n.id for n in nodes if isinstance(n, ast.Name) and not any(n is i for i in inner)}
    return {name.id for name in inner} - plain


def functions_called(code: str) -> set[str]:
    """The functions, such as ``sigmoid``, that a line calls by name."""
    return {
        node.func.id
        for node in ast.walk(parse_line(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
