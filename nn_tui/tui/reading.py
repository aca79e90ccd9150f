"""Reading samples off the event loop, with progress and a way to stop it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import LoadCancelled
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.recipe.recipe import Recipe

T = TypeVar("T")

Say = Callable[[str, bool], None]
Progress = Callable[[float], None]
Stopped = Callable[[], bool]


async def read_data(recipe: Recipe, stopped: Stopped, say: Say, stop: str) -> Dataset:
    """The samples of ``recipe``; ``say`` hears how far it is.

    ``stop`` is the key after which ``stopped`` says so.

    Raises InputError, also once it was ``stopped``.
    """

    def read(progress: Progress) -> Dataset:
        return experiment.dataset_of(recipe, progress, stopped)

    return await _read(recipe.data.source, read, say, stop)


async def read_experiment(
    text: str, assignments: Sequence[str], stopped: Stopped, say: Say, stop: str
) -> Experiment:
    """What ``text`` names: a preset, a recipe, a data file, a link, with some ``KEY=VALUE``s.

    Raises as ``read_data``.
    """

    def read(progress: Progress) -> Experiment:
        return experiment.load_experiment(text, assignments, (), progress, stopped)

    return await _read(text, read, say, stop)


async def _read(what: str, read: Callable[[Progress], T], say: Say, stop: str) -> T:
    loop = asyncio.get_running_loop()
    told = 0

    def progress(share: float) -> None:
        nonlocal told
        percent = int(100 * share)
        if percent > told:
            told = percent
            sentence = f"reading {what}: {percent} % ({stop} stops it)"
            loop.call_soon_threadsafe(say, sentence, False)

    try:
        return await asyncio.to_thread(read, progress)
    except LoadCancelled:
        raise InputError("reading was stopped; everything is as it was") from None
