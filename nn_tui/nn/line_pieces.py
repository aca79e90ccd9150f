"""The lines of a step in pieces between which an array can be changed.

A forward line whose pre-activation has no name, ``l1 = sigmoid(l0 @ W0)``, is two pieces:
``z1 = l0 @ W0`` and ``l1 = sigmoid(z1)``.
"""

import ast
from dataclasses import dataclass
from functools import cached_property

from nn_tui.nn.compiler import Call
from nn_tui.nn.step import Step, StepLine
from nn_tui.nn.syntax import parse_line, target_name
from nn_tui.nn.update_statements import RATE_LINE


@dataclass(frozen=True, eq=False)
class LinePiece:
    """A line, or one of the two parts of a forward line whose pre-activation has no name."""

    line: int
    phase: str
    code: str
    calls: tuple[Call, ...]

    @cached_property
    def writes(self) -> str:
        return target_name(parse_line(self.code))

    @property
    def augments(self) -> bool:
        return isinstance(parse_line(self.code), ast.AugAssign)

    def run(self) -> None:
        for call in self.calls:
            call()


def line_pieces(step: Step) -> list[LinePiece]:
    """The pieces of all lines of ``step``, in their order; that of a schedule does nothing."""
    pieces = []
    for number, line in enumerate(step.lines):
        parts = _named_preactivation(line) if line.phase == "forward" else None
        if parts is None:
            calls = () if line.writes == RATE_LINE else line.calls
            pieces.append(LinePiece(number, line.phase, line.code, calls))
            continue
        for code in parts:
            calls = step.compile_lines([code])
            pieces.append(LinePiece(number, line.phase, code, calls))
    return pieces


def is_weighted_sum(code: str) -> bool:
    """Whether a line assigns ``l0 @ W0`` or ``l0 @ W0 + b0``, and no function of it."""
    return _weighted_sum(parse_line(code).value) is not None


def _named_preactivation(line: StepLine) -> tuple[str, str] | None:
    """``l1 = f(l0 @ W0)`` as ``z1 = l0 @ W0`` and ``l1 = f(z1)``; None for any other form."""
    statement = parse_line(line.code)
    name = target_name(statement)
    if not isinstance(statement, ast.Assign) or not name[1:].isdecimal() or name[0] != "l":
        return None
    found = [node for node in ast.walk(statement.value) if _weighted_sum(node) is not None]
    outer = [node for node in found if not any(node is not o and _holds(o, node) for o in found)]
    if len(outer) != 1 or outer[0] is statement.value:
        return None
    inner, z = ast.unparse(outer[0]), f"z{name[1:]}"
    whole = ast.unparse(statement.value)
    if whole.count(inner) != 1:
        return None
    return f"{z} = {inner}", f"{name} = {whole.replace(inner, z)}"


def _holds(outer: ast.AST, inner: ast.AST) -> bool:
    return any(node is inner for node in ast.walk(outer))


def _weighted_sum(node: ast.AST) -> str | None:
    """The weights of ``l0 @ W0`` or ``l0 @ W0 + b0``; None for any other expression."""
    match node:
        case ast.BinOp(left=ast.Name(), op=ast.MatMult(), right=ast.Name(id=name)):
            return name if name[0] == "W" else None
        case ast.BinOp(left=left, op=ast.Add(), right=ast.Name(id=name)) if name[0] == "b":
            return _weighted_sum(left)
    return None
