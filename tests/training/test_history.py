"""The loss curve: exact at first, then the extremes of buckets, never larger."""

import numpy as np
import pytest

from nn_tui.training.history import BUCKETS, EXACT, History


def filled(train, test=None, piece=1000, first=0):
    history = History()
    epochs = np.arange(first, first + len(train))
    test = np.full(len(train), np.nan) if test is None else test
    for start in range(0, len(train), piece):
        part = slice(start, start + piece)
        history.append(epochs[part], train[part], test[part])
    return history


def random_losses(count, seed=0):
    return np.random.default_rng(seed).exponential(size=count)


@pytest.mark.parametrize("count", [0, 1, EXACT, EXACT + 1, EXACT + BUCKETS])
def test_as_long_as_there_is_room_every_loss_is_kept(count):
    train = random_losses(count)
    curve = filled(train).curve()
    np.testing.assert_array_equal(curve.first, np.arange(count))
    np.testing.assert_array_equal(curve.last, np.arange(count))
    np.testing.assert_array_equal(curve.train_low, train)
    np.testing.assert_array_equal(curve.train_high, train)


@pytest.mark.parametrize("piece", [1, 7, 997, 100_000])
@pytest.mark.parametrize("count", [EXACT + BUCKETS + 1, 9_001, 33_333])
def test_every_point_has_the_extremes_of_the_epochs_it_covers(count, piece):
    train, test = random_losses(count), random_losses(count, 1)
    curve = filled(train, test, piece).curve()
    np.testing.assert_array_equal(curve.train_low[:EXACT], train[:EXACT])
    covered = []
    for i in range(len(curve)):
        part = slice(int(curve.first[i]), int(curve.last[i]) + 1)
        covered += range(part.start, part.stop)
        assert curve.train_low[i] == train[part].min()
        assert curve.train_high[i] == train[part].max()
        assert curve.test_low[i] == test[part].min()
        assert curve.test_high[i] == test[part].max()
    assert covered == list(range(count))
    widths = (curve.last - curve.first + 1)[EXACT:-1]
    assert len(set(widths)) <= 1  # no stretch of the curve is coarser than another


def test_the_curve_does_not_depend_on_the_pieces_it_came_in():
    train = random_losses(50_000)
    one, other = filled(train, piece=1).curve(), filled(train, piece=12_345).curve()
    np.testing.assert_array_equal(one.first, other.first)
    np.testing.assert_array_equal(one.train_low, other.train_low)
    np.testing.assert_array_equal(one.train_high, other.train_high)


def test_ten_million_losses_take_the_room_of_ten_thousand():
    def size(history):
        arrays = [v for v in vars(history).values() if isinstance(v, np.ndarray)]
        return sum(array.nbytes for array in arrays)

    block = random_losses(500_000)
    short, long = History(), History()
    short.append(np.arange(10_000), block[:10_000], block[:10_000])
    for i in range(20):
        epochs = np.arange(i * len(block), (i + 1) * len(block))
        long.append(epochs, block, block)
    assert size(long) <= size(short) + 48  # the bucket that is still open
    assert len(long.curve()) <= EXACT + BUCKETS + 1
    assert long.curve().last[-1] == 20 * len(block) - 1
    assert long.curve().train_low[EXACT:].min() == block.min()


def test_losses_that_are_not_numbers_do_not_hide_their_neighbours():
    train = random_losses(20_000)
    train[EXACT + 5 :: 3] = np.nan
    curve = filled(train).curve()
    for i in range(EXACT, len(curve)):
        part = train[int(curve.first[i]) : int(curve.last[i]) + 1]
        if np.isnan(part).all():
            assert np.isnan(curve.train_low[i])
        else:
            assert curve.train_low[i] == np.nanmin(part)
            assert curve.train_high[i] == np.nanmax(part)
    assert np.isnan(curve.test_low).all() and np.isnan(curve.test_high).all()


def test_epochs_may_have_gaps():
    epochs = np.arange(0, 90_000, 9)
    history = History()
    history.append(epochs, epochs / 1.0, epochs / 2.0)
    curve = history.curve()
    np.testing.assert_array_equal(curve.first[:EXACT], epochs[:EXACT])
    np.testing.assert_array_equal(curve.train_low, curve.first)
    np.testing.assert_array_equal(curve.train_high, curve.last)
    assert curve.last[-1] == epochs[-1]


def test_a_curve_is_a_copy():
    history = filled(random_losses(10))
    curve = history.curve()
    history.append(np.array([10]), np.array([9.0]), np.array([9.0]))
    assert len(curve) == 10 and len(history.curve()) == 11


def test_the_best_epoch_is_that_of_the_lowest_loss_that_is_a_number():
    history = History()
    assert history.curve().best == 0
    add(history, [0, 2, 4, 6], [np.nan, 3.0, 1.0, np.inf])
    assert history.curve().best == 4
    others = History()
    add(others, [0], [np.nan])
    assert others.curve().best == 0


def add(history, epochs, losses):
    history.append(np.array(epochs), np.array(losses), np.full(len(epochs), np.nan))
