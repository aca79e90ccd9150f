"""The program on a pseudo-terminal: what the screen costs, and how soon it answers."""

import statistics
import time
from collections.abc import Callable

from nn_tui import experiment
from nn_tui.bench.pty_app import PtyApp, TerminalScreen
from nn_tui.bench.timing import RaceResult
from nn_tui.training.trainer import Trainer

_FLAT_OUT = ("--set", "training.epochs=0", "--set", "view.pace=0")
_AT_EVERY_FRAME = ("--set", "training.epochs=0", "--set", "view.pace=1000")
_NETWORK = "blog-xor"
_INFO = -2  # the line that tells of the field under the cursor
_SETTLED = 1.5  # seconds after which nothing is left of starting, or of a key


def throughput() -> RaceResult:
    """Epochs a second with the screen live, over those of the trainer alone, in turns."""
    opened = experiment.load_experiment(_NETWORK, ["training.epochs=0"])
    trainer = Trainer(opened.recipe, opened.dataset)
    rounds = []
    with _ready(PtyApp((_NETWORK, *_FLAT_OUT), (160, 45))) as screen:
        for _ in range(8):
            screen.press(" ")
            screen.read_for(0.5)  # a rest leaves room for more pictures than usual
            live = _epochs_per_second(screen)
            screen.press(" ")
            screen.wait_for(lambda eye: "paused" in eye.lines[0])
            screen.read_for(0.2)
            before, began = trainer.epoch, time.perf_counter()
            trainer.run_for(1.5)
            rounds.append((live, (trainer.epoch - before) / (time.perf_counter() - began)))
    return _of_rounds(rounds[1:])


def keys() -> RaceResult:
    """Milliseconds from a key to what it does on the screen, the 95th percentile.

    While training flat out over while paused, in turns.
    """
    running: list[float] = []
    paused: list[float] = []
    with _ready(PtyApp((_NETWORK, *_FLAT_OUT), (160, 45))) as screen:
        for _ in range(5):
            for word, seen in (("paused", paused), ("running", running)):
                if word == "running" or running:
                    screen.press(" ")
                screen.read_for(0.5)
                seen += _answers(screen, 16)
    ours, peer = _percentile(running), _percentile(paused)
    return RaceResult(ours / peer, ours / peer, ours / peer, ours, peer)


def bytes_while_training(size: tuple[int, int], allowed: float) -> Callable[[], RaceResult]:
    """kB a second at ten pictures a second, over what is allowed; flat out there are fewer."""
    return lambda: _bytes_while_training(size, allowed)


def _bytes_while_training(size: tuple[int, int], allowed: float) -> RaceResult:
    with _ready(PtyApp((_NETWORK, *_AT_EVERY_FRAME), size, over_ssh=True)) as screen:
        screen.press(" ")
        screen.read_for(_SETTLED)
        bytes_before, pictures_before = screen.received, screen.pictures
        screen.read_for(6)
        pictures = screen.pictures - pictures_before
        rate = 10 * (screen.received - bytes_before) / pictures / 1000
    return RaceResult(rate / allowed, rate / allowed, rate / allowed, rate, allowed)


def bytes_while_paused(allowed: float) -> Callable[[], RaceResult]:
    """kB a second while nothing happens, over what is allowed."""
    return lambda: _bytes_while_paused(allowed)


def _bytes_while_paused(allowed: float) -> RaceResult:
    seconds = 5.0
    with _ready(PtyApp((_NETWORK,))) as screen:
        before = screen.received
        screen.read_for(seconds)
        rate = (screen.received - before) / seconds / 1000
    return RaceResult(rate / allowed, rate / allowed, rate / allowed, rate, allowed)


def startup() -> RaceResult:
    """Seconds to the first picture, over those of the barest program of the same libraries."""
    rounds = []
    for _ in range(6):
        ours = _seconds_to(PtyApp(("blog",)), lambda eye: "ready" in eye.lines[0])
        bare = PtyApp(size=(80, 24), program=("-m", "nn_tui.tui.bare_app"))
        rounds.append((ours, _seconds_to(bare, lambda eye: "epoch 0" in eye.lines[0])))
    return _of_rounds(rounds[1:])


def processor() -> RaceResult:
    """Hundredths of a processor while paused, over one."""
    seconds = 5.0
    with _ready(PtyApp((_NETWORK,), (160, 45))) as screen:
        before = screen.processor_seconds()
        screen.read_for(seconds)
        share = 100 * (screen.processor_seconds() - before) / seconds
    return RaceResult(share, share, share, share, 1.0)


def _ready(screen: PtyApp) -> PtyApp:
    screen.wait_for(lambda eye: "epoch 0" in eye.lines[0] and "5 Loss" in eye.text)
    screen.read_for(_SETTLED)
    return screen


def _epochs_per_second(screen: PtyApp) -> float:
    """From one picture to another about a second and a half later."""
    first, began = _next_picture(screen)
    screen.read_for(1.5)
    last, ended = _next_picture(screen)
    return (last - first) / (ended - began)


def _next_picture(screen: PtyApp) -> tuple[int, float]:
    shown = screen.epoch
    screen.wait_for(lambda eye: screen.epoch != shown)
    return screen.epoch, time.perf_counter()


def _answers(screen: PtyApp, count: int) -> list[float]:
    """How long each of ``count`` keys takes to show, in milliseconds."""
    taken = []
    for i in range(count):
        screen.read_for(0.05 + 0.01 * (i % 7))  # at any moment of a picture
        before, began = screen.eye.lines[_INFO], time.perf_counter()
        screen.press("jk"[i % 2])
        screen.wait_for(lambda eye, before=before: eye.lines[_INFO] != before)  # type: ignore[misc]
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def _percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _seconds_to(screen: PtyApp, wanted: Callable[[TerminalScreen], object]) -> float:
    began = time.perf_counter()
    with screen:
        screen.wait_for(wanted)
        return time.perf_counter() - began


def _of_rounds(rounds: list[tuple[float, float]]) -> RaceResult:
    ratios = [ours / peer for ours, peer in rounds]
    return RaceResult(
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        statistics.median(ours for ours, _ in rounds),
        statistics.median(peer for _, peer in rounds),
    )
