"""What the first minute says, page by page, and what a person does on each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nn_tui.training.snapshot import Snapshot

if TYPE_CHECKING:
    from nn_tui.tui.app import NnTui


@dataclass(frozen=True, eq=False)
class Scene:
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


class Wish(NamedTuple):
    """What a person is asked to do: ``met`` tells when it is done, ``do`` does it for them."""

    met: Callable[[Scene], bool]
    do: Callable[["NnTui"], object]


class Page(NamedTuple):
    """``text`` has facts in braces and, between backticks, keys by the names of bindings.

    ``pane`` is the one it speaks of, ``field`` the hyperparameter to stand on, ``about``
    the samples that must be open, or empty for any.
    """

    title: str
    text: str
    pane: str
    about: str = "blog"
    wish: Wish | None = None
    field: str = ""


_TRAIN = Wish(lambda scene: scene.trained, lambda lab: lab.action_go())


def _open(source: str) -> Wish:
    return Wish(lambda scene: scene.source == source, lambda lab: lab.session.open(source))


def _train_two_units(lab: "NnTui") -> None:
    if lab.session.wanted.network.hidden == (2,):
        lab.action_go()
    else:
        lab.change("network.hidden", "2")


PAGES = (
    Page(
        "Four samples",
        "This is all the network will ever see: {samples} samples of {inputs} inputs, and y, "
        "what it should say to each. Run down the columns: y is x1 over again, x2 and x3 do "
        "not matter. Nobody will tell the network. It has to find out.",
        "data",
    ),
    Page(
        "Two matrices",
        "And this is all it knows: {matrices}, drawn at random. Blue is positive, orange "
        "negative. A sample times W0, squashed by the sigmoid, times W1, squashed again: that "
        "is its answer ŷ. To sample 1 it says {first_answer}; {first_target} would be right. "
        "The accuracy of 100 % at epoch 0 is luck: each answer happens to be on its side of 0.5.",
        "weights",
    ),
    Page(
        "One step",
        "A step of training goes forward, for the answers, and back again with the error, to "
        "see which weight had how much part in it. That is nine lines of NumPy. `explain` "
        "walks through them with these very numbers; there, `tour.end` leads back here.",
        "network",
        wish=Wish(lambda scene: scene.explained, lambda lab: lab.explain()),
    ),
    Page(
        "Fifty epochs",
        "One step with all samples is an epoch. `run` trains {epochs} of them, ten a second, so "
        "that you can watch. Keep an eye on row x1 of W0: three of its weights grow larger than "
        "all below them. The network finds out that x1 is what counts.",
        "weights",
        wish=_TRAIN,
    ),
    Page(
        "The loss",
        "How wrong it is, epoch by epoch: {first_loss} at the start, {loss} now. It says "
        "{answers}, and {targets} would be right. It only ever took a small step downhill. "
        "`back-in-time` and `forward-in-time` go back and forth through all that happened.",
        "loss",
    ),
    Page(
        "Now something harder",
        "So far y was x1, and one input was enough. In exclusive or, y is 1 where x1 and x2 "
        "differ: neither of them says anything by itself. Press `open`, choose blog-xor, and "
        "press enter.",
        "data",
        about="",
        wish=_open("blog-xor"),
    ),
    Page(
        "Exclusive or",
        "The same network, but now fifty epochs are not nearly enough. `run` trains {epochs}, as "
        "fast as the machine goes: a second or so. For a hundred it gets hardly anywhere, then "
        "the loss falls, fast at first and ever more slowly.",
        "loss",
        about="blog-xor",
        wish=_TRAIN,
    ),
    Page(
        "Fewer units",
        "4 hidden units can do it. Can 2? The cursor is on the hidden layers: there the key "
        "`hyperparameters.previous` takes a unit away and begins anew. Press it twice, then "
        "press `run`.",
        "hyperparameters",
        about="blog-xor",
        wish=Wish(
            lambda scene: scene.snapshot.recipe.network.hidden == (2,) and scene.trained,
            _train_two_units,
        ),
        field="network.hidden",
    ),
    Page(
        "Luck",
        "With {hidden} hidden units the loss is {loss} and the accuracy {accuracy}. "
        "Where training ends depends on where it began: `new-weights` draws other weights, "
        "`run` tries again. When you have seen enough, press `open` and choose spiral.",
        "loss",
        about="blog-xor",
        wish=_open("spiral"),
    ),
    Page(
        "The spiral",
        "Two arms wound into each other, two hidden layers of 16 units. Every place of the map "
        "has the colour of what the network would say there; `run` lets you watch it learn. "
        "That was the first minute. `help` has all keys, and `palette` finds these pages again.",
        "network",
        about="spiral",
    ),
)
