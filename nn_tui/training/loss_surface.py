"""The training loss at any parameters, and along a single one, apart from a running loop."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nn_tui.nn.architecture import views
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from nn_tui.training import model_builder
from nn_tui.training.evaluator import Evaluator
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

_MOST_WORK = 50_000_000
"""Samples times weights up to which a gradient is computed that the snapshot does not have."""
_STRIDES = (16, 8, 4, 2, 1)
"""Points of a curve are computed in passes, each between those of the last."""
_WIDEST = 4.0
"""Half of the range of a curve, in multiples of the largest weight beside it."""


class LossSurface:
    """The loss of a snapshot's network over all training samples, in arrays of its own.

    It is that of the snapshot's recipe, changed lines, class weights and label smoothing
    included, without regularization, in the run's dtype. A surface serves one thread at a time.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        recipe, dataset, network = snapshot.recipe, snapshot.dataset, snapshot.network
        rule = replace(
            model_builder.build_learning_rule(recipe),
            class_weights=model_builder.class_weights(recipe, dataset, network),
            smoothing=model_builder.label_smoothing(recipe, dataset, network),
        )
        scalars, dtype = model_builder.scalar_values(recipe), recipe.network.dtype
        self._state = State(network, rule, snapshot.parameters, scalars, dtype)
        rows = slice(dataset.train_count)
        inputs = np.ascontiguousarray(dataset.inputs[rows], dtype)
        targets = model_builder.targets(recipe, dataset, network)[rows]
        self._samples = inputs, np.ascontiguousarray(targets, dtype)
        self._evaluator = Evaluator(self._state, *self._samples)

    def at(self, parameters: Array) -> float:
        """The mean loss at flat ``parameters`` (parameter_count,)."""
        with np.errstate(all="ignore"):
            self._state.parameters[...] = parameters
            self._evaluator.run()
            return self._evaluator.loss()

    def gradient(self, parameters: Array) -> Array | None:
        """The gradient (parameter_count,) that the step's lines give; None if it takes long.

        It is summed or averaged over all training samples, as the learning rule says.
        """
        network = self._state.network
        if len(self._samples[0]) * network.weight_count > _MOST_WORK:
            return None
        rule: LearningRule = replace(self._state.rule, carry=False)
        scalars = {**self._state.scalars.values, "clip_norm": 1e30}  # as it is without clipping
        state = State(network, rule, parameters, scalars, self._state.dtype)
        step = Step(state, *self._samples, Workspace(state, len(self._samples[0])))
        with np.errstate(all="ignore"):
            for call in (*step.forward_calls, *step.backward_calls):
                call()
            found: Array = 0.0 - state.arrays["descent"]
        return found


@dataclass(frozen=True, eq=False)
class WeightSlice:
    """The loss along one weight or bias, with all others as they are in ``snapshot``.

    ``losses`` (points,) at ascending ``values`` (points,), and ``loss`` at the weight's own
    ``value``, are means, or with the reduction ``sum`` sums over the training samples, as the
    ``gradient`` is: the slope of the curve there, as backpropagation gives it; None if unknown.
    """

    snapshot: Snapshot
    name: str
    index: tuple[int, ...]
    ends: tuple[float, float]
    values: Array
    losses: Array
    value: float
    loss: float
    gradient: float | None

    @property
    def minimum(self) -> tuple[float, float] | None:
        """Value and loss of the lowest point; None if no loss is finite."""
        known = np.flatnonzero(np.isfinite(self.losses))
        if not len(known):
            return None
        lowest = known[self.losses[known].argmin()]
        return float(self.values[lowest]), float(self.losses[lowest])


def slice_range(weights: Array, value: float) -> tuple[float, float]:
    """The range of a curve around ``value``, one of the ``weights`` of a matrix.

    It moves in steps, so that a curve stays while its weight is trained.
    """
    largest = float(np.nan_to_num(np.abs(weights), posinf=1e300).max(initial=0.0))
    half = 2.0 ** np.ceil(np.log2(np.clip(_WIDEST * largest, 1.0, 1e300)))
    middle = np.round(np.nan_to_num(np.clip(value, -1e300, 1e300)) / half * 4) / 4 * half
    return float(middle - half), float(middle + half)


def slice_along(
    snapshot: Snapshot, name: str, index: tuple[int, ...], points: int
) -> Iterator[WeightSlice]:
    """Compute the loss at ``points`` values of a weight, more of them with every step."""
    surface, network = LossSurface(snapshot), snapshot.network
    scale = 1 if snapshot.recipe.training.reduction == "mean" else snapshot.dataset.train_count
    parameters = snapshot.parameters.astype(np.float64)
    weight = views(parameters, network)[name]
    value = float(weight[index])
    gradient = snapshot.gradient if snapshot.gradient_is_current else None
    if gradient is None:
        gradient = surface.gradient(snapshot.parameters)
    slope = None if gradient is None else float(views(gradient, network)[name][index])
    ends = slice_range(weight, value)
    values, losses = np.linspace(*ends, points), np.full(points, np.nan)
    computed = np.zeros(points, bool)
    loss = scale * surface.at(parameters)
    for stride in _STRIDES:
        for place in {*range(0, points, stride), points - 1} - {*np.flatnonzero(computed)}:
            weight[index] = values[place]
            losses[place] = scale * surface.at(parameters)
            computed[place] = True
        known = values[computed], losses[computed]
        yield WeightSlice(snapshot, name, index, ends, *known, value, loss, slope)
