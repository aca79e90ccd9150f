"""Between any two updates of an epoch a run can be left and gone on with, to the last bit."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.training import batches as epochs_module
from nn_tui.training import chunk_size
from nn_tui.training import epoch_walk as walk_module
from nn_tui.training import partial_epoch as open_epoch_module
from nn_tui.training.epoch_walk import CallWalk
from nn_tui.training.partial_epoch import PartialEpoch
from nn_tui.training.trainer import Trainer
from tests.training.runs import points, recipe, same
from tests.training.test_slices import RUNS, start

EPOCH = 7  # one whose losses are due


@pytest.fixture
def in_pieces(monkeypatch):
    """An epoch is left after every piece, though it be in the middle of an update."""
    monkeypatch.setattr(chunk_size, "_SECONDS", 0.0)
    monkeypatch.setattr(open_epoch_module, "_EXTRA_SECONDS", 0.0)
    return monkeypatch


def left_everywhere(trainer):
    """Train an epoch; what could be saved on the way, and how often nothing could."""
    kept, never = [], 0
    while trainer.epoch < EPOCH:
        trainer.run_for(0.0, last_epoch=EPOCH)
        if trainer.partial_epoch is not None:
            assert trainer.position == (EPOCH - 1, trainer.partial_epoch.updates)
            kept.append((trainer.keyframe(), trainer.partial_epoch))
        never += trainer.position[1] is None
    return kept, never


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", RUNS)
def test_gone_on_with_it_ends_as_if_it_had_never_been_left(name, large, in_pieces):
    """Also where what is taken apart into pieces has become another since."""
    if large:
        in_pieces.setattr(epochs_module, "_LARGE_UPDATE", 0)
    trainer, _ = start(name)
    trainer.run_epochs(EPOCH - 1)
    kept, never = left_everywhere(trainer)
    assert kept and (never or not large)
    in_pieces.undo()
    for keyframe, halfway in [*kept[:: max(1, len(kept) // 12)], kept[-1]]:
        again, _ = start(name)
        again.restore(keyframe)
        again.enter(halfway)
        seen = again.snapshot()
        assert (seen.epoch, seen.evaluated) == (EPOCH - 1, EPOCH - 1) and seen.progress > 0
        np.testing.assert_array_equal(seen.parameters, halfway.saved.arrays["parameters"])
        again.run_epochs(1)
        same(again, trainer)


def test_it_is_left_between_two_updates_unless_they_take_long(monkeypatch):
    monkeypatch.setattr(chunk_size, "_SECONDS", 0.0)
    monkeypatch.setattr(epochs_module, "_LARGE_UPDATE", 0)
    monkeypatch.setattr(open_epoch_module, "_EXTRA_SECONDS", 3600)
    trainer, _ = start("windows")
    trainer.run_epochs(EPOCH - 1)
    kept, never = left_everywhere(trainer)
    assert not never
    assert {halfway.updates for _, halfway in kept} == set(range(1, 264))


def test_a_long_epoch_whose_end_alone_is_to_be_done_tells_nothing_of_how_long_one_takes(
    in_pieces,
):
    """Else whole epochs would be run at once, and nobody could stop them for seconds."""
    trainer = Trainer(recipe(batch_size=10), points())
    trainer.run_epochs(EPOCH - 1)
    keyframe, halfway = left_everywhere(trainer)[0][-1]
    in_pieces.undo()
    in_pieces.setattr(chunk_size, "_SECONDS", 1000.0)  # its end is quick beside that
    again = Trainer(recipe(batch_size=10), points())
    again.restore(keyframe)
    again.enter(halfway)
    again.run_for(0.0)
    assert again.epoch == EPOCH
    again.run_for(0.0)
    assert again.epoch == EPOCH + 1


def test_an_epoch_that_cannot_have_been_is_refused_and_nothing_changes(in_pieces):
    trainer = Trainer(recipe(batch_size=10), points())
    trainer.run_epochs(EPOCH - 1)
    (_, halfway), *_ = left_everywhere(trainer)[0]
    foreign = Trainer(recipe(batch_size=10, hidden=(3,)), points())
    one = Trainer(recipe(batch_size=10), points())
    for trainer, wrong in (
        (one, replace(halfway, updates=10**9)),
        (one, replace(halfway, updates=0)),
        (foreign, halfway),
    ):
        before = trainer.snapshot()
        with pytest.raises(ValueError, match=r"not have \d+ updates|not those of this network"):
            trainer.enter(wrong)
        assert trainer.at_rest
        np.testing.assert_array_equal(trainer.snapshot().parameters, before.parameters)


class Clocked:
    """An epoch of ``updates`` that have ten pieces each, by a clock of its own."""

    def __init__(self, monkeypatch, updates, piece):
        self.now, self.state, self.piece = 0.0, self, piece
        self.starts = tuple(range(0, 10 * updates + 1, 10))
        for module in (open_epoch_module, walk_module):
            monkeypatch.setattr(module, "time", self)

    def perf_counter(self):
        return self.now

    def save(self):
        return None

    def walk(self, epoch):
        return CallWalk([self.take_a_while] * self.starts[-1], self.starts)

    def take_a_while(self):
        self.now += self.piece


@pytest.mark.parametrize("seconds", [0.05, 0.07, 0.15])
@pytest.mark.parametrize("update", [0.1, 0.3, 2.0])
def test_after_every_long_update_there_is_a_moment_that_can_be_saved(update, seconds, monkeypatch):
    clock = Clocked(monkeypatch, 12, update / 10)
    epoch = open_epoch_module.PartialEpoch(clock, 1)
    saved_at = [0.0]
    while not epoch.done:
        epoch.run(clock.now + seconds)
        if epoch.updates is not None:
            saved_at.append(clock.now)
    apart = np.diff(saved_at)
    assert apart.max() <= max(update, seconds) + open_epoch_module._EXTRA_SECONDS + 1e-9


def test_short_updates_fill_the_time_there_is(monkeypatch):
    clock = Clocked(monkeypatch, 1000, 0.0001)
    epoch = open_epoch_module.PartialEpoch(clock, 1)
    for end in (0.1, 0.2, 0.3):
        epoch.run(end)
        assert end <= clock.now <= end + 0.0011


def test_whole_epochs_after_an_unfinished_one_begin_at_their_first_update():
    made = recipe(batch_size=3, hidden=(4,))
    left, reference = (Trainer(made, points(53, 13)) for _ in range(2))
    before = left.runner.loop.state.save()
    walk = PartialEpoch(left.runner.loop, 1)
    while not walk.updates:
        walk.run(0.0)
    assert not walk.done
    left.runner.loop.restore(before)
    for trainer in (left, reference):
        trainer.runner.loop.run(range(1, 4))
    np.testing.assert_array_equal(
        left.runner.loop.state.parameters, reference.runner.loop.state.parameters
    )
