"""The samples with the highest activation of a unit."""

import numpy as np

from nn_tui.nn.predictor import PREDICTED_TOGETHER, Predictor
from nn_tui.training.model_builder import build_learning_rule
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array


def unit_activations(snapshot: Snapshot, layer: int, unit: int) -> Array:
    """The activations (samples,) of a unit of layer 0 … depth for all samples of all sets."""
    dataset, network = snapshot.dataset, snapshot.network
    if layer == 0:
        found: Array = dataset.inputs[:, unit].astype(np.float64)
        return found
    rule, dtype = build_learning_rule(snapshot.recipe), snapshot.recipe.network.dtype
    predictor = Predictor(network, rule, PREDICTED_TOGETHER, dtype)
    block = np.zeros((PREDICTED_TOGETHER, network.sizes[0]))
    found = np.empty(dataset.samples)
    for first in range(0, dataset.samples, PREDICTED_TOGETHER):
        part = dataset.inputs[first : first + PREDICTED_TOGETHER]
        block[: len(part)], block[len(part) :] = part, 0.0
        activations = predictor.layers(snapshot.parameters, block)[layer - 1]
        found[first : first + len(part)] = activations[: len(part), unit]
    return found


def highest_samples(snapshot: Snapshot, layer: int, unit: int) -> list[tuple[int, float]]:
    """All samples, each with its activation of a unit, the highest first; NaN comes last."""
    activations = unit_activations(snapshot, layer, unit)
    order = np.argsort(-activations, kind="stable")
    return list(zip(order.tolist(), activations[order].tolist(), strict=True))
