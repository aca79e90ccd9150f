"""Gradient check: the derivatives that the lines of a step compute, against differences.

The loss line is moved numerically: a parameter, or an intermediate result in the middle of
the forward pass, is changed by a small step, the lines after it are executed, and the loss is
read. Everything is computed in float64. The optimizer's lines are executed with learning
rate 1, without momentum, penalty and clipping, so that an update is the negative gradient.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nn_tui.nn.gradient_comparison import Comparison, GradientCheck, weights_read
from nn_tui.nn.line_pieces import is_weighted_sum, line_pieces
from nn_tui.nn.own_activations import SPACING
from nn_tui.nn.slopes import slope
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from nn_tui.types import Array

MOST_ENTRIES = 120
"""Entries compared of an array; of a larger one, so many, evenly spread."""
_FIXED_SCALARS = {
    "learning_rate": 1.0,
    "momentum": 0.0,
    "penalty_rate": 0.0,
    "clip_norm": 1e300,
}


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
        # In float64, numeric derivatives of activations can be as exact as those of the loss.
        self._network = replace(old.network, spacing=SPACING)
        rule = replace(old.rule, carry=False, pruned=False)
        self._mean = rule.mean
        values = {**old.scalars.values, **_FIXED_SCALARS}
        state = State(self._network, rule, old.parameters.astype(np.float64), values)
        l0, y = (np.array(step.arrays[name], np.float64) for name in ("l0", "y"))
        noise = {name: np.array(made, np.float64) for name, made in step.noise.items()}
        self._rows = rows
        self._step = Step(state, l0, y, Workspace(state, rows), noise=noise)
        self._arrays = self._step.arrays
        self._start = state.parameters.copy()
        self._pieces = line_pieces(self._step)
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
        return len(lines) == 1 and is_weighted_sum(lines[0])

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
        left = (
            np.ones((1, self._rows))
            if entry.name[0] == "b"
            else analytic[weights_read(analytic, layer)].T
        )
        descent = (left @ analytic[delta]).reshape(entry.analytic.shape)
        gradient = -descent / (self._rows if self._mean else 1)
        same = np.allclose(gradient, entry.analytic, rtol=1e-9, atol=0)
        return replace(entry, line=writers[-1]) if same and writers else entry
