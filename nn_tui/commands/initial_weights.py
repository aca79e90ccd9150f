"""``--weights``: initial weights from a file, with the columns and scaling of a model in it."""

from dataclasses import replace
from pathlib import Path

from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.files.model import Model, is_model, read_model
from nn_tui.files.weights import read_weights
from nn_tui.nn.architecture import flatten
from nn_tui.text import make_printable
from nn_tui.training.model_builder import build_architecture
from nn_tui.types import Array

_ALWAYS_READ = 1_000_000
"""A weights file of this size is read whatever the network, to report what does not fit."""


def model_in(weights: Path | None) -> Model | None:
    """The model in a file of weights; None if it holds weights only. Raises InputError."""
    return read_model(weights) if weights is not None and is_model(weights) else None


def with_model_note(opened: Experiment, weights: Path | None, model: Model | None) -> Experiment:
    """The experiment with a note that its file has the columns and scaling of ``model``."""
    if model is None or weights is None or opened.recipe.data.source in SOURCES:
        return opened
    note = (
        f"columns, classes and scaling are those of {make_printable(weights.name)}, not fitted anew"
    )
    return replace(opened, notes=(note, *opened.notes))


def named_weights(opened: Experiment, weights: Path | None) -> dict[str, Array] | None:
    """The arrays ``W0 b0 …`` of the file, if there is one. Raises InputError."""
    if weights is None:
        return None
    network = build_architecture(opened.recipe, opened.dataset)
    return read_weights(weights, most=max(_ALWAYS_READ, 2 * network.parameter_count))


def initial_parameters(opened: Experiment, weights: Path | None) -> Array | None:
    """The initial parameters (parameter_count,) from the file, if there is one.

    Raises InputError also for those of another network.
    """
    named = named_weights(opened, weights)
    if named is None:
        return None
    try:
        return flatten(named, build_architecture(opened.recipe, opened.dataset))
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{weights}: {error}") from None
