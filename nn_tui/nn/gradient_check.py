"""Gradient check: the derivatives that the lines of a step compute, against differences.

The loss line is moved numerically: a parameter, or an intermediate result in the middle of
the forward pass, is changed by a small step, the lines after it are executed, and the loss is
read. Everything is computed in float64. The optimizer's lines are executed with learning
rate 1, without momentum and penalty, so that an update is the negative gradient.
"""

import ast
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nn_tui.nn.compiler import Call
from nn_tui.nn.slopes import slope
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, StepLine, Workspace
from nn_tui.nn.syntax import parse_line, target_name
from nn_tui.types import Array

TOLERANCE = 1e-6
"""Largest relative error, ‖a - n‖ / (‖a‖ + ‖n‖), of derivatives that agree."""
MOST_ENTRIES = 120
"""Entries compared of an array; of a larger one, so many, evenly spread."""
_FIXED_SCALARS = {"learning_rate": 1.0, "momentum": 0.0, "penalty_rate": 0.0}


@dataclass(frozen=True, eq=False)
class Comparison:
    """An array of derivatives from the lines beside the same from differences.

    ``of`` is what the loss is derived by: ``W0``, ``l1`` or the pre-activation ``z1``.
    ``analytic`` and ``numeric`` have its shape; ``numeric`` is NaN where it was not
    taken. Of a parameter they are gradients; of ``l1_error`` and ``l1_delta`` *negative*
    derivatives of the sum of the losses, as the lines compute them. ``kinks`` marks entries
    where the loss has no derivative; they are not compared. ``line`` is the index in
    ``Step.lines`` of the line that computes it.
    """

    name: str
    of: str
    line: int
    analytic: Array
    numeric: Array
    kinks: Array
    noise: float

    @property
    def is_parameter(self) -> bool:
        return self.name == self.of

    @cached_property
    def compared(self) -> Array:
        """Which entries are compared."""
        taken: Array = ~np.isnan(self.numeric) & ~self.kinks
        return taken

    @property
    def norms(self) -> tuple[float, float]:
        """‖a‖ and ‖n‖ of the compared entries."""
        a, n = self.analytic[self.compared], self.numeric[self.compared]
        return float(np.linalg.norm(a)), float(np.linalg.norm(n))

    @property
    def _distance(self) -> float:
        difference = self.analytic[self.compared] - self.numeric[self.compared]
        return float(np.linalg.norm(difference))

    @property
    def relative_error(self) -> float:
        """‖a - n‖ / (‖a‖ + ‖n‖); 0 where both are 0."""
        return self._distance / (sum(self.norms) or 1.0)

    @property
    def agrees(self) -> bool:
        """Whether it agrees to ``TOLERANCE`` and the rounding of the differences."""
        rounding = self.noise * float(np.sqrt(self.compared.sum()))
        return math.isfinite(self._distance) and (
            self._distance <= TOLERANCE * sum(self.norms) + rounding
        )

    @property
    def too_small(self) -> bool:
        """Whether both are so small that rounding hides any difference."""
        rounding = self.noise * float(np.sqrt(self.compared.sum()))
        return 0 < max(self.norms) < 10 * rounding

    @cached_property
    def agreeing(self) -> Array:
        """Which of the compared entries agree by themselves, or beside the largest."""
        size = np.abs(self.analytic) + np.abs(self.numeric)
        largest = size[self.compared].max(initial=0.0)
        allowed = TOLERANCE * np.maximum(size, 0.01 * largest) + self.noise
        close = np.abs(self.analytic - self.numeric) <= allowed
        agreeing: Array = self.compared & np.isfinite(self.analytic) & close
        return agreeing


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The result: ``parameters`` last layer first, ``intermediates`` in the order of the lines.

    ``faults`` are comparisons that differ although everything they are computed from agrees,
    in the order of their lines; the others that differ follow from them.
    """

    lines: tuple[StepLine, ...]
    rows: int
    loss: float
    parameters: tuple[Comparison, ...]
    intermediates: tuple[Comparison, ...]
    faults: tuple[Comparison, ...]
    values: dict[str, Array]
    """The arrays of the step, by name, as the lines computed them."""

    @property
    def agrees(self) -> bool:
        """Whether everything that was compared agrees."""
        return all(entry.agrees for entry in (*self.parameters, *self.intermediates))


@dataclass(frozen=True, eq=False)
class _Piece:
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


def check_gradients(
    step: Step, most: int = MOST_ENTRIES, interrupted: Callable[[], bool] = lambda: False
) -> GradientCheck | None:
    """Check the lines of ``step`` at its parameters, for its batch; ``step`` is not changed.

    At most ``most`` entries of an array are compared. Raises ValueError where the loss is not
    finite. None if ``interrupted``.
    """
    with np.errstate(all="ignore"):
        return _Check(step, most, interrupted).run()


class _Interrupted(Exception):
    pass


class _Check:
    def __init__(self, step: Step, most: int, interrupted: Callable[[], bool]) -> None:
        self._most, self._interrupted = most, interrupted
        old, rows = step.state, step.workspace.rows
        self._network = old.network
        rule = replace(old.rule, carry=False, pruned=False)
        self._mean = rule.mean
        values = {**old.scalars.values, **_FIXED_SCALARS}
        state = State(old.network, rule, old.parameters.astype(np.float64), values)
        l0, y = (np.array(step.arrays[name], np.float64) for name in ("l0", "y"))
        self._rows = rows
        self._step = Step(state, l0, y, Workspace(state, rows))
        self._arrays = self._step.arrays
        self._start = state.parameters.copy()
        self._pieces = self._split_lines()
        self._loss = next(i for i, piece in enumerate(self._pieces) if piece.writes == "loss")

    def run(self) -> GradientCheck | None:
        analytic, firsts = self._analytic()
        loss = self._loss_from(0)
        if not np.isfinite(loss):
            raise ValueError(f"the loss is {loss}; gradients can be checked where it is finite")
        try:
            compared = [*self._intermediates(analytic), *self._parameters(analytic)]
        except _Interrupted:
            return None
        parameters = tuple(entry for entry in compared if entry.is_parameter)
        intermediates = tuple(entry for entry in compared if not entry.is_parameter)
        faults = self._faults(intermediates, parameters, analytic, firsts)
        lines = self._step.lines
        return GradientCheck(lines, self._rows, loss, parameters, intermediates, faults, analytic)

    def _split_lines(self) -> list[_Piece]:
        pieces = []
        for number, line in enumerate(self._step.lines):
            parts = _named_preactivation(line) if line.phase == "forward" else None
            if parts is None:
                pieces.append(_Piece(number, line.phase, line.code, line.calls))
                continue
            for code in parts:
                calls = self._step.compile_lines([code])
                pieces.append(_Piece(number, line.phase, code, calls))
        return pieces

    # What the lines compute

    def _analytic(self) -> tuple[dict[str, Array], dict[str, Array]]:
        """All arrays after the lines, and those that several lines write after the first."""
        firsts: dict[str, Array] = {}
        for piece in self._pieces:
            piece.run()
            if piece.writes in self._arrays and piece.writes not in firsts:
                firsts[piece.writes] = self._arrays[piece.writes].copy()
        values = {name: array.copy() for name, array in self._arrays.items()}
        moved = self._step.state.parameters - self._start
        self._step.state.parameters[...] = self._start
        written = {piece.writes for piece in self._pieces}
        for name in self._network.shapes():
            if f"{name}_descent" not in written:
                values[f"{name}_descent"] = self._part(moved, name)
            values[name] = self._arrays[name].copy()
        return values, firsts

    def _part(self, flat: Array, name: str) -> Array:
        view = self._arrays[name]
        parameters = self._step.state.parameters
        start = (view.ctypes.data - parameters.ctypes.data) // parameters.itemsize
        return flat[start : start + view.size].reshape(view.shape).copy()

    # Differences

    def _loss_from(self, first: int) -> float:
        """Execute the pieces from ``first`` to the loss; return the loss."""
        for piece in self._pieces[first : self._loss + 1]:
            for call in piece.calls:
                call()
        return float(self._arrays["loss"])

    def _differences(
        self, name: str, first: int, expected: Array, factor: float
    ) -> tuple[Array, Array, float]:
        """The derivatives of ``factor`` × loss by the array ``name``, moved before ``first``.

        Returns (numeric, kinks, noise); ``expected`` are those from the lines.
        """
        array = self._arrays[name]
        for piece in self._pieces[:first]:
            piece.run()
        kept = {at: self._arrays[at].copy() for at in self._changed_in_place(first)}
        values = array.copy()
        middle = self._loss_from(first)
        numeric = np.full(array.shape, np.nan)
        kinks = np.zeros(array.shape, bool)
        noise = 0.0
        chosen = np.unique(np.linspace(0, array.size - 1, min(self._most, array.size)).astype(int))
        for place in chosen:
            if self._interrupted():
                raise _Interrupted
            index = np.unravel_index(place, array.shape)

            def moved(value: float, index: tuple[np.intp, ...] = index) -> float:
                for at, saved in kept.items():
                    self._arrays[at][...] = saved
                array[...] = values
                array[index] = value
                return self._loss_from(first)

            found = slope(moved, float(values[index]), middle, float(expected[index]) / factor)
            numeric[index] = factor * found.value
            kinks[index] = found.kink
            noise = max(noise, abs(factor) * found.noise)
        array[...] = values
        return numeric, kinks, noise

    def _changed_in_place(self, first: int) -> set[str]:
        """The arrays that pieces from ``first`` to the loss change before they assign them."""
        changed, assigned = set(), set()
        for piece in self._pieces[first : self._loss + 1]:
            if not piece.augments:
                assigned.add(piece.writes)
            elif piece.writes not in assigned:
                changed.add(piece.writes)
        return changed

    # Comparisons

    def _intermediates(self, analytic: dict[str, Array]) -> list[Comparison]:
        depth = self._network.depth
        written = [piece.writes for piece in self._pieces[: self._loss]]
        made = []
        for name in (f"l{i}_{kind}" for i in range(depth, 0, -1) for kind in ("error", "delta")):
            writers = [p.line for p in self._pieces if p.writes == name]
            if not writers:
                continue
            layer = name.split("_")[0]
            of = layer if name.endswith("error") else f"z{layer[1:]}"
            if of == f"z{layer[1:]}" and of not in written:
                of = layer if self._is_linear(layer) else ""
            if of not in written:
                continue
            # A pre-activation is moved where it is made, an output where it is finished.
            places = [i for i, at in enumerate(written) if at == of]
            first = 1 + (places[0] if of.startswith("z") else places[-1])
            found = self._differences(of, first, analytic[name], -float(self._rows))
            made.append(Comparison(name, of, writers[-1], analytic[name], *found))
        return sorted(made, key=lambda entry: entry.line)

    def _is_linear(self, layer: str) -> bool:
        lines = [p.code for p in self._pieces if p.writes == layer]
        return len(lines) == 1 and _weighted_sum(parse_line(lines[0]).value) is not None

    def _parameters(self, analytic: dict[str, Array]) -> list[Comparison]:
        made = []
        factor = 1.0 if self._mean else float(self._rows)
        for name in sorted(self._network.shapes(), key=lambda n: (-int(n[1:]), n[0] == "b")):
            gradient = 0.0 - analytic[f"{name}_descent"]
            found = self._differences(name, 0, gradient, factor)
            made.append(Comparison(name, name, self._line_of(name), gradient, *found))
        return made

    def _line_of(self, name: str) -> int:
        """The line that computes the gradient of a parameter."""
        updates = [p for p in self._pieces if p.phase == "update"]
        mine = [p for p in updates if p.writes == name or p.writes.startswith(f"{name}_")]
        layered = [p for p in mine if any(s in p.code for s in ("_delta", "_error"))]
        (chosen, *_) = layered or mine or updates or self._pieces[-1:]
        return chosen.line

    def _faults(
        self,
        intermediates: Sequence[Comparison],
        parameters: Sequence[Comparison],
        analytic: dict[str, Array],
        firsts: dict[str, Array],
    ) -> tuple[Comparison, ...]:
        faults = []
        wrong = [entry for entry in intermediates if not entry.agrees]
        if wrong:
            faults.append(self._at_writer(wrong[0], analytic, firsts))
        deltas = {entry.name: entry for entry in intermediates}
        for entry in parameters:
            if entry.agrees:
                continue
            delta = f"l{int(entry.name[1:]) + 1}_delta"
            if delta in deltas and deltas[delta].agrees:
                faults.append(entry)
            elif delta not in deltas and not wrong:
                faults.append(self._blamed(entry, delta, analytic))
        return tuple(sorted(faults, key=lambda entry: entry.line))

    def _at_writer(
        self, entry: Comparison, analytic: dict[str, Array], firsts: dict[str, Array]
    ) -> Comparison:
        """``entry`` with the line at fault, if several lines write it."""
        writers = [p.line for p in self._pieces if p.writes == entry.name]
        if len(writers) == 1:
            return entry
        weighted = firsts[entry.name] * analytic.get("sample_weight", np.ones(1))
        right = replace(entry, analytic=np.broadcast_to(weighted, entry.analytic.shape))
        return replace(entry, line=writers[-1 if right.agrees else 0])

    def _blamed(self, entry: Comparison, delta: str, analytic: dict[str, Array]) -> Comparison:
        """``entry``, with the line of ``delta`` if the gradient from it is the one computed."""
        writers = [p.line for p in self._pieces if p.writes == delta]
        layer = int(entry.name[1:])
        left = np.ones((1, self._rows)) if entry.name[0] == "b" else analytic[f"l{layer}"].T
        descent = (left @ analytic[delta]).reshape(entry.analytic.shape)
        gradient = -descent / (self._rows if self._mean else 1)
        same = np.allclose(gradient, entry.analytic, rtol=1e-9, atol=0)
        return replace(entry, line=writers[-1]) if same and writers else entry


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
