"""All about the recipe's keys: label, kind of value, help, whether it may change live.

The command line, the hyperparameter pane, validation, help and the TOML file are all
made from this one table. To add a key, add an entry here and its default in ``recipe``.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from nn_tui.data.builtin import BUNDLED, TABLES
from nn_tui.data.generators import GENERATORS
from nn_tui.data.preprocessing import FEATURES, SCALINGS
from nn_tui.data.sources import SOURCES
from nn_tui.nn.activations import ACTIVATIONS, OUTPUTS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES, REDUCTIONS
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.recipe.field_types import (
    ChoiceField,
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


def _always(recipe: Recipe) -> str:
    return ""


class Field(NamedTuple):
    """One key of the recipe.

    ``live`` fields may change while training goes on; the others need a restart.
    ``unused(recipe)`` says why the field does nothing in that recipe, or is empty.
    """

    key: str
    label: str
    kind: FieldType
    help: str
    live: bool = False
    unused: Callable[[Recipe], str] = _always

    @property
    def section(self) -> str:
        return self.key.split(".")[0]

    @property
    def default(self) -> Any:
        return Recipe()[self.key]


def _needs_generated(recipe: Recipe) -> str:
    source = recipe.data.source
    if source in GENERATORS:
        return ""
    return "a truth table is as it is" if source in TABLES else "the samples are not drawn"


def _needs_file(recipe: Recipe) -> str:
    return "this is no file" if recipe.data.source in {*TABLES, *GENERATORS, *BUNDLED} else ""


def _needs_stored(recipe: Recipe) -> str:
    return "drawn points are in random order" if recipe.data.source in GENERATORS else ""


def _needs_order(recipe: Recipe) -> str:
    if recipe.data.source in TABLES:
        return "a truth table is as it is"
    return ""


def _needs_scalar(name: str) -> Callable[[Recipe], str]:
    def unused(recipe: Recipe) -> str:
        used = name in OPTIMIZERS[recipe.training.optimizer].scalars
        return "" if used else f"{recipe.training.optimizer} has no {name}"

    return unused


def _needs_batches(recipe: Recipe) -> str:
    return "all samples make one batch" if recipe.training.batch_size == "all" else ""


FIELDS: dict[str, Field] = {
    entry.key: entry
    for entry in (
        Field(
            "data.source",
            "data",
            TextField(
                f"a built-in name ({', '.join(SOURCES)}) or the path of a CSV, TSV, NPZ or NPY file"
            ),
            "where the samples come from",
        ),
        Field(
            "data.target",
            "target",
            NameList("column names", "last"),
            "the column, or columns, of a file to be learned",
            unused=_needs_file,
        ),
        Field(
            "data.features",
            "features",
            NameList("features or columns", "all"),
            f"the inputs; of two columns: {' '.join(FEATURES)}",
        ),
        Field(
            "data.scale",
            "scale",
            ChoiceField(lambda: SCALINGS),
            "inputs brought to one size, measured on the training samples",
        ),
        Field(
            "data.missing",
            "missing values",
            ChoiceField(
                lambda: {
                    "refuse": "such a row stops the loading, with its number",
                    "drop": "such rows are left out",
                }
            ),
            "refuse or drop rows of a file with an empty cell",
            unused=_needs_file,
        ),
        Field(
            "data.samples",
            "samples",
            IntegerField(2, 10_000_000),
            "how many points are drawn, training and test together",
            unused=_needs_generated,
        ),
        Field(
            "data.noise",
            "noise",
            NumberField(0, 0.8),
            "how much chance there is in the points, as a fraction",
            unused=_needs_generated,
        ),
        Field(
            "data.seed",
            "data seed",
            SeedField(),
            "the same seed draws the same points, or orders samples alike",
            unused=_needs_order,
        ),
        Field(
            "data.test_fraction",
            "test part",
            NumberField(0, 0.999, word="auto"),
            "held back for testing; auto: drawn sets 0.5, bundled 0.2, others 0",
        ),
        Field(
            "data.order",
            "order",
            ChoiceField(
                lambda: {
                    "auto": "as in the file, but bundled sets and sorted files at random",
                    "file": "as in the file",
                    "random": "mixed, by the data seed",
                }
            ),
            "order, before the last are held back; auto mixes bundled and sorted",
            unused=_needs_stored,
        ),
        Field(
            "network.hidden",
            "hidden layers",
            LayerSizes(50, 10_000_000),
            "units of each hidden layer, first layer first",
        ),
        Field(
            "network.activation",
            "activation",
            ChoiceField(lambda: ACTIVATIONS),
            "what a hidden unit makes of its weighted sum",
            unused=lambda r: "" if r.network.hidden else "there is no hidden layer",
        ),
        Field(
            "network.output",
            "output",
            ChoiceField(lambda: {"auto": "what data and loss call for", **OUTPUTS}),
            "what the output makes of its sum; auto follows data and loss",
        ),
        Field("network.bias", "bias", FlagField(), "whether each unit adds a learned constant"),
        Field(
            "network.init", "start weights", ChoiceField(lambda: INITIALIZERS), "how weights start"
        ),
        Field(
            "network.seed",
            "weight seed",
            SeedField(),
            "the same seed draws the same weights, and shuffles alike",
        ),
        Field(
            "network.dtype",
            "precision",
            ChoiceField(
                lambda: {
                    "float64": "about 16 digits, as NumPy does by itself",
                    "float32": "about 7 digits, half the memory",
                }
            ),
            "float32 takes half the memory and is faster where layers are large",
        ),
        Field(
            "training.loss",
            "loss",
            ChoiceField(lambda: LOSSES),
            "what training makes small",
            live=True,
        ),
        Field(
            "training.reduction",
            "reduction",
            ChoiceField(lambda: REDUCTIONS),
            "whether an update adds up or averages its samples' gradients",
            live=True,
        ),
        Field(
            "training.optimizer",
            "optimizer",
            ChoiceField(lambda: OPTIMIZERS),
            "how far the weights move, given the gradient",
            live=True,
        ),
        Field(
            "training.learning_rate",
            "learning rate",
            NumberField(0, 1e6, above=True),
            "how far a step goes down the slope",
            live=True,
        ),
        Field(
            "training.momentum",
            "momentum",
            NumberField(0, 0.9999),
            "how much of the last velocity is kept",
            live=True,
            unused=_needs_scalar("momentum"),
        ),
        Field(
            "training.beta1",
            "beta 1",
            NumberField(0, 0.999999),
            "how much of the average slope is kept at each update",
            live=True,
            unused=_needs_scalar("beta1"),
        ),
        Field(
            "training.beta2",
            "beta 2",
            NumberField(0, 0.999999),
            "how much of the average squared slope is kept at each update",
            live=True,
            unused=_needs_scalar("beta2"),
        ),
        Field(
            "training.epsilon",
            "epsilon",
            NumberField(0, 1, above=True),
            "added to what is divided by, so that it is never zero",
            live=True,
            unused=_needs_scalar("epsilon"),
        ),
        Field(
            "training.penalty",
            "penalty",
            ChoiceField(lambda: PENALTIES),
            "what large weights cost beside the loss; biases cost nothing",
            live=True,
        ),
        Field(
            "training.penalty_rate",
            "penalty rate",
            NumberField(0, 1e6, finest=1e-5),
            "how strongly the penalty pulls the weights to zero",
            live=True,
            unused=lambda r: "there is no penalty" if r.training.penalty == "none" else "",
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
            "last short batch",
            ChoiceField(
                lambda: {
                    "keep": "it makes an update too",
                    "drop": "it is left out",
                    "carry": "it is counted in with the next epoch's first, as the playground does",
                }
            ),
            "keep: updates; drop: left out; carry: joins the next epoch's first",
            live=True,
            unused=_needs_batches,
        ),
        Field(
            "training.shuffle",
            "shuffle",
            FlagField(),
            "whether every epoch takes samples in a new order",
            live=True,
            unused=_needs_batches,
        ),
        Field(
            "training.epochs",
            "epochs",
            IntegerField(0, 10**12),
            "pause after so many; one can always go on; 0: never pause",
            live=True,
        ),
        Field(
            "training.stop_loss",
            "stop below",
            NumberField(0, 1e300, above=True, word="none", finest=1e-6),
            "pause when the training loss is below this; one can go on",
            live=True,
        ),
        Field(
            "training.evaluate_every",
            "evaluate every",
            IntegerField(1, 1_000_000),
            "epochs between exact losses; more saves time with small batches",
            live=True,
        ),
        Field(
            "view.pace",
            "pace",
            NumberField(0, 1000, finest=1),
            "epochs a second on the screen; 0: as fast as it goes",
            live=True,
        ),
    )
}
"""Every key by its full name, in the order in which it is shown."""
