"""The program, noting when it had come how far: ``python -m nn_tui.bench.logged FILE …``.

A record is written whenever the run is offered to be saved, which is after every slice,
unless an update was left in the middle.
"""

import runpy
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from nn_tui.files.runs.autosave import Autosaver
from nn_tui.training.timeline import Timeline

_RECORD = struct.Struct("<dqq")

Place = tuple[int, int]
"""The epoch, and the updates that were done of the next."""


def run_logged(log: str, *words: str) -> None:
    """``nn-tui`` with ``words``; ends the process as it does."""
    offer = Autosaver.offer
    with open(log, "ab", buffering=0) as file:

        def noted(saver: Autosaver, timeline: Timeline, at_once: bool = False) -> None:
            epoch, updates = timeline.trainer.stands
            if updates is not None:
                file.write(_RECORD.pack(time.monotonic(), epoch, updates))
            offer(saver, timeline, at_once)

        sys.argv[1:] = words
        with patch.object(Autosaver, "offer", noted):
            runpy.run_module("nn_tui", run_name="__main__")


def read_log(log: Path) -> Iterator[tuple[float, Place]]:
    """Monotonic seconds and the place of each record; one that was cut off is left out."""
    content = log.read_bytes()
    for at, *place in _RECORD.iter_unpack(content[: len(content) // _RECORD.size * _RECORD.size]):
        yield at, (place[0], place[1])


if __name__ == "__main__":
    run_logged(*sys.argv[1:])
