"""What a line of a step is an instance of: a formula, and who wrote it down first.

Most of it is in the registries (activations, losses, optimizers, penalties); what every
network does, whatever its parts, is here.
"""

from typing import NamedTuple, Protocol


class Reference(Protocol):
    """What there is to read about a line; every entry of a registry is one."""

    @property
    def name(self) -> str: ...

    @property
    def formula(self) -> str: ...

    @property
    def source(self) -> str: ...


class Concept(NamedTuple):
    """One that is in no registry, since no recipe can choose another."""

    name: str
    formula: str
    source: str


def derivation(text: str) -> tuple[Concept, ...]:
    """Why a derivative is what it is; nothing where that is plain."""
    return (Concept("derivative", text, "differential calculus"),) if text else ()


_BACKPROPAGATION = "Rumelhart, Hinton and Williams, Learning representations, 1986"

WEIGHTED_SUM = Concept(
    "weighted sum",
    "z_j = Σ_i x_i W_ij + b_j",
    "Rosenblatt, The perceptron, 1958",
)
BATCH_LOSS = Concept(
    "mean loss",
    "loss = 1/n Σ L, over the n samples of the batch",
    "empirical risk, Vapnik 1991",
)
CARRIED_BACK = Concept(
    "backpropagation",
    "-dL/da_i = Σ_j W_ij δ_j: a unit's share in the errors of all it feeds",
    _BACKPROPAGATION,
)
SLOPE = Concept(
    "chain rule",
    "δ = -dL/dz = -dL/da · f'(z)",
    _BACKPROPAGATION,
)
DESCENT = Concept(
    "gradient of a batch",
    "-dL/dW_ij = Σ x_i δ_j, -dL/db_j = Σ δ_j, over the samples",
    _BACKPROPAGATION,
)
AVERAGE = Concept(
    "mean reduction",
    "g = 1/n Σ g of a sample: the rate need not follow the batch's size",
    "Bottou, Large-scale learning with stochastic gradient descent, 2010",
)
CUT = Concept(
    "pruning by hand",
    "w ← 0 after every update, for the weights that were cut off",
    "LeCun, Denker and Solla, Optimal brain damage, 1990",
)
CARRY = Concept(
    "samples carried over",
    "a short last batch updates nothing; its sums count in the next epoch's first update",
    "TensorFlow Playground (playground.ts, oneStep)",
)
