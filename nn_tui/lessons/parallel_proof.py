"""Proving many trials in parallel processes."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.lesson import Lesson
from nn_tui.lessons.parsing import read_lesson
from nn_tui.lessons.proof import TrialResult, prove, trials_of
from nn_tui.trials import worker
from nn_tui.trials.process_executor import default_jobs, signals_blocked


def prove_all(
    lessons: Sequence[Lesson], jobs: int | None = None
) -> Iterator[tuple[Lesson, TrialResult]]:
    """Prove all trials of ``lessons`` and yield the results in their order.

    ``jobs`` processes work at the same time, by default as many as there are processors; they end
    with this process, however it ends. Raises LessonError if one of them was killed.
    """
    tasks = [(lesson, i) for lesson in lessons for i in range(len(trials_of(lesson)))]
    context = multiprocessing.get_context("spawn")
    watched, kept = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        min(jobs or default_jobs(), len(tasks)),
        mp_context=context,
        initializer=worker.begin,
        initargs=(context.RawValue("b", 0), watched),
    )
    try:
        with signals_blocked():  # the processes inherit it, and then ignore Ctrl+C
            futures = [pool.submit(_prove, lesson.path, i) for lesson, i in tasks]
        for (lesson, _), future in zip(tasks, futures, strict=True):
            yield lesson, future.result()
    except BrokenProcessPool:
        raise LessonError("a process was killed before the lessons were proved") from None
    finally:
        for end in (watched, kept):
            end.close()  # the processes exit, also in the middle of a trial
        pool.shutdown(cancel_futures=True)


def _prove(path: Path, number: int) -> TrialResult:
    lesson = read_lesson(path)
    return prove(lesson, *trials_of(lesson)[number])
