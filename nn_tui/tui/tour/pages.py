"""The pages of the tour, the first minute, and the task on each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from nn_tui.training.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class TourState:
    """What a page knows of the run and of the user's actions."""

    snapshot: Snapshot
    running: bool
    explained: bool
    """Whether the explain screen was opened and closed on this page."""

    @property
    def source(self) -> str:
        """The source of the open data."""
        return self.snapshot.recipe.data.source

    @property
    def trained(self) -> bool:
        """Whether all epochs of the recipe are done."""
        return not self.running and self.snapshot.epoch >= self.snapshot.recipe.training.epochs


class TourPage(NamedTuple):
    """``text`` has facts in braces, and binding ids in backticks for keys.

    ``pane`` is the pane it describes, ``field`` the hyperparameter to select, ``about`` the
    data that must be open, or empty for any. ``done`` decides whether the task is done,
    ``astray`` gives advice if the user went too far, ``attempts`` shows the number of
    attempts.
    """

    title: str
    text: str
    pane: str
    about: str = "blog"
    done: Callable[[TourState], bool] | None = None
    field: str = ""
    astray: Callable[[TourState], str] = lambda state: ""
    attempts: bool = False


def _trained(state: TourState) -> bool:
    return state.trained


def _open(source: str) -> Callable[[TourState], bool]:
    return lambda state: state.source == source


def _two_units_trained(state: TourState) -> bool:
    return state.snapshot.recipe.network.hidden == (2,) and state.trained


def _too_few_units(state: TourState) -> str:
    hidden = state.snapshot.recipe.network.hidden
    if hidden in ((4,), (3,), (2,)):
        return ""
    if len(hidden) > 1 or hidden > (4,):
        return "`undo` undoes the last change"
    left = "1 unit left" if hidden else "no units left"
    return f"{left}; `hyperparameters.next` adds one"


PAGES = (
    TourPage(
        "Four samples",
        "This is all the network will ever see: {samples} samples of {inputs} inputs, and y, "
        "the target of each. Run down the columns: y is a copy of x1, and x2 and x3 "
        "do not matter. The network is not told this. It has to find out.",
        "data",
    ),
    TourPage(
        "Two matrices",
        "And this is all it knows: {matrices}, drawn at random. Blue is positive, orange "
        "negative. A sample times W0, squashed by the sigmoid, times W1, squashed again: that "
        "is its prediction ŷ. For sample 1 it predicts {first_answer}; the target is "
        "{first_target}. The accuracy of 100 % at epoch 0 is luck: each prediction happens to be "
        "on the right side of 0.5.",
        "weights",
    ),
    TourPage(
        "One step",
        "A training step goes forward, for the predictions, and back again with the error, to "
        "find how much each weight contributed to it. That is nine lines of NumPy. `explain` "
        "steps through them with these very numbers; there, `tour.end` leads back here.",
        "network",
        done=lambda state: state.explained,
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
        "How wrong it is, epoch by epoch: {first_loss} at the start, {loss} now. It predicts "
        "{answers}; the targets are {targets}. It only ever took a small step downhill. "
        "`back-in-time` and `forward-in-time` go back and forth through all that happened.",
        "loss",
    ),
    TourPage(
        "Now something harder",
        "So far y was x1, and one input was enough. In XOR (exclusive or), y is 1 where x1 and "
        "x2 differ: neither of them predicts anything by itself. Press `open`, choose blog-xor, "
        "and press enter.",
        "data",
        about="",
        done=_open("blog-xor"),
    ),
    TourPage(
        "XOR",
        "The same network, but now fifty epochs are nowhere near enough. `run` trains {epochs}, as "
        "fast as the machine can, in a second or so. For the first hundred the loss hardly moves; "
        "then it falls, fast at first and ever more slowly.",
        "loss",
        about="blog-xor",
        done=_trained,
    ),
    TourPage(
        "Fewer units",
        "4 hidden units can do it. Can 2? The cursor is on the hidden layers: there the key "
        "`hyperparameters.previous` removes a unit and restarts. Press it twice, then "
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
        "Two interleaved spirals, two hidden layers of 16 units. Every point of the map "
        "has the colour of the network's prediction there; `run` lets you watch it learn. "
        "That was the first minute. `help` has all keys, and `palette` finds these pages again.",
        "network",
        about="spiral",
    ),
)
