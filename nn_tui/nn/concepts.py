"""What the lines of a step are instances of: names, formulas and sources shown beside them."""

from typing import NamedTuple, Protocol


class Reference(Protocol):
    """Name, formula and source shown with a line; every registry entry has them."""

    @property
    def name(self) -> str: ...

    @property
    def formula(self) -> str: ...

    @property
    def source(self) -> str: ...


class Concept(NamedTuple):
    """A reference that is not a registry entry."""

    name: str
    formula: str
    source: str


def derivation(text: str) -> tuple[Concept, ...]:
    """Return the derivation of a derivative as a reference; empty for an empty text."""
    return (Concept("derivative", text, "differential calculus"),) if text else ()


_BACKPROPAGATION_PAPER = "Rumelhart, Hinton and Williams, Learning representations, 1986"

PREACTIVATION = Concept(
    "weighted sum",
    "z_j = Σ_i x_i W_ij + b_j",
    "Rosenblatt, The perceptron, 1958",
)
MEAN_LOSS = Concept(
    "mean loss",
    "loss = 1/n Σ L, over the n samples of the batch",
    "empirical risk, Vapnik 1991",
)
BACKPROPAGATION = Concept(
    "backpropagation",
    "-dL/da_i = Σ_j W_ij δ_j, over the units j of the next layer",
    _BACKPROPAGATION_PAPER,
)
CHAIN_RULE = Concept(
    "chain rule",
    "δ = -dL/dz = -dL/da · f'(z)",
    _BACKPROPAGATION_PAPER,
)
BATCH_GRADIENT = Concept(
    "gradient of a batch",
    "-dL/dW_ij = Σ x_i δ_j, -dL/db_j = Σ δ_j, over the samples",
    _BACKPROPAGATION_PAPER,
)
MEAN_REDUCTION = Concept(
    "mean reduction",
    "g = 1/n Σ g over samples: the learning rate is independent of the batch size",
    "Bottou, Large-scale learning with stochastic gradient descent, 2010",
)
CLASS_WEIGHTS = Concept(
    "class weights",
    "loss = 1/n Σ w L, -dL/da ← w · (-dL/da); balanced: w = n / (classes · n_class)",
    "King and Zeng, Logistic regression in rare events data, 2001; class_weight in Keras",
)
CLIPPING = Concept(
    "gradient clipping",
    "g ← g · c / max(‖g‖, c), with the norm over all parameters",
    "Pascanu, Mikolov and Bengio, On the difficulty of training recurrent networks, 2013",
)
SMOOTHING = Concept(
    "label smoothing",
    "y ← (1 - s) y + s / K, for K classes",
    "Szegedy et al., Rethinking the Inception architecture, 2016",
)
DROPOUT = Concept(
    "dropout",
    "a ← a · 0 with probability p, else a / (1 - p); predictions use all units",
    "Srivastava et al., Dropout, 2014; inverted, as in PyTorch and Keras",
)
INPUT_NOISE = Concept(
    "input noise",
    "x ← x + s ε, ε from the standard normal distribution; predictions use x",
    "Bishop, Training with noise is equivalent to Tikhonov regularization, 1995",
)
PRUNING = Concept(
    "pruning",
    "w ← 0 after every update, for pruned weights",
    "LeCun, Denker and Solla, Optimal brain damage, 1990",
)
CARRY = Concept(
    "gradients carried over",
    "an incomplete last batch is completed by the next epoch's first batch",
    "TensorFlow Playground (playground.ts, oneStep)",
)
