"""How much more memory a long run takes than a short one.

Ten million epochs even of the blog's network take a minute. What could grow with them is
what is kept of their losses, so those go in where the trainer puts them, in chunks of the
size it has, with a snapshot now and then as a screen takes it.
"""

import sys
from pathlib import Path

import numpy as np

from nn_tui import experiment
from nn_tui.bench.libraries import Skipped
from nn_tui.bench.timing import RaceResult
from nn_tui.training.trainer import Trainer

SHORT, LONG = 10_000, 10_000_000
_CHUNK = 4096
_CHUNKS_PER_SNAPSHOT = 64


def growth() -> RaceResult:
    """The process's largest size in MB after ``LONG`` epochs over that after ``SHORT``."""
    opened = experiment.load_experiment("blog")
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(_CHUNK)
    record(trainer, _CHUNK, SHORT)
    short = peak()
    record(trainer, SHORT, LONG)
    long = peak()
    return RaceResult(long / short, long / short, long / short, long, short)


def record(trainer: Trainer, begin: int, end: int) -> None:
    """Values of the epochs after ``begin`` up to ``end`` to the history and all listeners."""
    random = np.random.default_rng(begin)
    for i, first in enumerate(range(begin + 1, end + 1, _CHUNK)):
        epochs = np.arange(first, min(first + _CHUNK, end + 1))
        losses = random.random(len(epochs))
        trainer.history.append(epochs, [*random.random((len(trainer.history.names), len(epochs)))])
        for listener in trainer.listeners:
            listener(epochs, losses, np.full(len(epochs), np.nan))
        if i % _CHUNKS_PER_SNAPSHOT == 0:
            trainer.snapshot()


def peak() -> float:
    """The largest this process has been, in MB. Raises Skipped where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:
        raise Skipped("this system does not say how much memory a process took") from None
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / 1e6 if sys.platform == "darwin" else largest * 1024 / 1e6
