"""The gradient of the loss over many samples at any parameters, independent of a running loop."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.class_weights import ClassWeights
from nn_tui.nn.codegen import compile_replay
from nn_tui.nn.compiler import Call
from nn_tui.nn.label_smoothing import LabelSmoothing
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from nn_tui.recipe.recipe import Recipe
from nn_tui.training import model_builder
from nn_tui.training.evaluator import block_rows
from nn_tui.types import Array

MOST_WORK = 10_000_000
"""Samples times weights up to which it is computed for every snapshot: a few milliseconds."""


class LossGradient:
    """For ``inputs`` (samples, inputs) and ``targets`` (samples, outputs).

    ``loss`` is its name in ``LOSSES``; with ``mean`` it is averaged over the samples, else
    summed. ``smoothing`` is that of the targets, and by how much. Blocks of samples keep the
    buffers small.
    """

    def __init__(
        self,
        network: Architecture,
        loss: str,
        mean: bool,
        inputs: Array,
        targets: Array,
        dtype: DTypeLike = np.float64,
        class_weights: ClassWeights | None = None,
        smoothing: tuple[LabelSmoothing, float] | None = None,
    ) -> None:
        # An update with learning rate 0, of which only the gradient is used.
        zero = np.zeros(network.parameter_count)
        how, share = smoothing or (None, 0.0)
        rule = LearningRule(loss, class_weights=class_weights, smoothing=how)
        scalars = {"learning_rate": 0.0, "label_smoothing": share}
        self._state = State(network, rule, zero, scalars, dtype)
        self._divisor = len(inputs) if mean else 1
        self._blocks: list[Call] = []
        workspaces: dict[int, Workspace] = {}
        l0, y = (np.ascontiguousarray(array, self._state.dtype) for array in (inputs, targets))
        for start in range(0, len(l0), block_rows(network)):
            rows = slice(start, start + block_rows(network))
            size = len(l0[rows])
            if size not in workspaces:
                workspaces[size] = Workspace(self._state, size)
            step = Step(self._state, l0[rows], y[rows], workspaces[size])
            self._blocks.append(compile_replay((*step.forward_calls, *step.backward_calls)))

    def at(self, parameters: Array) -> Array:
        """The gradient (parameter_count,) at flat ``parameters``."""
        state, total = self._state, np.zeros_like(self._state.parameters)
        with np.errstate(all="ignore"):
            for block in self._blocks:
                state.parameters[...] = parameters
                block()
                total -= state.arrays["descent"]
            total /= self._divisor
        return total


class CurrentGradient:
    """The gradient of a run's training loss; buffers are kept from call to call."""

    def __init__(self) -> None:
        self._cached: tuple[tuple[Any, ...], LossGradient] | None = None
        self._computing = threading.Lock()

    def source(
        self, recipe: Recipe, dataset: Dataset, parameters: Array
    ) -> Callable[[], Array] | None:
        """Computes the gradient (parameter_count,) over all training samples, in any thread.

        None where that takes long.
        """
        network = model_builder.build_architecture(recipe, dataset)
        if dataset.train_count * network.weight_count > MOST_WORK or recipe.lines:
            return None  # of changed lines, it is the gradient of the last update that is used
        return partial(self._compute, recipe, dataset, network, parameters)

    def _compute(
        self, recipe: Recipe, dataset: Dataset, network: Architecture, parameters: Array
    ) -> Array:
        count, training, dtype = dataset.train_count, recipe.training, recipe.network.dtype
        weights = model_builder.class_weights(recipe, dataset, network)
        how = model_builder.label_smoothing(recipe, dataset, network)
        smoothing = None if how is None else (how, training.label_smoothing)
        key = (network, training.loss, training.reduction, dtype, dataset, weights, smoothing)
        with self._computing:
            if self._cached is None or self._cached[0] != key:
                targets = model_builder.targets(recipe, dataset, network)[:count]
                mean, inputs = training.reduction == "mean", dataset.inputs[:count]
                made = LossGradient(
                    network, training.loss, mean, inputs, targets, dtype, weights, smoothing
                )
                self._cached = key, made
            return self._cached[1].at(parameters)
