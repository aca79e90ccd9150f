"""The shape of a network: layer sizes, activations, with or without biases."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Architecture:
    """``sizes`` are inputs, hidden layers, outputs; ``output`` is never ``auto`` here."""

    sizes: tuple[int, ...]
    activation: str
    output: str
    bias: bool

    @property
    def depth(self) -> int:
        """The number of weight matrices; the output layer is ``l{depth}``."""
        return len(self.sizes) - 1

    def activation_of(self, layer: int) -> str:
        """The activation's name of layer 1 … depth."""
        return self.output if layer == self.depth else self.activation

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Every parameter's shape, all weights before all biases.

        ``Wi`` is (fan_in, fan_out), ``bi`` is (fan_out,).
        """
        weights = {f"W{i}": pair for i, pair in enumerate(pairwise(self.sizes))}
        biases = {f"b{i}": (size,) for i, size in enumerate(self.sizes[1:]) if self.bias}
        return {**weights, **biases}

    @property
    def weight_count(self) -> int:
        """How many numbers the weight matrices hold, biases not counted."""
        return sum(a * b for a, b in pairwise(self.sizes))

    @property
    def parameter_count(self) -> int:
        """How many numbers the network learns."""
        return self.weight_count + (sum(self.sizes[1:]) if self.bias else 0)
