"""Fields of the recipe in a word or two, for names that have little room."""

from typing import Any

from nn_tui.recipe.fields import FIELDS
from nn_tui.text import make_printable

_WORDS = {
    "training.learning_rate": "lr",
    "training.batch_size": "batch",
    "training.optimizer": "",
    "training.loss": "",
    "network.hidden": "hidden",
    "network.activation": "",
    "network.seed": "seed",
    "network.dtype": "",
    "network.init": "init",
}
"""Short words for keys; none where the value speaks for itself."""
_NO_MATTER = ("view.", "training.epochs")
"""Keys that change nothing in a curve."""


def field_label(key: str, value: Any) -> str:
    """A field and its value, as in ``lr 0.3``."""
    word = _WORDS.get(key, FIELDS[key].label)
    return f"{word} {make_printable(FIELDS[key].kind.show(value)).replace(', ', '-')}".strip()


def is_relevant(key: str) -> bool:
    """Whether a field changes anything in a curve."""
    return not key.startswith(_NO_MATTER)
