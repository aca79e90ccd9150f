"""The benchmarks of ``nn-tui bench``. To add one, write its function and add an entry here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from nn_tui.bench import autosave, screen, training_speed
from nn_tui.bench.peers import contests
from nn_tui.bench.timing import Contest, RaceResult, race

ENGINE, SCREEN = "engine", "screen, on a pseudo-terminal"
KILLED = "the program, killed during training"
"""Takes a minute, so it runs only if named."""


@dataclass(frozen=True)
class Measure:
    """One benchmark: ``run`` returns its result, or raises Skipped if it cannot run here.

    ``aim`` is the minimum ratio required, the maximum if ``at_most``, or None without a
    requirement. ``group`` is the heading under which it is printed.
    """

    name: str
    group: str
    help: str
    unit: str
    run: Callable[[], RaceResult]
    aim: float | None = None
    at_most: bool = False

    def met(self, ratio: float) -> bool | None:
        """Whether ``ratio`` meets the aim; None without one."""
        if self.aim is None:
            return None
        return ratio <= self.aim if self.at_most else ratio >= self.aim


def _speed(
    name: str, help: str, unit: str, prepare: Callable[[], Contest], aim: float | None = None
) -> Measure:
    """A race of the engine against a peer; ``prepare`` sets up both sides."""
    return Measure(name, ENGINE, help, unit, lambda: race(prepare()), aim)


def _cost(
    name: str, help: str, unit: str, run: Callable[[], RaceResult], aim: float | None = None
) -> Measure:
    """A cost of the screen; lower is better."""
    return Measure(name, SCREEN, help, unit, run, aim, at_most=True)


_preset, _spiral = training_speed.start_preset, training_speed.start_spiral
_COMPILED = (
    ("blog", "blog", _preset("blog"), 8),
    ("spiral", "spiral, 2-4-2-1, batch size 10", partial(_spiral, (4, 2)), 4.5),
    ("deep", "spiral, 2-8-8-8-1, batch size 10", partial(_spiral, (8, 8, 8)), 2.5),
    ("iris", "preset iris", _preset("iris"), 4),
    ("spiral-preset", "preset spiral", _preset("spiral"), 1.5),
    ("digits", "preset digits", _preset("digits"), 1.4),
    ("pictures", "784-256-128-10, float32, Adam, batch size 64", autosave.start_pictures, 1.1),
)
"""Name, help, trainers at epoch 0 and aim: what a processor without AVX-512 reaches at least. There
NumPy's tanh takes two thirds of the time of spiral and deep; with it they reach 6 and 4.5."""

_NETWORKS: dict[str, tuple[str, contests.Start]] = {
    "blog": ("the blog's network", _preset("blog")),
    "spiral": ("spiral, 2-4-2-1, batch size 10", partial(_spiral, (4, 2))),
    "spiral-full": ("spiral, 2-4-2-1, full batch", partial(_spiral, (4, 2), "all")),
    "deep": ("spiral, 2-8-8-8-1, batch size 10", partial(_spiral, (8, 8, 8))),
}
_PEERS = (
    ("jax", "JAX, jit and lax.scan, float64", contests.against_jax, (1.3, 1.3, 1.3, 1.3)),
    ("numba", "loops compiled by Numba, fastmath", contests.against_numba, (1.5, 2, 3, 3)),
    ("c", "loops in C, gcc -O3", contests.against_c, (0.4, 1.5, 2, 2)),
    (
        "c-fast",
        "loops in C, gcc -O3 -ffast-math, which rounds differently",
        contests.against_fast_c,
        (0.3, 0.3, 0.4, 0.5),
    ),
    ("v8", "TensorFlow Playground's loop in V8", contests.against_v8, (None, 8, None, 15)),
)
"""Name, help, race, and an aim for each network: those of JAX as designed, others as measured.

C is faster with the blog's network and with -ffast-math.
"""


def _peer_speeds() -> Iterator[Measure]:
    """Races of the engine against loops without Python that have the same losses."""
    for peer, by, run, aims in _PEERS:
        for (network, (help, start)), aim in zip(_NETWORKS.items(), aims, strict=True):
            if aim is not None:
                name, text = f"{network}-{peer}", f"{help}, vs {by}"
                yield Measure(name, ENGINE, text, "epochs/s", partial(run, start), aim)


