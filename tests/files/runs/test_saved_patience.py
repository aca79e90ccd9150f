"""A saved run with a validation set, class weights and patience continues as if never closed."""

import pytest

from nn_tui.files.runs.run_store import RunStore
from tests.files.runs.timelines import reopened, same, saved, timeline, train

SETS = (
    "training.patience=10",
    "data.noise=0.3",
    "data.validation_fraction=0.2",
    "training.class_weights=orange:2",
)


def stop(line):
    while not line.trainer.stopped:
        line.run_for(60, 500)


@pytest.mark.parametrize("before", [3, 12])
def test_a_run_reopened_before_it_stops_stops_in_the_same_epoch(tmp_path, before):
    whole, part = timeline("moons", *SETS), timeline("moons", *SETS)
    stop(whole)
    train(part, whole.trainer.epoch - before)
    again = reopened(saved(part, RunStore(tmp_path))).timeline
    assert again.trainer.best == part.trainer.best
    stop(again)
    same(again.trainer, whole.trainer)
    assert (again.trainer.stopped, again.trainer.best) == (
        whole.trainer.stopped,
        whole.trainer.best,
    )
