"""What was trained and saved one way continues the other way, bit for bit."""

import pytest

from nn_tui.files.runs.run_store import RunStore
from nn_tui.nn.kernels import status
from tests.files.runs.timelines import (
    change,
    into_an_epoch,
    reopened,
    replayed,
    same,
    saved,
    timeline,
    train,
)

SETTINGS = (
    "training.optimizer=adam",
    "training.learning_rate=0.01",
    "training.schedule=cosine",
    "training.clip_norm=0.5",
    "training.input_noise=0.1",
    "network.dropout=0.2",
    "training.partial_batch=carry",
    "training.shuffle=true",
)


@pytest.mark.parametrize(("first", "second"), [("on", "off"), ("off", "on")])
def test_a_run_saved_one_way_continues_the_other_way(first, second, tmp_path, monkeypatch):
    def way(name, line):
        assert (line.trainer.runner.loop.compiled is not None) == (name == "on")
        return line

    monkeypatch.setenv(status.SWITCH, first)
    line = way(first, timeline("iris", *SETTINGS))
    train(line, 5)
    change(line, 0.02)
    train(line, 5)
    into_an_epoch(line, 3)
    folder = saved(line, RunStore(tmp_path))
    folder.release()
    train(line, 10)
    monkeypatch.setenv(status.SWITCH, second)
    again = way(second, reopened(folder).timeline)
    assert again.trainer.position == (10, 3)
    train(again, 10)
    same(again.trainer, line.trainer)
    again.go_to(7)
    same(again.trainer, replayed(line.run, 7))