_ENTRIES = (
    _speed(
        "blog",
        "the blog's network with losses recorded, vs the same loop in plain NumPy",
        "epochs/s",
        training_speed.against_plain_loop,
        aim=20,
    ),
    _speed(
        "blog-nonlin",
        "the same vs the blog's own loop: nonlin(x, deriv), np.dot, integer inputs",
        "epochs/s",
        training_speed.against_nonlin_loop,
        aim=20,
    ),
    _speed(
        "blog-sklearn",
        "the same vs scikit-learn's MLPClassifier: sigmoid output, log loss, biases",
        "epochs/s",
        training_speed.against_classifier,
        aim=80,
    ),
    _speed(
        "blog-sklearn-regressor",
        "the same vs scikit-learn's MLPRegressor: linear output, squared error, biases",
        "epochs/s",
        training_speed.against_regressor,
        aim=80,
    ),
    _speed(
        "blog-torch",
        "the same vs PyTorch eager, float64, SGD",
        "epochs/s",
        training_speed.against_torch,
        aim=10,
    ),
    _speed(
        "spiral-4-2",
        "spiral 2-4-2-1, batch size 10, vs a hand-tuned NumPy loop with the same arithmetic",
        "epochs/s",
        training_speed.against_tuned_loop(4, 2),
        aim=0.9,
    ),
    _speed(
        "spiral-8-8-8",
        "spiral 2-8-8-8-1, batch size 10, vs the same loop",
        "epochs/s",
        training_speed.against_tuned_loop(8, 8, 8),
        aim=0.9,
    ),
    _speed(
        "spiral-4-2-folded",
        "2-4-2-1 vs a loop with the biases folded into the weights, which rounds differently",
        "epochs/s",
        training_speed.against_folded_loop(4, 2),
        aim=0.9,
    ),
    _speed(
        "spiral-8-8-8-folded",
        "2-8-8-8-1 vs the same loop",
        "epochs/s",
        training_speed.against_folded_loop(8, 8, 8),
        aim=0.9,
    ),
    _speed(
        "digits-torch",
        "digits 64-128-64-10, batch size 64, float32, Adam, vs PyTorch eager with fused Adam",
        "samples/s",
        training_speed.digits_against_torch,
        aim=1,
    ),
    *(
        _speed(
            f"kernels-{name}",
            f"{help}, in the C extension, vs the same calls from Python",
            "epochs/s",
            training_speed.against_python_calls(start),
            aim=aim,
        )
        for name, help, start, aim in _COMPILED
    ),
    *_peer_speeds(),
    Measure(
        "digits-jax",
        ENGINE,
        "digits 64-128-64-10, batch size 64, float32, Adam, vs JAX, jit and lax.scan",
        "epochs/s",
        contests.digits_against_jax,
        aim=1,
    ),
    Measure(
        "autosave-blog",
        ENGINE,
        "blog-xor with autosave as on the screen, vs the same without",
        "epochs/s",
        autosave.blog_cost,
        aim=0.98,
    ),
    Measure(
        "autosave-pictures",
        ENGINE,
        "784-256-128-10, Adam, batch size 64, with autosave, vs the same without",
        "epochs/s",
        autosave.pictures_cost,
        aim=0.98,
    ),
    Measure(
        "travel",
        ENGINE,
        "the slowest of 50 jumps to an epoch of a 100,000-epoch blog run, vs the whole run",
        "ms (median of the jumps)",
        training_speed.jump_time,
        aim=0.3,
        at_most=True,
    ),
    Measure(
        "memory",
        ENGINE,
        "peak memory after recording 10 million epochs, vs 10 thousand",
        "MB",
        training_speed.memory_growth,
        aim=1.05,
        at_most=True,
    ),
    *(
        Measure(
            name,
            SCREEN,
            f"{preset} at full speed with the screen updating, 160 x 45, vs the trainer alone",
            "epochs per CPU second",
            screen.throughput(preset),
            aim=0.95,
        )
        for name, preset in (
            ("screen-speed", "blog-xor"),
            ("screen-speed-spiral", "spiral"),
            ("screen-speed-digits", "digits"),
        )
    ),
    *(
        Measure(
            f"screen-frames-{preset}",
            SCREEN,
            f"{preset} at full speed, 200 x 60, vs 8 frames per second (on an idle machine)",
            "frames/s",
            screen.frames(preset, (200, 60), 8),
            aim=1,
        )
        for preset in ("spiral", "digits")
    ),
    _cost(
        "screen-keys",
        "time from a key press to its effect, 95th percentile, during training vs paused",
        "ms",
        screen.keys,
        aim=1.5,
    ),
    _cost(
        "screen-bytes-80x24",
        "output over SSH during training, vs the limit of 8 kB/s",
        "kB/s",
        screen.bytes_while_training((80, 24), allowed=8),
        aim=1,
    ),
    _cost(
        "screen-bytes-200x60",
        "the same vs the limit of 25 kB/s",
        "kB/s",
        screen.bytes_while_training((200, 60), allowed=25),
        aim=1,
    ),
    _cost(
        "screen-bytes-paused",
        "output while paused, vs the limit of 0.2 kB/s",
        "kB/s",
        screen.bytes_while_paused(allowed=0.2),
        aim=1,
    ),
    _cost(
        "screen-start",
        "time to the first frame, vs a minimal app with Textual and NumPy",
        "s",
        screen.startup,
        aim=1.5,
    ),
    _cost(
        "screen-paused",
        "CPU use while paused, vs the limit of 1 %",
        "% of a CPU",
        screen.cpu_use,
        aim=1,
    ),
    Measure(
        "autosave-age",
        KILLED,
        "age of the oldest state saved before 30 kills during training on the screen, vs 1 s",
        "s",
        autosave.age_after_kill,
        aim=1,
        at_most=True,
    ),
)

MEASURES: dict[str, Measure] = {entry.name: entry for entry in _ENTRIES}
"""Benchmarks by name, grouped."""
