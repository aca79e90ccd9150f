"""Experiments that come with the program: a name, a line of help, a recipe."""

from dataclasses import dataclass

from nn_tui.recipe import Data, Network, Recipe, Training, View


@dataclass(frozen=True)
class Preset:
    """One entry."""

    name: str
    help: str
    recipe: Recipe


_ENTRIES = (
    Preset("blog", "the blog's experiment: 3-4-1, sigmoid, 50 epochs", Recipe()),
    Preset(
        "blog-xor",
        "the same network learns exclusive or, which takes 60,000 epochs",
        Recipe(
            data=Data(source="blog-xor"), training=Training(epochs=60_000), view=View(pace=0)
        ),
    ),
    Preset(
        "circle",
        "a disc in a ring: TensorFlow Playground's first page, 2-4-2-1 tanh",
        Recipe(
            data=Data(source="circle"),
            network=Network((4, 2), "tanh", "tanh", bias=True, init="playground"),
            training=Training(
                reduction="mean", learning_rate=0.03, batch_size=10, epochs=1000
            ),
            view=View(pace=0),
        ),
    ),
)

PRESETS: dict[str, Preset] = {entry.name: entry for entry in _ENTRIES}
"""Presets by name; the first is what ``nn-tui`` opens with."""
