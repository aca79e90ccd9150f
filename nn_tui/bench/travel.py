"""How long it takes to be at any epoch of a long run."""

import statistics
import time

import numpy as np

from nn_tui import experiment
from nn_tui.bench.timing import RaceResult
from nn_tui.sitting import new_timeline

EPOCHS, JUMPS = 100_000, 50
_SLICE = 1 / 15


def jumps() -> RaceResult:
    """Milliseconds that the slowest of ``JUMPS`` takes, over those that the whole run took."""
    timeline = new_timeline(experiment.load_experiment("blog"))
    while timeline.trainer.epoch < EPOCHS:
        timeline.run_for(_SLICE, EPOCHS)
    whole = 1000 * timeline.trainer.seconds
    took = []
    for epoch in np.random.default_rng(1).integers(0, EPOCHS, JUMPS).tolist():
        began = time.perf_counter()
        timeline.go_to(epoch)
        took.append(1000 * (time.perf_counter() - began))
    low, middle, high = min(took), statistics.median(took), max(took)
    return RaceResult(high / whole, low / whole, high / whole, middle, whole)
