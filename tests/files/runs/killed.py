"""Kills a program that trains and saves, again and again, and looks at what is left.

``python -m tests.files.runs.killed FOLDER TIMES``: a process of its own with one thread, since
what it does is fork.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from nn_tui.files.runs import saver as saver_module
from nn_tui.files.runs.saver import Saver
from nn_tui.files.runs.shelf import Shelf
from tests.files.runs.sittings import change, reopened, replayed, same, timeline


def work(shelf, folder, ready):
    """Train and save until killed."""
    saver_module.EVERY_SECONDS = saver_module.LONGEST_SECONDS = 0.002
    line = timeline("blog-xor") if folder is None else reopened(folder).timeline
    saver = Saver(shelf, line.run, folder)
    rng = random.Random(os.getpid())
    os.write(ready, b"x")
    while True:
        line.run_for(0.002)
        if rng.random() < 0.1:
            change(line, rng.choice([0.1, 0.5, 1.0]))
        if rng.random() < 0.05:
            line.undo()
        saver.offer(line)


def main(path, times):
    shelf, rng = Shelf(path / "runs"), random.Random(7)
    seen, epochs = None, 0
    for _ in range(times):
        folders = shelf.entries()
        folder = folders[0].folder if folders else None
        ready, tell = os.pipe()
        child = os.fork()
        if child == 0:
            work(shelf, folder, tell)
        os.close(tell)
        os.read(ready, 1)
        os.close(ready)
        time.sleep(rng.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        entries = shelf.entries()
        if not entries:
            assert seen is None, "a run that was there is gone"
            continue
        seen = entries[0].folder
        again = reopened(seen).timeline
        same(again.trainer, replayed(again.run, again.trainer.epoch))
        epochs = max(epochs, again.trainer.epoch)
        if again.trainer.epoch > 20_000:  # it takes long to replay: begin anew
            seen.release()
            shelf.delete(seen)
            seen = None
        else:
            seen.release()
    print(f"{times} kills, up to epoch {epochs:,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
