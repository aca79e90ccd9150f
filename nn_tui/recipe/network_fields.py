"""The recipe keys of the section ``network``."""

from nn_tui.nn.activations import ACTIVATIONS, OUTPUTS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.recipe.field import Field, needs_random_numbers
from nn_tui.recipe.field_types import (
    MOST_LAYERS,
    ActivationsField,
    ChoiceField,
    FlagField,
    LayerSizes,
    NumberField,
    SeedField,
)

NETWORK_FIELDS = (
    Field(
        "network.hidden",
        "hidden layers",
        LayerSizes(MOST_LAYERS, 10_000_000),
        "units per hidden layer, from the input side",
    ),
    Field(
        "network.activation",
        "activation",
        ActivationsField(lambda: ACTIVATIONS),
        "activation of the hidden layers; a list has one for each layer",
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
        inactive_reason=needs_random_numbers,
    ),
    Field(
        "network.dropout",
        "dropout",
        NumberField(0, 0.95),
        "share of the hidden units that every update leaves out",
        live=True,
        inactive_reason=lambda r: "" if r.network.hidden else "only with hidden layers",
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
)
