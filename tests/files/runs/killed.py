"""Kills a program that trains and saves, again and again, and looks at what is left.

It must be a moment that was really there, and none that was kept before another one. It is killed
in the C extension mostly; every eighth time Python trains again what the extension had trained.

``python -m tests.files.runs.killed FOLDER TIMES``: a process of its own with one thread, since
what it does is fork.
"""

import os
import random
import signal
import struct
import sys
import time
from pathlib import Path

from nn_tui.files.runs import autosave as saver_module
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.nn.kernels import status
from tests.files.runs.timelines import change, reopened, replayed, same, timeline, train

MOMENT = struct.Struct("<d")


def work(store, folder, ready, kept):
    """Train and save until killed; into ``kept`` goes when each moment was that is kept."""
    save = RunFolder.save

    def told(folder, checkpoint):
        save(folder, checkpoint)
        os.write(kept, MOMENT.pack(checkpoint.saved_at))

    RunFolder.save = told
    saver_module.MIN_INTERVAL = saver_module.MAX_INTERVAL = 0.002
    line = timeline("blog-xor") if folder is None else reopened(folder).timeline
    assert (line.trainer.runner.loop.compiled is not None) == status.is_used()
    saver = Autosaver(store, line.run, folder)
    rng = random.Random(os.getpid())
    os.write(ready, b"x")
    while True:
        line.run_for(0.002)
        if rng.random() < 0.1:
            change(line, rng.choice([0.1, 0.5, 1.0]))
        if rng.random() < 0.05:
            line.undo()
        saver.save_if_due(line)


def main(path, times):
    store, rng = RunStore(path / "runs"), random.Random(7)
    seen, epochs, later = None, 0, 0
    wanted = os.environ.get(status.SWITCH, "")
    for number in range(times):
        folders = store.entries()
        folder = folders[0].folder if folders else None
        (ready, tell), (told, kept) = os.pipe(), os.pipe()
        child = os.fork()
        if child == 0:
            work(store, folder, tell, kept)
        os.close(tell)
        os.close(kept)
        os.read(ready, 1)
        os.close(ready)
        # Every other one is killed only after it has kept something, however slow it is.
        first = os.read(told, MOMENT.size) if number % 2 else b""
        time.sleep(rng.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        moments = [moment for (moment,) in MOMENT.iter_unpack(first + whole(told))]
        entries = store.entries()
        if not entries:
            assert seen is None and not moments, "a run that was there is gone"
            continue
        seen = entries[0].folder
        if number % 8 == 0:
            os.environ[status.SWITCH] = "off"
        assert entries[0].checkpoint.saved_at >= max(moments, default=0), "a later one is gone"
        later += bool(moments)
        again = reopened(seen).timeline
        if not again.trainer.at_rest:
            train(again, 1)  # within an epoch a replayed run never stands
        same(again.trainer, replayed(again.run, again.trainer.epoch))
        os.environ[status.SWITCH] = wanted
        epochs = max(epochs, again.trainer.epoch)
        if again.trainer.epoch > 20_000:  # it takes long to replay: begin anew
            seen.release()
            store.delete(seen)
            seen = None
        else:
            seen.release()
    assert later, "each was killed before it had kept anything"
    print(f"{times} kills, {later} of them after something was kept, up to epoch {epochs:,}")


def whole(pipe):
    """All that was written into a pipe whose other end is closed."""
    with open(pipe, "rb") as file:
        return file.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
