"""The architecture of a network: layer sizes, activations, biases."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.nn.activations import UNITS, Activation
from nn_tui.nn.own_activations import SPACING, own_activation
from nn_tui.nn.syntax import Function


@dataclass(frozen=True)
class Architecture:
    """``sizes`` are inputs, hidden layers, outputs; ``output`` is resolved, never ``auto``.

    ``activation`` is that of all hidden layers, or one for each. ``functions`` are activations
    that are not of the registry, and their derivatives; ``spacing`` is that of a numeric one.
    """

    sizes: tuple[int, ...]
    activation: str | tuple[str, ...]
    output: str
    bias: bool
    functions: tuple[Function, ...] = ()
    spacing: float = SPACING

    @property
    def depth(self) -> int:
        """Number of weight matrices; the output layer is ``l{depth}``."""
        return len(self.sizes) - 1

    def activation_of(self, layer: int) -> str:
        """Return the activation of layer 1 … depth."""
        if layer == self.depth:
            return self.output
        return self.activation if isinstance(self.activation, str) else self.activation[layer - 1]

    def unit_of(self, layer: int) -> Activation:
        """Return the registry's entry for the activation of a layer, or the recipe's own."""
        name = self.activation_of(layer)
        return UNITS.get(name) or own_activation(name, self.functions, self.spacing)

    @property
    def activation_text(self) -> str:
        """The activations of the hidden layers, each once; empty without any."""
        layers = range(1, self.depth)
        return ", ".join(dict.fromkeys(self.activation_of(layer) for layer in layers))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every parameter, all weights before all biases.

        ``Wi`` is (fan_in, fan_out), ``bi`` is (fan_out,).
        """
        weights = {f"W{i}": pair for i, pair in enumerate(pairwise(self.sizes))}
        biases = {f"b{i}": (size,) for i, size in enumerate(self.sizes[1:]) if self.bias}
        return {**weights, **biases}

    @property
    def weight_count(self) -> int:
        """Number of weights, without biases."""
        return sum(a * b for a, b in pairwise(self.sizes))

    @property
    def parameter_count(self) -> int:
        """Number of trainable parameters."""
        return self.weight_count + (sum(self.sizes[1:]) if self.bias else 0)


def views(flat: NDArray[Any], architecture: Architecture) -> dict[str, NDArray[Any]]:
    """Return a view into ``flat`` (parameter_count,) for each of ``W0 W1 … b0 b1 …``."""
    result: dict[str, NDArray[Any]] = {}
    start = 0
    for name, shape in architecture.shapes().items():
        stop = start + int(np.prod(shape))
        result[name] = flat[start:stop].reshape(shape)
        start = stop
    return result


def flatten(named: Mapping[str, NDArray[Any]], architecture: Architecture) -> NDArray[Any]:
    """Return a new flat vector of the named parameters.

    Raises ValueError for a missing or unknown array, a wrong shape, and for values that
    are not finite.
    """
    shapes = architecture.shapes()
    flat = np.empty(architecture.parameter_count, np.float64)
    for name, target in views(flat, architecture).items():
        if name not in named:
            raise ValueError(f"{name} is missing; the network has {', '.join(shapes)}")
        if named[name].shape != target.shape:
            raise ValueError(
                f"{name} is {_times(named[name].shape)}; the network needs {_times(target.shape)}"
            )
        target[...] = named[name]
        if not np.isfinite(target).all():
            raise ValueError(f"{name} contains a value that is not a finite number")
    unknown = [name for name in named if name not in shapes]
    if unknown:
        raise ValueError(f"{unknown[0]} is unknown; the network has {', '.join(shapes)}")
    return flat


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape) or "a single number"
