"""The words that checks and texts of lessons may use about a run: ``MEASURES``, recipe, edits.

To add a word, add an entry to ``MEASURES``.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.model_builder import blank_lines
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.trained_recipe import trained_recipe
from nn_tui.training.trainer import Trainer

_MOST_SAMPLES = 4
"""How many predictions and targets a text quotes."""
_MOST_CHECKED = 2000
"""Parameters and samples up to which gradients are checked: that takes a forward pass for each."""
_MOST_JUDGED = 1000
"""How many training samples tell whether a unit is constant."""


class LessonMeasure(NamedTuple):
    """A number of a run; None where it does not apply.

    ``label`` is shown beside a goal. The history has a ``recorded`` measure of every epoch.
    """

    label: str
    help: str
    compute: Callable[[Snapshot], Any]
    recorded: bool = False


def _zero_weights(snapshot: Snapshot) -> int:
    matrices = (array for name, array in snapshot.weights.items() if name.startswith("W"))
    return sum(int(np.count_nonzero(matrix == 0)) for matrix in matrices)


def _distinct_hidden_units(snapshot: Snapshot) -> int:
    weights, distinct = snapshot.weights, 0
    for layer in range(len(snapshot.recipe.network.hidden)):
        units = weights[f"W{layer}"]
        if f"b{layer}" in weights:
            units = np.vstack([units, weights[f"b{layer}"]])
        distinct += np.unique(units, axis=1).shape[1]
    return distinct


def _constant_hidden_units(snapshot: Snapshot) -> int:
    dataset = snapshot.dataset
    inputs = np.array(dataset.inputs[dataset.parts["train"]][:_MOST_JUDGED])
    hidden = ForwardPass().layers(snapshot, inputs)[1:-1]
    return sum(int((np.ptp(outputs, axis=0) == 0).sum()) for outputs in hidden)


def _gradient_error(snapshot: Snapshot) -> float | None:
    recipe, dataset = snapshot.recipe, snapshot.dataset
    if max(len(snapshot.parameters), dataset.samples) > _MOST_CHECKED:
        return None
    return _gradient_error_of(recipe, dataset)


@lru_cache(maxsize=16)
def _gradient_error_of(recipe: Recipe, dataset: Dataset) -> float | None:
    from nn_tui.nn.gradient_check import check_gradients  # few lessons need it: start-up time

    if blank_lines(recipe, dataset):
        return None
    try:
        found = check_gradients(Trainer(recipe, dataset).step())
    except ValueError:
        return None
    assert found is not None  # nothing interrupts it
    return max(entry.relative_error for entry in found.parameters)


def _first(name: str) -> Callable[[Snapshot], float | None]:
    def compute(snapshot: Snapshot) -> float | None:
        middle = snapshot.losses.band(name).middle
        return float(middle[0]) if len(middle) and np.isfinite(middle[0]) else None

    return compute


def _lowest_test_loss(snapshot: Snapshot) -> float | None:
    low = snapshot.losses.test_low
    low = low[np.isfinite(low)]
    return float(low.min()) if len(low) else None


MEASURES: dict[str, LessonMeasure] = {
    "epoch": LessonMeasure("epoch", "epochs trained so far", lambda s: s.epoch, recorded=True),
    "train_loss": LessonMeasure(
        "train loss", "mean loss of the training set", lambda s: s.train_loss, recorded=True
    ),
    "test_loss": LessonMeasure(
        "test loss", "mean loss of the test set", lambda s: s.test_loss, recorded=True
    ),
    "train_accuracy": LessonMeasure(
        "train accuracy",
        "fraction of the training set that is classified correctly",
        lambda s: s.train_accuracy,
        recorded=True,
    ),
    "test_accuracy": LessonMeasure(
        "test accuracy",
        "fraction of the test set that is classified correctly",
        lambda s: s.test_accuracy,
        recorded=True,
    ),
    "first_train_loss": LessonMeasure(
        "train loss at epoch 0", "training loss before any update", _first("train_loss")
    ),
    "first_test_loss": LessonMeasure(
        "test loss at epoch 0", "test loss before any update", _first("test_loss")
    ),
    "lowest_test_loss": LessonMeasure(
        "lowest test loss", "lowest test loss of the run so far", _lowest_test_loss
    ),
    "diverged": LessonMeasure(
        "diverged", "whether the run has diverged", lambda s: bool(s.diverged)
    ),
    "stopped": LessonMeasure(
        "stopped by itself",
        "whether training stopped at the target loss or for lack of patience",
        lambda s: bool(s.stopped),
    ),
    "inputs": LessonMeasure("inputs", "inputs of the network", lambda s: s.network.sizes[0]),
    "hidden_layers": LessonMeasure(
        "hidden layers", "number of hidden layers", lambda s: len(s.recipe.network.hidden)
    ),
    "hidden_units": LessonMeasure(
        "hidden units", "units of all hidden layers", lambda s: sum(s.recipe.network.hidden)
    ),
    "distinct_hidden_units": LessonMeasure(
        "distinct hidden units",
        "hidden units that differ in their incoming weights or bias",
        _distinct_hidden_units,
    ),
    "constant_hidden_units": LessonMeasure(
        "constant hidden units",
        "hidden units whose output is the same for each of the first 1,000 training samples",
        _constant_hidden_units,
    ),
    "gradient_error": LessonMeasure(
        "gradient error",
        "largest relative error of the gradients of W0, b0 …, at the initial weights, against "
        "differences of the loss; none while a line is blank",
        _gradient_error,
    ),
    "parameters": LessonMeasure(
        "parameters", "number of weights and biases", lambda s: len(s.parameters)
    ),
    "zero_weights": LessonMeasure(
        "weights at 0", "weights, without biases, that are exactly 0", _zero_weights
    ),
}
"""The measures by the word that checks and texts use."""

EDITS: dict[str, tuple[str, Callable[[Edit], bool]]] = {
    "recipe": ("hyperparameters changed while training", lambda e: isinstance(e, RecipeEdit)),
    "weights": (
        "weights set or pruned by hand",
        lambda e: isinstance(e, ParameterEdit | PruneEdit),
    ),
    "data": ("cells of the data changed by hand", lambda e: isinstance(e, DatumEdit)),
}
"""``edits.NAME`` counts the changes of a kind: its help and its rule."""


class LessonRun(Protocol):
    """A run of a lesson, as checks see it."""

    @property
    def recipe(self) -> Recipe: ...

    def measure(self, name: str) -> Any:
        """The value of an entry of ``MEASURES``."""

    def edit_count(self, kind: str) -> int:
        """How many edits of a kind, a key of ``EDITS``, it has."""


class LiveRun:
    """The run of a snapshot; each value is computed when it is first asked for.

    ``recipe`` is the one it was trained with, not one that was edited since. ``is_of_one_recipe``
    tells whether no epoch had another.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.recipe, self.is_of_one_recipe = trained_recipe(snapshot)
        self._known: dict[str, Any] = {}

    def measure(self, name: str) -> Any:
        """The value of an entry of ``MEASURES``."""
        if name not in self._known:
            self._known[name] = MEASURES[name].compute(self.snapshot)
        return self._known[name]

    def edit_count(self, kind: str) -> int:
        """How many edits of a kind, a key of ``EDITS``, it has."""
        return sum(map(EDITS[kind][1], self.snapshot.edits))

    def parameter(self, name: str, index: tuple[int, ...]) -> float | None:
        """A weight or bias such as ``W0``, ``(2, 1)``; None without one."""
        array = self.snapshot.weights.get(name)
        if array is None or len(index) != array.ndim:
            return None
        inside = all(0 <= i < size for i, size in zip(index, array.shape, strict=True))
        return float(array[index]) if inside else None

    def quoted(self, name: str) -> tuple[float, ...]:
        """The first ``predictions`` or ``targets``, of the first output."""
        dataset = self.snapshot.dataset
        if name == "targets":
            return tuple(map(float, dataset.targets[:_MOST_SAMPLES, 0]))
        inputs = np.array(dataset.inputs[:_MOST_SAMPLES])
        predicted = ForwardPass().predictions(self.snapshot, inputs)
        return tuple(map(float, predicted[:, 0]))


class PastRun(NamedTuple):
    """A run that is over: the values that checks ask for."""

    recipe: Recipe
    values: Mapping[str, Any]
    edits: Mapping[str, int]

    def measure(self, name: str) -> Any:
        """The value of an entry of ``MEASURES``; None if it was not kept."""
        return self.values.get(name)

    def edit_count(self, kind: str) -> int:
        """How many edits of a kind, a key of ``EDITS``, it had."""
        return self.edits.get(kind, 0)


def past_run(run: LiveRun, words: Iterable[str]) -> PastRun:
    """Keep the measures ``words`` of a run, and the numbers of its edits."""
    values = {word: run.measure(word) for word in words}
    return PastRun(run.recipe, values, {kind: run.edit_count(kind) for kind in EDITS})
