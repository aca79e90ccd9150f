"""Changes of the lines of a step: how they are written and applied.

A line is named by what it writes and how: ``l1_delta`` for ``l1_delta = …``, ``W1 +=`` for
``W1 += …``. A change is an expression in place of the right side, with the operator in front
where that changes too (``-= learning_rate * …``); ``?`` is a blank, and an empty text leaves
the line out. ``after l1_error`` names lines that follow a line.
"""

import ast
import re
from collections.abc import Mapping

Change = str | tuple[str, ...]
Changes = tuple[tuple[str, Change], ...]
"""Pairs of the name of a line and its change, sorted."""

BLANK = "?"
AFTER = "after "
_LINE = re.compile(r"\s*([A-Za-z_]\w*)\s*([-+*/]?=)(?!=)\s*(.*?)\s*", re.DOTALL)
_OPERATOR = re.compile(r"\s*([-+*/]?=)(?!=)\s*(.*)", re.DOTALL)
_FORWARD = re.compile(r"[lz]\d+(_total)?")


def split_line(code: str) -> tuple[str, str, str] | None:
    """The name that a line writes, its operator and its right side; None for no assignment."""
    found = _LINE.fullmatch(code)
    return (found[1], found[2], found[3]) if found else None


def line_name(code: str) -> str:
    """The name of a line of the step, as changes name it."""
    target, operator, *_ = code.split(" ", 2)
    return target if operator == "=" else f"{target} {operator}"


def changed_line(code: str, change: str) -> str:
    """The line ``code`` with ``change`` in place of its right side."""
    target, operator, *_ = code.split(" ", 2)
    found = _OPERATOR.fullmatch(change)
    if found:
        operator, change = found[1], found[2]
    return own_array(f"{target} {operator} {change.strip()}")


def own_array(code: str) -> str:
    """``code``, with a copy where it would be a second name of the same array.

    In NumPy, ``a = b`` and then ``a *= 2`` changes ``b`` too.
    """
    code = code.strip()
    try:
        (statement,) = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code  # what is wrong is said elsewhere
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            of = value.value if isinstance(value, ast.Attribute) and value.attr == "T" else value
            if isinstance(of, ast.Name):
                return f"{name} = {ast.unparse(value)}.copy()"
    return code


def names_something(change: str) -> bool:
    """Whether a change keeps the operator ``=``."""
    return _OPERATOR.fullmatch(change) is None


def change_of(code: str, typed: str) -> str | None:
    """The change that makes the line ``code`` of the step the ``typed`` one.

    It is None where nothing differs. Raises ValueError where ``typed`` writes another name.
    """
    parts, (target, operator, _) = split_line(typed), code.split(" ", 2)
    if parts is None or parts[0] != target:
        raise ValueError(f"this line must write {target}: {target} {operator} …")
    if f"{parts[0]} {parts[1]} {parts[2]}" == code:
        return None
    if parts[1] == operator:
        return parts[2]
    return f"{parts[1]} {parts[2]}"


def is_forward(name: str) -> bool:
    """Whether the line of that name is one of the forward pass."""
    return _FORWARD.fullmatch(name.removeprefix(AFTER).split(" ")[0]) is not None


def is_blank_line(code: str) -> bool:
    """Whether a line is a blank."""
    parts = split_line(code)
    return parts is not None and parts[2] == BLANK


def forward_changes(changes: Changes) -> Changes:
    """The changes of the forward pass."""
    return tuple(entry for entry in changes if is_forward(entry[0]))


def sorted_changes(changes: Mapping[str, Change]) -> Changes:
    """The changes as they are stored."""
    return tuple(sorted(changes.items()))
