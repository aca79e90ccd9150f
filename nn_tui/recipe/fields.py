"""The table of recipe keys: label, type, help, whether the key can change during training.

The command line, the hyperparameters pane, validation, help and the TOML file are all
derived from ``FIELDS``. To add a key, add an entry here and its default in ``recipe``.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from nn_tui.data.builtin import BUNDLED, TABLES
from nn_tui.data.generators import GENERATORS
from nn_tui.data.labels import TASKS
from nn_tui.data.preprocessing import FEATURES, SCALINGS, TARGET_SCALES
from nn_tui.data.readers.detect import COLUMN_READINGS, FORMATS
from nn_tui.data.readers.header_row import HEADERS
from nn_tui.data.readers.missing_values import MISSING
from nn_tui.data.sources import ORDERS, SOURCES
from nn_tui.nn.activations import ACTIVATIONS, OUTPUTS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES, REDUCTIONS
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.recipe.field_types import (
    ChoiceField,
    ClassWeightsField,
    FieldType,
    FlagField,
    IntegerField,
    LayerSizes,
    NameList,
    NumberField,
    SeedField,
    TextField,
)
from nn_tui.recipe.recipe import Recipe
from nn_tui.recipe.replicas import MOST_REPLICAS


def _always_active(recipe: Recipe) -> str:
    return ""


class Field(NamedTuple):
    """One recipe key.

    A ``live`` field can change during training; any other field restarts the run.
    ``inactive_reason(recipe)`` explains why the field has no effect in that recipe; it is
    empty where the field has an effect. ``beneath`` is the key of the field that this one
    belongs to, as the numbers of an optimizer do.
    """

    key: str
    label: str
    kind: FieldType
    help: str
    live: bool = False
    inactive_reason: Callable[[Recipe], str] = _always_active
    beneath: str = ""

    @property
    def section(self) -> str:
        return self.key.split(".")[0]

    @property
    def default(self) -> Any:
        return Recipe()[self.key]


_FIXED = "truth tables are fixed"


def _needs_generated(recipe: Recipe) -> str:
    source = recipe.data.source
    if source in GENERATORS:
        return ""
    return _FIXED if source in TABLES else "only for generated data"


def _needs_file(recipe: Recipe) -> str:
    return "only for data files" if recipe.data.source in {*TABLES, *GENERATORS, *BUNDLED} else ""


def _needs_continuous_targets(recipe: Recipe) -> str:
    data = recipe.data
    if data.source in TABLES:
        return _FIXED
    generated = data.source in GENERATORS and bool(GENERATORS[data.source].classes)
    softmax = recipe.network.output == "softmax" or LOSSES[recipe.training.loss].outputs == (
        "softmax",
    )
    classes = generated or softmax or data.task == "classification"
    return "only for continuous targets" if classes else ""


def _needs_classes(recipe: Recipe) -> str:
    data = recipe.data
    numbers = data.source in GENERATORS and not GENERATORS[data.source].classes
    return "only for classes" if numbers or data.task == "regression" else ""


def _needs_ordered_rows(recipe: Recipe) -> str:
    return "generated points are already shuffled" if recipe.data.source in GENERATORS else ""


def _needs_random_source(recipe: Recipe) -> str:
    data = recipe.data
    if data.source in GENERATORS or data.order in ("random", "stratified", "by_date"):
        return ""
    if data.source in TABLES:
        return _FIXED
    kept = data.order == "file" or (
        data.source not in BUNDLED
        and data.test_fraction in ("auto", 0)
        and not data.validation_fraction
    )
    return "the row order is not random" if kept else ""


def _needs_random_numbers(recipe: Recipe) -> str:
    training = recipe.training
    shuffled = training.shuffle and training.batch_size != "all"
    zeros = recipe.network.init == "zeros"
    return "zeros are not random, and nothing is shuffled" if zeros and not shuffled else ""


def _needs_optimizer_with(name: str) -> Callable[[Recipe], str]:
    def inactive_reason(recipe: Recipe) -> str:
        used = name in OPTIMIZERS[recipe.training.optimizer].scalars
        return "" if used else f"not used by {recipe.training.optimizer}"

    return inactive_reason


def _needs_mini_batches(recipe: Recipe) -> str:
    return "only with mini-batches" if recipe.training.batch_size == "all" else ""


def _needs_regularization(recipe: Recipe) -> str:
    return "only with regularization" if recipe.training.penalty == "none" else ""


FIELDS: dict[str, Field] = {
    entry.key: entry
    for entry in (
        Field(
            "data.source",
            "data",
            TextField(f"a built-in name ({', '.join(SOURCES)}) or the path of a {FORMATS} file"),
            "source of the samples",
        ),
        Field(
            "data.header",
            "header",
            ChoiceField(lambda: HEADERS),
            "whether the first row of the file has the column names",
            inactive_reason=_needs_file,
        ),
        Field(
            "data.target",
            "target",
            NameList("column names", "last"),
            "target column(s) of the file",
            inactive_reason=_needs_file,
        ),
        Field(
            "data.features",
            "features",
            NameList("features or columns", "all"),
            f"inputs; from two columns: {' '.join(FEATURES)}",
        ),
        Field(
            "data.columns",
            "columns",
            ChoiceField(lambda: COLUMN_READINGS),
            "how the columns of a file are read",
            inactive_reason=_needs_file,
        ),
        Field(
            "data.categories",
            "categories",
            NameList("columns", "none"),
            "input columns of a file that are categories, though their cells are numbers or dates",
            inactive_reason=_needs_file,
        ),
        Field(
            "data.task",
            "task",
            ChoiceField(lambda: TASKS),
            "whether the target is a class or a number",
        ),
        Field(
            "data.scale",
            "scaling",
            ChoiceField(lambda: SCALINGS),
            "feature scaling, fitted on the training set",
        ),
        Field(
            "data.target_scale",
            "target scaling",
            ChoiceField(lambda: TARGET_SCALES),
            "scaling of continuous targets for training",
            inactive_reason=_needs_continuous_targets,
        ),
        Field(
            "data.missing",
            "missing values",
            ChoiceField(lambda: MISSING),
            "how to handle rows of a file with missing values",
            inactive_reason=_needs_file,
        ),
        Field(
            "data.samples",
            "samples",
            IntegerField(2, 10_000_000),
            "number of points, training and test",
            inactive_reason=_needs_generated,
        ),
        Field(
            "data.noise",
            "noise",
            NumberField(0, 0.8),
            "noise level, as a fraction",
            inactive_reason=_needs_generated,
        ),
        Field(
            "data.seed",
            "data seed",
            SeedField(),
            "seed of the generated points and of the row order",
            inactive_reason=_needs_random_source,
        ),
        Field(
            "data.test_fraction",
            "test fraction",
            NumberField(0, 0.999, word="auto"),
            "test fraction; auto: generated 0.5, built-in 0.2, others 0",
        ),
        Field(
            "data.validation_fraction",
            "validation",
            NumberField(0, 0.999),
            "fraction of the training samples held out for validation",
        ),
        Field(
            "data.order",
            "row order",
            ChoiceField(lambda: ORDERS),
            "order before the split; auto shuffles built-in and sorted data",
            inactive_reason=_needs_ordered_rows,
        ),
        Field(
            "network.hidden",
            "hidden layers",
            LayerSizes(50, 10_000_000),
            "units per hidden layer, from the input side",
        ),
        Field(
            "network.activation",
            "activation",
            ChoiceField(lambda: ACTIVATIONS),
            "activation function of the hidden layers",
            inactive_reason=lambda r: "" if r.network.hidden else "only with hidden layers",
        ),
        Field(
            "network.output",
            "output",
            ChoiceField(lambda: {"auto": "chosen to suit data and loss", **OUTPUTS}),
            "activation of the output; auto: chosen to suit data and loss",
        ),
        Field("network.bias", "bias", FlagField(), "add a trainable bias to every unit"),
        Field(
            "network.init",
            "initialization",
            ChoiceField(lambda: INITIALIZERS),
            "weight initialization",
        ),
        Field(
            "network.seed",
            "weight seed",
            SeedField(),
            "seed for initializing the weights and shuffling",
            inactive_reason=_needs_random_numbers,
        ),
        Field(
            "network.dtype",
            "precision",
            ChoiceField(
                lambda: {
                    "float64": "about 16 significant digits, NumPy's default",
                    "float32": "about 7 significant digits, half the memory",
                }
            ),
            "float32 needs half the memory and is faster for large layers",
        ),
        Field(
            "training.loss",
            "loss",
            ChoiceField(lambda: LOSSES),
            "the quantity training minimizes",
            live=True,
        ),
        Field(
            "training.reduction",
            "reduction",
            ChoiceField(lambda: REDUCTIONS),
            "sum or mean of the per-sample gradients",
            live=True,
        ),
        Field(
            "training.class_weights",
            "class weights",
            ClassWeightsField(),
            "weights of the classes in the loss: none, balanced, or 1, 5",
            live=True,
            inactive_reason=_needs_classes,
        ),
        Field(
            "training.optimizer",
            "optimizer",
            ChoiceField(lambda: OPTIMIZERS),
            "update rule",
            live=True,
        ),
        Field(
            "training.learning_rate",
            "learning rate",
            NumberField(0, 1e6, above=True),
            "step size of an update",
            live=True,
        ),
        Field(
            "training.momentum",
            "momentum",
            NumberField(0, 0.9999),
            "momentum coefficient",
            live=True,
            inactive_reason=_needs_optimizer_with("momentum"),
            beneath="training.optimizer",
        ),
        Field(
            "training.beta1",
            "beta 1",
            NumberField(0, 0.999999),
            "decay rate of the first moment",
            live=True,
            inactive_reason=_needs_optimizer_with("beta1"),
            beneath="training.optimizer",
        ),
        Field(
            "training.beta2",
            "beta 2",
            NumberField(0, 0.999999),
            "decay rate of the second moment",
            live=True,
            inactive_reason=_needs_optimizer_with("beta2"),
            beneath="training.optimizer",
        ),
        Field(
            "training.epsilon",
            "epsilon",
            NumberField(0, 1, above=True),
            "added to the denominator for numerical stability",
            live=True,
            inactive_reason=_needs_optimizer_with("epsilon"),
            beneath="training.optimizer",
        ),
        Field(
            "training.penalty",
            "regularization",
            ChoiceField(lambda: PENALTIES),
            "regularization of the weights; biases are not regularized",
            live=True,
        ),
        Field(
            "training.penalty_rate",
            "reg. strength",
            NumberField(0, 1e6, finest=1e-5),
            "strength λ of the regularization",
            live=True,
            inactive_reason=_needs_regularization,
            beneath="training.penalty",
        ),
        Field(
            "training.batch_size",
            "batch size",
            IntegerField(1, 10_000_000, word="all"),
            "samples per update",
            live=True,
        ),
        Field(
            "training.partial_batch",
            "last batch",
            ChoiceField(
                lambda: {
                    "keep": "update with the incomplete batch",
                    "drop": "skip the incomplete batch",
                    "carry": "complete it in the next epoch, as TensorFlow Playground does",
                }
            ),
            "incomplete last batch: update with it, skip it, or carry it over",
            live=True,
            inactive_reason=_needs_mini_batches,
        ),
        Field(
            "training.shuffle",
            "shuffle",
            FlagField(),
            "shuffle the training samples before every epoch",
            live=True,
            inactive_reason=_needs_mini_batches,
        ),
        Field(
            "training.epochs",
            "epochs",
            IntegerField(0, 10**12),
            "pause after this many; you can continue afterwards; 0: never",
            live=True,
        ),
        Field(
            "training.stop_loss",
            "target loss",
            NumberField(0, 1e300, above=True, word="none", finest=1e-6),
            "pause below this training loss; you can continue afterwards",
            live=True,
        ),
        Field(
            "training.patience",
            "patience",
            IntegerField(0, 10**9),
            "pause after N epochs without a lower held-out loss; 0: never",
            live=True,
        ),
        Field(
            "training.restore_best",
            "restore best",
            FlagField(),
            "end at the epoch with the lowest validation, or else test, loss",
            live=True,
        ),
        Field(
            "training.evaluate_every",
            "evaluate every",
            IntegerField(1, 1_000_000),
            "evaluate the full loss every N epochs; faster with mini-batches",
            live=True,
        ),
        Field(
            "training.replicas",
            "replicas",
            IntegerField(1, MOST_REPLICAS),
            "train this many networks, with consecutive weight seeds",
            inactive_reason=_needs_random_numbers,
        ),
        Field(
            "view.pace",
            "pace",
            NumberField(0, 1000, finest=1),
            "epochs per second on the screen; 0: full speed",
            live=True,
        ),
    )
}
"""Fields by key, by section; ``field_groups`` has the order in which the screen shows them."""
