"""The largest learning rate at which gradient descent is stable, from the loss's curvature.

A step of gradient descent multiplies the distance from a minimum, along an eigenvector of the
Hessian H of the loss, by 1 - ηλ. Where λmax is the largest eigenvalue, every η above 2/λmax
makes it grow (Goodfellow, Bengio and Courville, Deep Learning, 2016, section 4.3.1; for
momentum: O'Donoghue and Candès 2015, from the roots of the same recursion). H is that of
the loss that an update minimizes, with ``training.reduction = sum`` the sum over the batch.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.class_weights import ClassWeights
from nn_tui.recipe.recipe import Recipe, Training
from nn_tui.training.loss_gradient import LossGradient
from nn_tui.types import Array

_STEPS = 30
_MOST_WORK = 5_000_000
"""Samples times weights up to which the curvature is measured: a few tenths of a second."""
_MOST_PARAMETERS = 100_000
_PROBE = 1e-6
"""Relative length of the step between two gradients whose difference is taken."""


class StabilityLimit(NamedTuple):
    """``rate`` is the largest stable learning rate, ``formula`` how it follows from λmax.

    ``scope`` names the batch and weights of λmax, empty where it is the same for all.
    """

    rate: float
    formula: str
    scope: str

    @property
    def safe_rate(self) -> float:
        """A learning rate below it, with two digits and a margin for other batches and weights."""
        return float(f"{(0.5 if self.scope else 0.9) * self.rate:.1e}")


def stability_limit(
    recipe: Recipe,
    network: Architecture,
    start: Array,
    inputs: Array,
    targets: Array,
    samples: int,
    class_weights: ClassWeights | None = None,
) -> StabilityLimit | None:
    """The limit at the initial parameters ``start`` (parameter_count,), for the first batch.

    ``inputs`` (batch, inputs) and ``targets`` (batch, outputs) are that batch, of so many
    training ``samples``. None where there is no such limit (an adaptive optimizer, no
    curvature) or it would take long to measure.
    """
    factor = _factor(recipe.training)
    work = len(inputs) * network.weight_count
    if factor is None or work > _MOST_WORK or network.parameter_count > _MOST_PARAMETERS:
        return None
    if recipe.lines:
        return None  # the curvature would be that of the step's own lines
    with np.errstate(all="ignore"):
        training = recipe.training
        mean = training.reduction == "mean"
        gradient = LossGradient(
            network, training.loss, mean, inputs, targets, class_weights=class_weights
        )
        product = _hessian_product(recipe, network, start, gradient)
        curvature = largest_eigenvalue(product, network.parameter_count)
    if not (np.isfinite(curvature) and curvature > 0):
        return None
    value, text = factor
    scope = " of the first batch" if len(inputs) < samples else ""
    if not _is_quadratic(recipe, network):
        scope += " at the initial weights"
    return StabilityLimit(value / curvature, f"{text}/λmax", scope)


def largest_eigenvalue(product: Callable[[Array], Array], size: int) -> float:
    """Of a symmetric matrix (size, size), given by its ``product`` with any vector.

    The Lanczos iteration with full reorthogonalization; exact for small matrices.
    """
    vector = np.random.default_rng(0).normal(size=size)
    vector /= np.linalg.norm(vector)
    basis: list[Array] = []
    diagonal: list[float] = []
    off_diagonal: list[float] = []
    for _ in range(min(size, _STEPS)):
        basis.append(vector)
        vector = product(vector)
        scale = float(np.linalg.norm(vector))
        diagonal.append(float(vector @ basis[-1]))
        for _ in range(2):  # once is not enough in floating point
            for other in basis:
                vector = vector - (vector @ other) * other
        length = float(np.linalg.norm(vector))
        if not length > 1e-8 * scale:
            break
        off_diagonal.append(length)
        vector /= length
    off_diagonal = off_diagonal[: len(diagonal) - 1]
    matrix = np.diag(diagonal) + np.diag(off_diagonal, 1) + np.diag(off_diagonal, -1)
    return float(np.linalg.eigvalsh(matrix)[-1]) if np.isfinite(matrix).all() else np.nan


def _factor(training: Training) -> tuple[float, str] | None:
    """The numerator of the limit over λmax, as a number and as a formula."""
    momentum = training.momentum
    if training.partial_batch == "carry" and training.batch_size != "all":
        return None
    if training.optimizer == "sgd" and training.penalty in ("none", "l2"):
        return 2.0, "2"
    if training.penalty != "none":
        return None
    if training.optimizer == "momentum":
        return 2 * (1 + momentum), f"{2 * (1 + momentum):g}"
    if training.optimizer == "nesterov":
        value = 2 * (1 + momentum) / (1 + 2 * momentum)
        return value, f"{value:.4g}"
    return None


def _is_quadratic(recipe: Recipe, network: Architecture) -> bool:
    """Whether the loss has the same Hessian at all weights."""
    linear = network.depth == 1 and network.output == "linear"
    return linear and recipe.training.loss == "half_squared_error"


def _hessian_product(
    recipe: Recipe, network: Architecture, start: Array, loss_gradient: LossGradient
) -> Callable[[Array], Array]:
    """The product of the Hessian with a vector, as the difference of two gradients."""
    training, gradient = recipe.training, loss_gradient.at
    origin = start.astype(np.float64)
    length = _PROBE * max(1.0, float(np.linalg.norm(origin)))
    decay = np.zeros(network.parameter_count)
    if training.penalty == "l2":
        decay[: network.weight_count] = training.penalty_rate

    def product(vector: Array) -> Array:
        forward, backward = gradient(origin + length * vector), gradient(origin - length * vector)
        return (forward - backward) / (2 * length) + decay * vector

    return product
