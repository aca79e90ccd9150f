"""All measures of ``nn-tui bench``. To add one, write what takes it and add an entry here."""

from collections.abc import Callable
from dataclasses import dataclass

from nn_tui.bench import autosave, screen
from nn_tui.bench import autosave as at_risk
from nn_tui.bench import training_speed as blog
from nn_tui.bench import training_speed as digits
from nn_tui.bench import training_speed as memory
from nn_tui.bench import training_speed as spiral
from nn_tui.bench import training_speed as travel
from nn_tui.bench.timing import Contest, RaceResult, race

ENGINE, SCREEN = "engine", "the screen, through a pseudo-terminal"
KILLED = "the program, killed as it trains"
"""It takes a minute, so it is only measured if it is named."""


@dataclass(frozen=True)
class Measure:
    """One entry: ``take`` gives a ratio; it raises Skipped where it cannot be had.

    ``aim`` is the least ratio that will do, or the largest if ``at_most``; it is None for a
    measure that is only reported. ``group`` is what the measure is of.
    """

    name: str
    group: str
    help: str
    unit: str
    take: Callable[[], RaceResult]
    aim: float | None = None
    at_most: bool = False

    def met(self, ratio: float) -> bool | None:
        """Whether ``ratio`` will do; None where there is no aim."""
        if self.aim is None:
            return None
        return ratio <= self.aim if self.at_most else ratio >= self.aim


def _speed(
    name: str, help: str, unit: str, prepare: Callable[[], Contest], aim: float | None = None
) -> Measure:
    """A race of the engine's; ``prepare`` sets both sides up."""
    return Measure(name, ENGINE, help, unit, lambda: race(prepare()), aim)


def _cost(
    name: str, help: str, unit: str, take: Callable[[], RaceResult], aim: float | None = None
) -> Measure:
    """What the screen costs; the less the better."""
    return Measure(name, SCREEN, help, unit, take, aim, at_most=True)


_ENTRIES = (
    _speed(
        "blog",
        "the blog's network with losses recorded, over its loop written plainly in NumPy",
        "epochs/s",
        blog.against_plain_loop,
        aim=1.7,
    ),
    _speed(
        "blog-nonlin",
        "the same over the loop as the blog has it: nonlin(x, deriv), np.dot, whole-number inputs",
        "epochs/s",
        blog.against_nonlin_loop,
        aim=1.7,
    ),
    _speed(
        "blog-sklearn",
        "the same over scikit-learn's MLPClassifier: sigmoid output, logarithmic loss, biases",
        "epochs/s",
        blog.against_classifier,
        aim=15,
    ),
    _speed(
        "blog-sklearn-regressor",
        "the same over scikit-learn's MLPRegressor: linear output, squared error, biases",
        "epochs/s",
        blog.against_regressor,
        aim=15,
    ),
    _speed(
        "blog-torch",
        "the same over PyTorch eager, float64, SGD",
        "epochs/s",
        blog.against_torch,
        aim=10,
    ),
    _speed(
        "spiral-4-2",
        "spiral 2-4-2-1 in batches of 10, over a NumPy loop of the same arithmetic tuned by hand",
        "epochs/s",
        spiral.against_tuned_loop(4, 2),
        aim=0.9,
    ),
    _speed(
        "spiral-8-8-8",
        "spiral 2-8-8-8-1 in batches of 10, over the same",
        "epochs/s",
        spiral.against_tuned_loop(8, 8, 8),
        aim=0.9,
    ),
    _speed(
        "spiral-4-2-folded",
        "2-4-2-1 over a loop with the biases folded into the weights, which rounds differently",
        "epochs/s",
        spiral.against_folded_loop(4, 2),
        aim=0.9,
    ),
    _speed(
        "spiral-8-8-8-folded",
        "2-8-8-8-1 over the same",
        "epochs/s",
        spiral.against_folded_loop(8, 8, 8),
        aim=0.9,
    ),
    _speed(
        "digits-torch",
        "digits 64-128-64-10, batches of 64, float32, Adam, over PyTorch eager with fused Adam",
        "samples/s",
        digits.digits_against_torch,
        aim=1,
    ),
    Measure(
        "autosave-blog",
        ENGINE,
        "blog-xor in slices, kept on disk all the time as on the screen, over the same not kept",
        "epochs/s",
        autosave.blog,
        aim=0.98,
    ),
    Measure(
        "autosave-pictures",
        ENGINE,
        "784-256-128-10 with Adam in batches of 64, kept on disk, over the same not kept",
        "epochs/s",
        autosave.pictures,
        aim=0.98,
    ),
    Measure(
        "travel",
        ENGINE,
        "the slowest way to one of 50 epochs of a 100,000-epoch blog run, over the run itself",
        "ms (median of the ways)",
        travel.jumps,
        aim=0.3,
        at_most=True,
    ),
    Measure(
        "memory",
        ENGINE,
        "the largest the process has been after the losses of 10 million epochs, over 10 thousand",
        "MB",
        memory.growth,
        aim=1.05,
        at_most=True,
    ),
    Measure(
        "screen-speed",
        SCREEN,
        "blog-xor flat out with the screen live, 160 x 45, over the trainer alone",
        "epochs/s",
        screen.throughput,
        aim=0.9,
    ),
    _cost(
        "screen-keys",
        "from a key to what it does on the screen, 95th percentile, training over paused",
        "ms",
        screen.keys,
        aim=1.5,
    ),
    _cost(
        "screen-bytes-80x24",
        "sent while training at 10 pictures a second, over the 8 kB/s that may be",
        "kB/s",
        screen.bytes_while_training((80, 24), allowed=8),
        aim=1,
    ),
    _cost(
        "screen-bytes-200x60",
        "the same over 25 kB/s",
        "kB/s",
        screen.bytes_while_training((200, 60), allowed=25),
        aim=1,
    ),
    _cost(
        "screen-bytes-paused",
        "sent while paused, over 0.2 kB/s",
        "kB/s",
        screen.bytes_while_paused(allowed=0.2),
        aim=1,
    ),
    _cost(
        "screen-start",
        "to the first picture, over the barest program of Textual and NumPy",
        "s",
        screen.startup,
        aim=1.5,
    ),
    _cost(
        "screen-paused",
        "the processor's time while paused, over a hundredth of it",
        "% of a processor",
        screen.processor,
        aim=1,
    ),
    Measure(
        "autosave-age",
        KILLED,
        "the oldest state left by 30 kills of the program as it trains on the screen, over 1 s",
        "s",
        at_risk.age,
        aim=1,
        at_most=True,
    ),
)

MEASURES: dict[str, Measure] = {entry.name: entry for entry in _ENTRIES}
"""Measures by name, those of a group one after the other."""
