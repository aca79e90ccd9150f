"""Proving many trials in parallel processes."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.lesson import Lesson
from nn_tui.lessons.parsing import read_lesson
from nn_tui.lessons.proof import TrialResult, prove, trials_of


def prove_all(
    lessons: Sequence[Lesson], processes: int | None = None
) -> Iterator[tuple[Lesson, TrialResult]]:
    """Prove all trials of ``lessons`` and yield the results in their order.

    As many ``processes`` as there are processors, unless a number is given. Raises LessonError
    if one of them was killed.
    """
    tasks = [(lesson, i) for lesson in lessons for i in range(len(trials_of(lesson)))]
    workers = min(processes or os.cpu_count() or 1, len(tasks))
    with ProcessPoolExecutor(workers, initializer=_prepare, initargs=(os.getpid(),)) as pool:
        futures = [pool.submit(_prove, lesson.path, i) for lesson, i in tasks]
        try:
            for (lesson, _), future in zip(tasks, futures, strict=True):
                yield lesson, future.result()
        except BrokenProcessPool:
            raise LessonError("a process was killed before the lessons were proved") from None
        finally:
            pool.shutdown(cancel_futures=True)


def _prove(path: Path, number: int) -> TrialResult:
    lesson = read_lesson(path)
    return prove(lesson, *trials_of(lesson)[number])


def _prepare(parent: int) -> None:
    """Leave Ctrl+C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
