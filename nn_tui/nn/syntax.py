"""Parsing lines of code: syntax trees, names and functions."""

import ast
from functools import lru_cache
from typing import NamedTuple


class Function(NamedTuple):
    """A helper function of one array that lines may call, such as ``sigmoid(x)``."""

    name: str
    body: str
    """An expression in ``x``."""


@lru_cache(maxsize=4096)
def parse_line(code: str) -> ast.Assign | ast.AugAssign:
    """Return the syntax tree of an assignment. Raises SyntaxError for anything else."""
    (statement,) = ast.parse(code).body
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        raise SyntaxError(f"not an assignment: {code}")
    return statement


@lru_cache(maxsize=256)
def parse_body(body: str) -> ast.expr:
    """Return the syntax tree of a function's body."""
    return ast.parse(body, mode="eval").body


@lru_cache(maxsize=4096)
def names_in(node: ast.expr) -> frozenset[str]:
    """Return all names in an expression, of variables and of functions."""
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))


@lru_cache(maxsize=4096)
def has_call(node: ast.expr) -> bool:
    """Whether an expression calls a function."""
    return any(isinstance(n, ast.Call) for n in ast.walk(node))


def target_name(statement: ast.Assign | ast.AugAssign) -> str:
    """Return the name that an assignment writes."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    assert isinstance(target, ast.Name)
    return target.id


def names_read(code: str) -> tuple[str, ...]:
    """Return the variables that a line reads, in order of appearance."""
    statement = parse_line(code)
    functions = functions_called(code)
    names = [node for node in ast.walk(statement.value) if isinstance(node, ast.Name)]
    names.sort(key=lambda node: node.col_offset)
    seen = dict.fromkeys(node.id for node in names if node.id not in functions and node.id != "np")
    if isinstance(statement, ast.AugAssign):
        seen.setdefault(target_name(statement))
    return tuple(seen)


def names_transposed(code: str) -> set[str]:
    """Return the arrays that a line reads only transposed, such as ``W1.T``."""
    nodes = list(ast.walk(parse_line(code).value))
    inner = [
        n.value
        for n in nodes
        if isinstance(n, ast.Attribute) and n.attr == "T" and isinstance(n.value, ast.Name)
    ]
    plain = {n.id for n in nodes if isinstance(n, ast.Name) and not any(n is i for i in inner)}
    return {name.id for name in inner} - plain


def functions_called(code: str) -> set[str]:
    """Return the helper functions, such as ``sigmoid``, that a line calls."""
    return {
        node.func.id
        for node in ast.walk(parse_line(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
