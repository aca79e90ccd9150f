"""The table of recipe keys: label, type, help, whether the key can change during training.

The command line, the hyperparameters pane, validation, help and the TOML file are all
derived from ``FIELDS``. To add a key, add an entry to the fields of its section and its
default in ``recipe``.
"""

from nn_tui.recipe.data_fields import DATA_FIELDS
from nn_tui.recipe.field import Field
from nn_tui.recipe.field_types import NumberField
from nn_tui.recipe.network_fields import NETWORK_FIELDS
from nn_tui.recipe.training_fields import TRAINING_FIELDS

__all__ = ["FIELDS", "Field"]

_VIEW_FIELDS = (
    Field(
        "view.pace",
        "pace",
        NumberField(0, 1000, finest=1),
        "epochs per second on the screen; 0: full speed",
        live=True,
    ),
)

FIELDS: dict[str, Field] = {
    entry.key: entry for entry in (*DATA_FIELDS, *NETWORK_FIELDS, *TRAINING_FIELDS, *_VIEW_FIELDS)
}
"""Fields by key, by section; ``field_groups`` has the order in which the screen shows them."""
