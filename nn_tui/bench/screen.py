"""Cost and response time of the screen, measured on a pseudo-terminal."""

import statistics
import time
from collections.abc import Callable

from nn_tui import experiment
from nn_tui.bench.pty_app import PtyApp, TerminalScreen
from nn_tui.bench.timing import RaceResult
from nn_tui.training.trainer import Trainer

_UNLIMITED = ("--set", "training.epochs=0", "--set", "view.pace=0")
_WITHOUT_END = ("--set", "training.stop_loss=none")
_AT_1000_EPOCHS_PER_SECOND = ("--set", "training.epochs=0", "--set", "view.pace=1000")
_NETWORK = "blog-xor"
_INFO = -2  # row of the message line, about the field under the cursor
_SETTLED = 1.5  # seconds until output settles after a start or a key press


def throughput(name: str) -> Callable[[], RaceResult]:
    """Epochs per CPU second with the screen updating, over those of the trainer alone, in turns.

    What drawing takes counts, on whichever processor it runs.
    """
    return lambda: _throughput(name)


def _throughput(name: str) -> RaceResult:
    opened = experiment.load_experiment(name, ["training.epochs=0", "training.stop_loss=none"])
    trainer = Trainer(opened.recipe, opened.dataset)
    rounds = []
    with _ready(PtyApp((name, *_UNLIMITED, *_WITHOUT_END), (160, 45))) as app:
        for _ in range(8):
            app.press(" ")
            app.read_for(0.5)  # after a pause, frames are more frequent than usual
            live = _epochs_per_cpu_second(app)
            app.press(" ")
            app.wait_for(lambda screen: "paused" in screen.lines[0])
            app.read_for(0.2)
            before, began = trainer.epoch, time.process_time()
            trainer.run_for(1.5)
            rounds.append((live, (trainer.epoch - before) / (time.process_time() - began)))
    return _of_rounds(rounds[1:])


def frames(name: str, size: tuple[int, int], wanted: float) -> Callable[[], RaceResult]:
    """Frames per second of training at full speed, over those ``wanted``."""
    return lambda: _frames(name, size, wanted)


def _frames(name: str, size: tuple[int, int], wanted: float) -> RaceResult:
    with _ready(PtyApp((name, *_UNLIMITED, *_WITHOUT_END), size)) as app:
        app.press(" ")
        app.read_for(_SETTLED)
        before, began = app.frames, time.perf_counter()
        app.read_for(6)
        rate = (app.frames - before) / (time.perf_counter() - began)
    return RaceResult(rate / wanted, rate / wanted, rate / wanted, rate, wanted)


def keys() -> RaceResult:
    """Milliseconds from a key press to its effect, 95th percentile.

    During training at full speed, over those while paused, in turns.
    """
    running: list[float] = []
    paused: list[float] = []
    with _ready(PtyApp((_NETWORK, *_UNLIMITED), (160, 45))) as app:
        for _ in range(5):
            for word, seen in (("paused", paused), ("running", running)):
                if word == "running" or running:
                    app.press(" ")
                app.read_for(0.5)
                seen += _response_times(app, 16)
    ours, peer = _percentile(running), _percentile(paused)
    return RaceResult(ours / peer, ours / peer, ours / peer, ours, peer)


def bytes_while_training(size: tuple[int, int], allowed: float) -> Callable[[], RaceResult]:
    """kB/s of output over SSH, over ``allowed``."""
    return lambda: _bytes_while_training(size, allowed)


def _bytes_while_training(size: tuple[int, int], allowed: float) -> RaceResult:
    with _ready(PtyApp((_NETWORK, *_AT_1000_EPOCHS_PER_SECOND), size, over_ssh=True)) as app:
        app.press(" ")
        app.read_for(_SETTLED)
        before, began = app.received, time.perf_counter()
        app.read_for(6)
        rate = (app.received - before) / (time.perf_counter() - began) / 1000
    return RaceResult(rate / allowed, rate / allowed, rate / allowed, rate, allowed)


def bytes_while_paused(allowed: float) -> Callable[[], RaceResult]:
    """kB/s of output while paused, over ``allowed``."""
    return lambda: _bytes_while_paused(allowed)


def _bytes_while_paused(allowed: float) -> RaceResult:
    seconds = 5.0
    with _ready(PtyApp((_NETWORK,))) as app:
        before = app.received
        app.read_for(seconds)
        rate = (app.received - before) / seconds / 1000
    return RaceResult(rate / allowed, rate / allowed, rate / allowed, rate, allowed)


def startup() -> RaceResult:
    """Seconds to the first frame, over those of a minimal app with the same libraries."""
    rounds = []
    for _ in range(6):
        ours = _seconds_to(PtyApp(("blog",)), lambda screen: "ready" in screen.lines[0])
        bare = PtyApp(size=(80, 24), program=("-m", "nn_tui.tui.bare_app"))
        rounds.append((ours, _seconds_to(bare, lambda screen: "epoch 0" in screen.lines[0])))
    return _of_rounds(rounds[1:])


def cpu_use() -> RaceResult:
    """CPU use in percent while paused, over one percent."""
    seconds = 5.0
    with _ready(PtyApp((_NETWORK,), (160, 45))) as app:
        before = app.cpu_seconds()
        app.read_for(seconds)
        share = 100 * (app.cpu_seconds() - before) / seconds
    return RaceResult(share, share, share, share, 1.0)


def _ready(app: PtyApp) -> PtyApp:
    """Wait until the app is idle, with the first minute of the first start closed, in pane 2."""
    app.wait_for(lambda screen: "epoch 0" in screen.lines[0] and "5 Loss" in screen.text)
    app.read_for(_SETTLED)
    if "First minute" in app.screen.text:
        app.press("\x1b")
        app.read_for(_SETTLED)
        app.press("2")
        app.read_for(_SETTLED)
    return app


def _epochs_per_cpu_second(app: PtyApp) -> float:
    """Epochs between two frames about 1.5 s apart, over the CPU time of the program."""
    first, began = _next_frame(app), app.cpu_seconds()
    app.read_for(1.5)
    last, ended = _next_frame(app), app.cpu_seconds()
    return (last - first) / (ended - began)


def _next_frame(app: PtyApp) -> int:
    shown = app.epoch
    app.wait_for(lambda screen: app.epoch != shown)
    return app.epoch


def _response_times(app: PtyApp, count: int) -> list[float]:
    """Milliseconds from each of ``count`` key presses to its effect."""
    times = []
    for i in range(count):
        app.read_for(0.05 + 0.01 * (i % 7))  # at varying phases of a frame
        before, began = app.screen.lines[_INFO], time.perf_counter()
        app.press("jk"[i % 2])
        app.wait_for(lambda screen, before=before: screen.lines[_INFO] != before)  # type: ignore[misc]
        times.append(1000 * (time.perf_counter() - began))
    return times


def _percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _seconds_to(app: PtyApp, wanted: Callable[[TerminalScreen], object]) -> float:
    began = time.perf_counter()
    with app:
        app.wait_for(wanted)
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
