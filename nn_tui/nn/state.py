"""Everything that training changes: the parameters, the optimizer's memory, its counts.

A copy of it (``save``) and the epoch number are all one needs to go on from there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from nn_tui.nn.architecture import Architecture, views
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.scalars import Scalars
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class StateSnapshot:
    """A copy of a state: flat arrays by name, and its counts."""

    arrays: dict[str, Array]
    counts: dict[str, float]


COUNTS = ("t", "carried")
"""Updates so far, where an optimizer counts them; samples carried over from the last epoch."""


class State:
    """Flat vectors and a named view of each into its parts.

    ``arrays`` holds, by name: ``parameters``, ``descent`` and ``previous`` (the parameters
    before the last epoch), all (parameter_count,), ``weights`` (the part of ``parameters``
    that is no bias), the memory of optimizer and penalty, what was carried over from the
    last epoch, and a view for every weight matrix and bias of each of them (``W0``,
    ``W0_descent``, ``W0_velocity`` …).
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
        self.scalars = Scalars(self.dtype, **{**dict.fromkeys(COUNTS, 0.0), **scalars})
        optimizer, penalty = rule.optimizer_entry, rule.penalty_entry
        for template in optimizer.per_update:
            self.scalars.values.setdefault(template.code.split()[0], 0.0)
        self.arrays: dict[str, Array] = {}
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

    def _kept(self) -> Iterator[str]:
        yield from (name for name in self.arrays if name.startswith("parameters"))
        yield from ("descent", "previous")

    @property
    def parameters(self) -> Array:
        """The flat vector that training changes in place."""
        return self.arrays["parameters"]

    def save(self) -> StateSnapshot:
        """A copy that later training leaves alone."""
        arrays = {name: self.arrays[name].copy() for name in self._kept()}
        return StateSnapshot(arrays, {name: self.scalars.values[name] for name in COUNTS})

    def restore(self, saved: StateSnapshot) -> None:
        """Make this state, in place, what it was when ``saved`` was made.

        Raises ValueError, and changes nothing, where that was a state of another kind.
        """
        shapes = {name: self.arrays[name].shape for name in self._kept()}
        if {name: array.shape for name, array in saved.arrays.items()} != shapes:
            raise ValueError("the arrays are not those of this network and optimizer")
        for name, array in saved.arrays.items():
            self.arrays[name][...] = array
        for name, count in saved.counts.items():
            self.scalars.set(name, count)

    def copy(self) -> "State":
        """Another state in the same place."""
        scalars = self.scalars.values
        state = State(self.network, self.rule, self.parameters, scalars, self.dtype)
        state.restore(self.save())
        return state

    def continue_from(self, old: "State") -> None:
        """Go on from ``old``, which learned by another method, with all that still has a use."""
        saved = old.save()
        forgotten: tuple[str, ...] = ()
        if self.rule.optimizer != old.rule.optimizer:
            forgotten = tuple(f"parameters_{s}" for s in self.rule.optimizer_entry.memory)
            saved.counts["t"] = 0.0
        for name in self._kept():
            if name in saved.arrays and name not in forgotten:
                self.arrays[name][...] = saved.arrays[name]
        for name, count in saved.counts.items():
            self.scalars.set(name, count)

    def set_parameter(self, name: str, index: tuple[int, ...], value: float) -> None:
        """Set a weight or bias by hand; one that was cut off lives again."""
        for kind in ("{}", "{}_previous"):
            self.arrays[kind.format(name)][index] = value
        if self.rule.has_mask:
            self.arrays[f"{name}_alive"][index] = 1

    def prune(self, name: str, index: tuple[int, ...]) -> None:
        """Cut a weight off; the method must be one that ``has_mask``."""
        self.set_parameter(name, index, 0.0)
        self.arrays[f"{name}_alive"][index] = 0

    def clear_carried(self) -> None:
        """Drop what the last epoch left over."""
        if self.rule.carry:
            self.arrays["parameters_carried"][...] = 0
        self.scalars.set("carried", 0.0)

    def is_finite(self) -> bool:
        """Whether every parameter is a number."""
        return bool(np.isfinite(self.parameters).all())
