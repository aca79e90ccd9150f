"""A worker process: it trains the trials that it is sent.

Nothing here imports NumPy before ``begin`` has set the number of BLAS threads.
"""

import os
import signal
import threading
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctypes import c_byte

    from nn_tui.trials.outcome import Outcome
    from nn_tui.trials.plan import Trial
    from nn_tui.trials.runner import TrialRunner

IGNORED_SIGNALS = (signal.SIGINT, signal.SIGHUP)
"""Ctrl+C reaches every process of the terminal; the first one decides what is kept."""

_cancel: "c_byte"
_known: "dict[str, TrialRunner]" = {}


def begin(cancel: "c_byte", alive: Connection, niceness: int = 0) -> None:
    """Prepare the process. A ``cancel`` of 1 ends its trials; it exits when ``alive`` is closed.

    ``alive`` is closed by the process that started it, also when that one is killed.
    """
    global _cancel
    from nn_tui.blas_threads import VARIABLES

    _cancel = cancel
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    if niceness:
        os.nice(niceness)
    for number in IGNORED_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # the terminal may be showing the screen
        os.dup2(null, stream)
    threading.Thread(target=_exit_with_parent, args=(alive,), daemon=True).start()


def _exit_with_parent(alive: Connection) -> None:
    wait([alive])
    for path in _known:
        try:
            os.unlink(path)
        except OSError:
            continue  # the parent, or another worker, has removed it
    os._exit(0)


def warm_up() -> None:
    """Import what trials need."""
    import warnings

    import nn_tui.trials.runner  # noqa: F401

    warnings.filterwarnings("ignore", category=RuntimeWarning)  # divergence is an outcome


def _cancelled() -> bool:
    return bool(_cancel.value)


def run_task(path: str, trials: "list[Trial]") -> "tuple[float, list[Outcome]]":
    """Train trials with the pickled ``TrialRunner`` at ``path``, which is read once.

    Return the seconds that it took, and the outcomes, fewer if cancelled.
    """
    import pickle
    import time

    began = time.perf_counter()
    if path not in _known:
        with open(path, "rb") as file:
            runner = pickle.load(file)
        _known.clear()
        _known[path] = runner
    outcomes = []
    for trial in trials:
        outcome = None if _cancelled() else _known[path].run(trial, _cancelled)
        if outcome is None:
            break
        outcomes.append(outcome)
    return time.perf_counter() - began, outcomes
