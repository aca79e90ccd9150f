"""Values of the run that the tour's texts quote."""

import numpy as np

from nn_tui.text import percent
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.numbers import format_loss, format_plain

_MOST_SAMPLES = 4


def facts_of(snapshot: Snapshot) -> dict[str, str]:
    """The values that page texts name in braces."""
    dataset, curve = snapshot.dataset, snapshot.losses
    inputs = np.array(dataset.inputs[:_MOST_SAMPLES])
    predictions = ForwardPass().predictions(snapshot, inputs)
    targets = dataset.targets[:_MOST_SAMPLES]
    matrices = [
        f"{name}, {'×'.join(map(str, array.shape))}"
        for name, array in snapshot.weights.items()
        if array.ndim == 2
    ]
    return {
        "samples": f"{dataset.samples:,}",
        "inputs": f"{len(dataset.input_names):,}",
        "matrices": ", and ".join(matrices),
        "hidden": ", ".join(map(str, snapshot.recipe.network.hidden)) or "no",
        "epochs": f"{snapshot.recipe.training.epochs:,}",
        "answers": " ".join(f"{value:.3f}" for value in predictions[:, 0]),
        "targets": " ".join(format_plain(float(value)) for value in targets[:, 0]),
        "first_answer": f"{predictions[0, 0]:.3f}",
        "first_target": format_plain(float(targets[0, 0])),
        "first_loss": format_loss(float(curve.train_low[0]) if len(curve.train_low) else None),
        "loss": format_loss(snapshot.train_loss),
        "accuracy": percent(snapshot.train_accuracy),
    }
