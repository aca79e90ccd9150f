"""The order in which fields are shown: what people change first, then groups of the others."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple

from nn_tui.data.readers.standard_input import SHOWN_NAME, STANDARD_INPUT
from nn_tui.data.sources import SOURCES, auto_test_fraction
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import make_printable

Summary = Callable[[Recipe], Iterator[str]]

_FIRST = (
    "training.learning_rate",
    "training.optimizer",
    "network.hidden",
    "network.activation",
    "training.batch_size",
    "training.penalty",
    "training.epochs",
    "data.noise",
)
_ELSEWHERE = {"view": "speed"}
"""The group of a section that has none of its own."""
_MOVED = {"training.evaluate_every": "speed", "network.dtype": "speed"}
"""Fields that are in another group than their section."""


class FieldGroup(NamedTuple):
    """A group of fields that can be folded; ``summary`` describes their values in a recipe."""

    name: str
    help: str
    summary: Summary


def _data(recipe: Recipe) -> Iterator[str]:
    data = recipe.data
    if data.source == STANDARD_INPUT:
        yield SHOWN_NAME
    else:
        yield data.source if data.source in SOURCES else make_printable(PurePath(data.source).name)
    if not FIELDS["data.samples"].inactive_reason(recipe):
        yield f"{data.samples:,} samples"
    fraction = data.test_fraction
    held = auto_test_fraction(data.source) if isinstance(fraction, str) else fraction
    yield f"{100 * (1 - held) * (1 - data.validation_fraction):.3g} % train"
    if data.scale != "none":
        yield data.scale
    if data.features:
        yield f"{len(data.features)} feature{'s' if len(data.features) > 1 else ''}"


def _network(recipe: Recipe) -> Iterator[str]:
    network = recipe.network
    yield f"{network.output} output"
    yield "bias" if network.bias else "no bias"
    yield network.init
    if network.dropout and network.hidden:
        yield f"dropout {network.dropout:g}"


def _training(recipe: Recipe) -> Iterator[str]:
    training = recipe.training
    if training.replicas > 1:
        yield f"{training.replicas:,} seeds"
    yield training.loss.replace("_", " ")
    yield training.reduction
    if training.class_weights != "none":
        yield "balanced" if training.class_weights == "balanced" else "class weights"
    if training.schedule != "constant":
        yield training.schedule.replace("_", " ")
    if training.label_smoothing:
        yield f"smoothed {training.label_smoothing:g}"
    if training.input_noise:
        yield f"input noise {training.input_noise:g}"
    if training.clip_norm != "none":
        yield "clipped"
    if training.shuffle and not FIELDS["training.shuffle"].inactive_reason(recipe):
        yield "shuffled"
    if training.stop_loss != "none":
        yield f"until {FIELDS['training.stop_loss'].kind.show(training.stop_loss)}"
    if training.patience:
        yield f"patience {training.patience:,}"


def _speed(recipe: Recipe) -> Iterator[str]:
    pace, every = recipe.view.pace, recipe.training.evaluate_every
    yield f"{pace:g} epoch{'s' if pace != 1 else ''}/s" if pace else "full speed"
    if every > 1:
        yield f"loss every {every:,}"
    if recipe.network.dtype != Recipe().network.dtype:
        yield recipe.network.dtype


GROUPS = {
    group.name: group
    for group in (
        FieldGroup("data", "source, preprocessing, train and test set", _data),
        FieldGroup("network", "output, bias, initialization", _network),
        FieldGroup("training", "loss, mini-batches, target loss", _training),
        FieldGroup("speed", "pace, evaluation, precision", _speed),
    )
}
"""Groups by name, in display order."""


def group_of(field: Field) -> str:
    """Return the name of a field's group; empty for those that are shown first."""
    if field.key in _FIRST or field.beneath in _FIRST:
        return ""
    return _MOVED.get(field.key) or _ELSEWHERE.get(field.section, field.section)


def fields_in(group: str, fields: Iterable[Field] = ()) -> list[Field]:
    """Return the fields of a group, or those shown first, in display order.

    A field that belongs to another follows it; those of other sections come last.
    """
    mine = [field for field in fields or FIELDS.values() if group_of(field) == group]
    mine.sort(key=lambda field: field.key in _MOVED)
    tops = [field for field in mine if not field.beneath]
    if not group:
        tops.sort(key=lambda field: _FIRST.index(field.key))
    return [field for top in tops for field in (top, *(f for f in mine if f.beneath == top.key))]


def unused_fields(recipe: Recipe) -> list[Field]:
    """Return the fields that have no effect in a recipe."""
    return [field for field in FIELDS.values() if field.inactive_reason(recipe)]
