"""The state of training: parameters, optimizer state and counts.

A copy of it (``save``) and the epoch number are sufficient to resume training.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from nn_tui.nn.architecture import Architecture, views
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.scalars import Scalars
from nn_tui.nn.syntax import parse_line
from nn_tui.nn.update_statements import rate_statement
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class StateSnapshot:
    """A copy of a state: flat arrays by name, and counts."""

    arrays: dict[str, Array]
    counts: dict[str, float]


COUNTS = ("t", "carried")
"""Number of updates, for optimizers that use it; samples carried over from the last epoch."""


class State:
    """Flat vectors, with a named view of every weight matrix and bias.

    ``arrays`` has ``parameters``, ``descent`` (the negative gradient) and ``previous`` (the
    parameters before the last epoch), all (parameter_count,), ``weights`` (``parameters``
    without biases), the state of optimizer and regularizer, the gradients carried over from
    the last epoch, and the views of each (``W0``, ``W0_descent``, ``W0_velocity`` …).
    """

    def __init__(
        self,
        network: Architecture,
        rule: LearningRule,
        parameters: Array,
        scalars: Mapping[str, float],
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.network = network
        self.rule = rule
        self.dtype = np.dtype(dtype)
        weights = rule.class_weights
        named = {} if weights is None else weights.scalars
        self.scalars = Scalars(self.dtype, **{**dict.fromkeys(COUNTS, 0.0), **scalars, **named})
        rate = rate_statement(rule)
        self._rate = None if rate is None else parse_line(rate.code).value
        if rate is not None:
            self.scalars.values.setdefault("epoch", 0.0)
        optimizer, penalty = rule.optimizer_entry, rule.penalty_entry
        for template in optimizer.per_update:
            self.scalars.values.setdefault(template.code.split()[0], 0.0)
        self.arrays: dict[str, Array] = {}
        if weights is not None:
            self.arrays |= {k: array.astype(dtype) for k, array in weights.arrays.items()}
        self._add("parameters", "{}", parameters)
        self._add("descent", "{}_descent", 0)
        self._add("previous", "{}_previous", parameters)
        for suffix in (*optimizer.memory, *(["carried"] if rule.carry else [])):
            self._add(f"parameters_{suffix}", "{}_" + suffix, 0)
        for suffix in rule.weight_memory:
            self._add(f"parameters_{suffix}", "{}_" + suffix, 1)
        for suffix in penalty.buffers:
            self._add(f"_parameters_{suffix}", "{}_" + suffix, 0)
        for name in [name for name in self.arrays if "parameters" in name]:
            part = self.arrays[name][: network.weight_count]
            self.arrays[name.lstrip("_").replace("parameters", "weights")] = part

    def _add(self, name: str, view_name: str, values: Array | int) -> None:
        flat = np.empty(self.network.parameter_count, self.dtype)
        flat[...] = values
        self.arrays[name] = flat
        for part, view in views(flat, self.network).items():
            self.arrays[view_name.format(part)] = view

    def _saved_names(self) -> Iterator[str]:
        yield from (name for name in self.arrays if name.startswith("parameters"))
        yield from ("descent", "previous")

    def set_epoch(self, epoch: int) -> None:
        """Set the learning rate of ``epoch``, 1 for the first, where there is a schedule."""
        if self._rate is not None:
            self.scalars.set("epoch", epoch - 1.0)
            self.set_rate()

    def set_rate(self) -> None:
        """Compute the learning rate of the current epoch by the line of the schedule."""
        assert self._rate is not None
        self.scalars.set("learning_rate", self.scalars.evaluate(self._rate))

    @property
    def parameters(self) -> Array:
        """The flat vector of parameters, updated in place by training."""
        return self.arrays["parameters"]

    def save(self) -> StateSnapshot:
        """Return a copy of the state."""
        arrays = {name: self.arrays[name].copy() for name in self._saved_names()}
        return StateSnapshot(arrays, {name: self.scalars.values[name] for name in COUNTS})

    def restore(self, saved: StateSnapshot) -> None:
        """Restore a saved state in place.

        Raises ValueError, and changes nothing, for a state of another network or optimizer.
        """
        shapes = {name: self.arrays[name].shape for name in self._saved_names()}
        if {name: array.shape for name, array in saved.arrays.items()} != shapes:
            raise ValueError("the arrays are not those of this network and optimizer")
        for name, array in saved.arrays.items():
            self.arrays[name][...] = array
        for name, count in saved.counts.items():
            self.scalars.set(name, count)

    def copy(self) -> "State":
        """Return an independent copy."""
        scalars = self.scalars.values
        state = State(self.network, self.rule, self.parameters, scalars, self.dtype)
        state.restore(self.save())
        return state

    def continue_from(self, old: "State") -> None:
        """Continue from the state of another learning rule, keeping all that still applies."""
        saved = old.save()
        reset: tuple[str, ...] = ()
        if self.rule.optimizer != old.rule.optimizer:
            reset = tuple(f"parameters_{s}" for s in self.rule.optimizer_entry.memory)
            saved.counts["t"] = 0.0
        for name in self._saved_names():
            if name in saved.arrays and name not in reset:
                self.arrays[name][...] = saved.arrays[name]
        for name, count in saved.counts.items():
            self.scalars.set(name, count)

    def set_parameter(self, name: str, index: tuple[int, ...], value: float) -> None:
        """Set a weight or bias; a pruned weight is restored."""
        for kind in ("{}", "{}_previous"):
            self.arrays[kind.format(name)][index] = value
        if self.rule.has_mask:
            self.arrays[f"{name}_alive"][index] = 1

    def prune(self, name: str, index: tuple[int, ...]) -> None:
        """Prune a weight; requires a learning rule that ``has_mask``."""
        self.set_parameter(name, index, 0.0)
        self.arrays[f"{name}_alive"][index] = 0

    def clear_carried(self) -> None:
        """Discard the gradients carried over from the last epoch."""
        if self.rule.carry:
            self.arrays["parameters_carried"][...] = 0
        self.scalars.set("carried", 0.0)

    def is_finite(self) -> bool:
        """Return whether all parameters are finite."""
        return bool(np.isfinite(self.parameters).all())
