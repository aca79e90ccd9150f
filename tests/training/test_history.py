"""The loss curve: exact at first, then the extremes of buckets, never larger."""

import numpy as np
import pytest

from nn_tui.training.history import BUCKETS, EXACT, LossHistory
from nn_tui.training.pages import ROWS


def filled(train, test=None, piece=1000, first=0):
    history = LossHistory()
    epochs = np.arange(first, first + len(train))
    test = np.full(len(train), np.nan) if test is None else test
    for start in range(0, len(train), piece):
        part = slice(start, start + piece)
        history.append(epochs[part], [train[part], test[part]])
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
    widths = (curve.last - curve.first + 1)[EXACT:]
    full = widths == widths.max()
    assert full[: full.sum()].all()  # no stretch of the curve is coarser than another
    assert (np.diff(widths[full.sum() :]) < 0).all()  # but the end, which is finer


def test_the_curve_does_not_depend_on_the_pieces_it_came_in():
    train = random_losses(50_000)
    one, other = filled(train, piece=1).curve(), filled(train, piece=12_345).curve()
    np.testing.assert_array_equal(one.first, other.first)
    for name in ("train_low", "train_middle", "train_high"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_ten_million_losses_take_the_room_of_ten_thousand():
    def size(history):
        return sum(array.nbytes for array in history.pages())

    block = random_losses(500_000)
    short, long = LossHistory(), LossHistory()
    short.append(np.arange(10_000), [block[:10_000]] * 2)
    for i in range(20):
        epochs = np.arange(i * len(block), (i + 1) * len(block))
        long.append(epochs, [block, block])
    short.curve()  # puts the epochs that wait into buckets
    assert size(long) <= size(short) + 50_000  # a few pages
    assert len(long.curve()) <= EXACT + BUCKETS + 13  # parts of the bucket that is still open
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
    history = LossHistory()
    history.append(epochs, [epochs / 1.0, epochs / 2.0])
    curve = history.curve()
    np.testing.assert_array_equal(curve.first[:EXACT], epochs[:EXACT])
    np.testing.assert_array_equal(curve.train_low, curve.first)
    np.testing.assert_array_equal(curve.train_high, curve.last)
    assert curve.last[-1] == epochs[-1]


def test_a_curve_is_a_copy():
    history = filled(random_losses(10))
    curve = history.curve()
    history.append(np.array([10]), np.array([[9.0], [9.0]]))
    assert len(curve) == 10 and len(history.curve()) == 11


def test_the_best_epoch_is_that_of_the_lowest_loss_that_is_a_number():
    history = LossHistory()
    assert history.curve().best == 0
    add(history, [0, 2, 4, 6], [np.nan, 3.0, 1.0, np.inf])
    assert history.curve().best == 4
    others = LossHistory()
    add(others, [0], [np.nan])
    assert others.curve().best == 0


def add(history, epochs, losses):
    history.append(np.array(epochs), [np.array(losses)] * 2)


# The middle of a bucket


@pytest.mark.parametrize("piece", [1, 997, 100_000])
def test_the_middle_lies_within_the_extremes_and_is_the_value_where_there_is_one(piece):
    curve = filled(random_losses(33_333), piece=piece).curve()
    low, middle, high = curve.band("train_loss")
    assert (low <= middle).all() and (middle <= high).all()
    np.testing.assert_array_equal(middle[:EXACT], low[:EXACT])


def test_the_middle_of_a_random_bucket_is_near_its_median():
    train = random_losses(EXACT + 16 * BUCKETS)
    curve = filled(train).curve()
    medians = np.median(train[EXACT:].reshape(BUCKETS, 16), axis=1)
    middles = curve.train_middle[EXACT:]
    # Of values that are skewed, up to about 8; their mean is 1, their median 0.69.
    assert abs(middles.mean() - medians.mean()) < 0.12
    assert np.abs(middles - medians).mean() < 0.2


def test_a_spike_does_not_move_the_middle():
    train = np.ones(EXACT + 8 * BUCKETS)
    train[EXACT + 3 :: 8] = 1e6
    curve = filled(train).curve()
    assert (curve.train_high[EXACT:] == 1e6).all()
    assert (curve.train_middle == 1).all()


def test_the_middle_of_an_oscillation_lies_between_its_phases():
    curve = filled(np.tile([1.0, 3.0], EXACT // 2 + 2 * BUCKETS)).curve()
    assert (curve.train_middle[EXACT:] == 2).all()


def test_the_middle_of_a_trend_is_its_value_in_the_middle():
    curve = filled(np.arange(EXACT + 8.0 * BUCKETS)).curve()
    np.testing.assert_array_equal(curve.train_middle, (curve.first + curve.last) / 2)


# Copies, other names, and what is saved


def test_a_copy_goes_its_own_way_and_shares_what_is_full():
    history = filled(random_losses(9_000))
    before, copy = history.curve(), history.copy()
    history.append(np.array([9_000]), np.ones((2, 1)))
    copy.append(np.array([9_000]), np.full((2, 1), 2.0))
    assert history.curve().train_low[-1] == 1 and copy.curve().train_low[-1] == 2
    np.testing.assert_array_equal(copy.curve().train_low[: len(before) - 1], before.train_low[:-1])
    shared = {id(page) for page in history.pages()} & {id(page) for page in copy.pages()}
    assert len(shared) >= EXACT // ROWS


@pytest.mark.parametrize("count", [0, 5, EXACT + 3, 50_001])
def test_what_was_packed_goes_on_as_if_it_never_was(count):
    train = random_losses(count + 7_777)
    whole, part = filled(train), filled(train[:count])
    opened = LossHistory.unpacked(*part.pack())
    opened.append(np.arange(count, len(train)), [train[count:], train[count:] * np.nan])
    for one, other in zip(whole.pack()[0].values(), opened.pack()[0].values(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert whole.pack()[1] == opened.pack()[1]


def test_what_was_not_recorded_from_the_start_is_unknown_there():
    history = filled(random_losses(9_000), random_losses(9_000, 1))
    more = history.with_names(("test_loss", "train_accuracy"))
    more.append(np.array([9_000]), np.array([[0.5], [0.75]]))
    curve = more.curve()
    np.testing.assert_array_equal(curve.test_low[:EXACT], history.curve().test_low[:EXACT])
    assert np.isnan(curve.band("train_accuracy").high[:-1]).all()
    assert curve.band("train_accuracy").high[-1] == 0.75
    assert np.isnan(curve.train_low).all()


def damaged(**changes):
    arrays, counts = filled(random_losses(9_001)).pack()
    for name, change in changes.items():
        if name in arrays:
            arrays[name] = change(arrays[name])
        else:
            counts[name] = change
    return arrays, counts


@pytest.mark.parametrize(
    "changes",
    [
        {"width": 3},
        {"width": 0},
        {"in_bucket": 10**6},
        {"in_bucket": 0},
        {"names": ["train_loss", "train_loss"]},
        {"names": ["train_loss"]},
        {"exact": lambda rows: rows[::-1]},
        {"exact": lambda rows: rows[:-1]},
        {"exact": lambda rows: rows * np.nan},
        {"buckets": lambda rows: rows[::-1]},
        {"buckets": lambda rows: rows + 0.5},
        {"buckets": lambda rows: np.vstack([rows] * 3)},
        {"buckets": lambda rows: rows[:, :3]},
        {"open": lambda rows: rows - 5},
    ],
)
def test_what_never_was_a_history_is_refused(changes):
    with pytest.raises(ValueError, match="history"):
        LossHistory.unpacked(*damaged(**changes))
