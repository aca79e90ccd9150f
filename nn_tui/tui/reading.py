"""Reading samples off the event loop, with progress and a way to stop it."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import LoadCancelled
from nn_tui.recipe import Recipe


async def read_data(
    recipe: Recipe, cancelled: threading.Event, say: Callable[[str, bool], None]
) -> Dataset:
    """The samples of ``recipe``; ``say`` hears how far it is, and what is to be known of them.

    Raises InputError, ValueError once ``cancelled`` is set.
    """
    loop = asyncio.get_running_loop()
    told = 0

    def progress(share: float) -> None:
        nonlocal told
        percent = int(100 * share)
        if percent > told:
            told = percent
            sentence = f"reading {recipe.data.source}: {percent} % (esc stops it)"
            loop.call_soon_threadsafe(say, sentence, False)

    try:
        read = partial(experiment.dataset, recipe, progress, cancelled.is_set)
        dataset = await asyncio.to_thread(read)
    except LoadCancelled:
        raise ValueError("reading was stopped; everything is as it was") from None
    for note in dataset.notes:
        say(note, False)
    return dataset
