"""What the first minute says, page by page, and what a person does on each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from nn_tui.training.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class TourState:
    """What a page can see of what a person does."""

    snapshot: Snapshot
    running: bool
    explained: bool
    """Whether a step was walked through while the page stood."""

    @property
    def source(self) -> str:
        """The samples that are open."""
        return self.snapshot.recipe.data.source

    @property
    def trained(self) -> bool:
        """Whether all epochs of the recipe are done."""
        return not self.running and self.snapshot.epoch >= self.snapshot.recipe.training.epochs


class TourPage(NamedTuple):
    """``text`` has facts in braces and, between backticks, keys by the names of bindings.

    ``pane`` is the one it speaks of, ``field`` the hyperparameter to stand on, ``about``
    the samples that must be open, or empty for any. ``done`` tells whether what a person is
    asked to do is done, ``astray`` what leads back where they went too far, ``attempts``
    whether those made so far are counted.
    """

    title: str
    text: str
    pane: str
    about: str = "blog"
    done: Callable[[TourState], bool] | None = None
    field: str = ""
    astray: Callable[[TourState], str] = lambda scene: ""
    attempts: bool = False


def _trained(scene: TourState) -> bool:
    return scene.trained


def _open(source: str) -> Callable[[TourState], bool]:
    return lambda scene: scene.source == source


def _two_units_trained(scene: TourState) -> bool:
    return scene.snapshot.recipe.network.hidden == (2,) and scene.trained


def _too_few_units(scene: TourState) -> str:
    hidden = scene.snapshot.recipe.network.hidden
    if hidden in ((4,), (3,), (2,)):
        return ""
    if len(hidden) > 1 or hidden > (4,):
        return "`undo` takes the last change back"
    left = "1 unit left" if hidden else "no units left"
    return f"{left}; `hyperparameters.next` adds one"


PAGES = (
    TourPage(
        "Four samples",
        "This is all the network will ever see: {samples} samples of {inputs} inputs, and y, "
        "what it should say to each. Run down the columns: y is x1 over again, x2 and x3 do "
        "not matter. Nobody will tell the network. It has to find out.",
        "data",
    ),
    TourPage(
        "Two matrices",
        "And this is all it knows: {matrices}, drawn at random. Blue is positive, orange "
        "negative. A sample times W0, squashed by the sigmoid, times W1, squashed again: that "
        "is its answer ŷ. To sample 1 it says {first_answer}; {first_target} would be right. "
        "The accuracy of 100 % at epoch 0 is luck: each answer happens to be on its side of 0.5.",
        "weights",
    ),
    TourPage(
        "One step",
        "A step of training goes forward, for the answers, and back again with the error, to "
        "see which weight had how much part in it. That is nine lines of NumPy. `explain` "
        "walks through them with these very numbers; there, `tour.end` leads back here.",
        "network",
        done=lambda scene: scene.explained,
    ),
    TourPage(
        "Fifty epochs",
        "One step with all samples is an epoch. `run` trains {epochs} of them, ten a second, so "
        "that you can watch. Keep an eye on row x1 of W0: three of its weights grow larger than "
        "all below them. The network finds out that x1 is what counts.",
        "weights",
        done=_trained,
    ),
    TourPage(
        "The loss",
        "How wrong it is, epoch by epoch: {first_loss} at the start, {loss} now. It says "
        "{answers}, and {targets} would be right. It only ever took a small step downhill. "
        "`back-in-time` and `forward-in-time` go back and forth through all that happened.",
        "loss",
    ),
    TourPage(
        "Now something harder",
        "So far y was x1, and one input was enough. In exclusive or, y is 1 where x1 and x2 "
        "differ: neither of them says anything by itself. Press `open`, choose blog-xor, and "
        "press enter.",
        "data",
        about="",
        done=_open("blog-xor"),
    ),
    TourPage(
        "Exclusive or",
        "The same network, but now fifty epochs are not nearly enough. `run` trains {epochs}, as "
        "fast as the machine goes: a second or so. For a hundred it gets hardly anywhere, then "
        "the loss falls, fast at first and ever more slowly.",
        "loss",
        about="blog-xor",
        done=_trained,
    ),
    TourPage(
        "Fewer units",
        "4 hidden units can do it. Can 2? The cursor is on the hidden layers: there the key "
        "`hyperparameters.previous` takes a unit away and begins anew. Press it twice, then "
        "press `run`.",
        "hyperparameters",
        about="blog-xor",
        done=_two_units_trained,
        field="network.hidden",
        astray=_too_few_units,
    ),
    TourPage(
        "Luck",
        "With {hidden} hidden units the loss is {loss} and the accuracy {accuracy}. "
        "Where training ends depends on where it began: `new-weights` draws other weights, "
        "`run` tries again. When you have seen enough, press `open` and choose spiral.",
        "loss",
        about="blog-xor",
        done=_open("spiral"),
        attempts=True,
    ),
    TourPage(
        "The spiral",
        "Two arms wound into each other, two hidden layers of 16 units. Every place of the map "
        "has the colour of what the network would say there; `run` lets you watch it learn. "
        "That was the first minute. `help` has all keys, and `palette` finds these pages again.",
        "network",
        about="spiral",
    ),
)
