"""Each generated set against its rule, written out a point at a time."""

import math

import numpy as np
import pytest

from nn_tui.data import sources
from nn_tui.data.generators import GENERATORS, generate

TWO_CLASSES = {name for name, shape in GENERATORS.items() if shape.classes}
HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


def points(name, noise=0.0, samples=2000, seed=3):
    made = generate(name, samples, noise, seed, 0.5)
    return made.inputs, made.targets[:, 0]


def moved(name, noise):
    """How far each sample's inputs and target are from the same draw without noise."""
    before, after = points(name), points(name, noise)
    return np.abs(after[0] - before[0]).max(), np.abs(after[1] - before[1]).max()


@pytest.mark.parametrize("name", GENERATORS)
def test_all_that_a_set_promises(name):
    made = generate(name, 501, 0.1, 7, 0.5)
    shape = GENERATORS[name]
    assert made.inputs.shape == (501, len(shape.input_names))
    assert made.targets.shape == (501, 1)
    assert made.inputs.dtype == made.targets.dtype == np.float64
    assert np.isfinite(made.inputs).all() and np.isfinite(made.targets).all()
    assert made.train_count == 250
    if shape.classes:
        assert set(made.targets[:, 0]) == {0.0, 1.0}
    assert shape.help and shape.noise


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_seed_gives_the_same_points(name):
    one, same, other = (generate(name, 100, 0.2, seed, 0.5) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.inputs, same.inputs)
    np.testing.assert_array_equal(one.targets, same.targets)
    assert not np.array_equal(one.inputs, other.inputs)


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("samples", [2, 3])
def test_the_fewest_samples(name, samples):
    assert generate(name, samples, 0.8, 0, 0.9).train_count == 1


@pytest.mark.parametrize("name", GENERATORS)
def test_noise_changes_the_samples(name):
    calm, noisy = points(name), points(name, 0.8)
    assert not np.array_equal(calm[0], noisy[0]) or not np.array_equal(calm[1], noisy[1])


@pytest.mark.parametrize("name", sorted(TWO_CLASSES))
def test_both_classes_are_in_both_parts(name):
    made = generate(name, 500, 0.0, 0, 0.5)
    for part in (made.targets[:250], made.targets[250:]):
        assert 0.35 < part.mean() < 0.65


def test_circle():
    xy, target = points("circle")
    radius = np.hypot(*xy.T)
    assert ((radius < 2.5) == (target == 1)).all()
    assert ((radius < 2.5) | (radius >= 3.5)).all() and radius.max() < 5
    assert (target == 1).sum() == 1000
    assert moved("circle", 0.3) == (0, 1)


def test_circle_is_even_along_the_radius_and_around():
    xy, target = points("circle", samples=20_000)
    inner = np.hypot(*xy[target == 1].T)
    assert abs(inner.mean() - 1.25) < 0.03
    assert np.abs(xy.mean(axis=0)).max() < 0.1


def test_xor_cloud():
    xy, target = points("xor-cloud")
    assert ((xy[:, 0] * xy[:, 1] >= 0) == (target == 1)).all()
    assert np.abs(xy).min() >= 0.3 and np.abs(xy).max() <= 5.3
    assert moved("xor-cloud", 0.3) == (0, 1)


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.5, 4.0)])
def test_gauss(noise, variance):
    xy, target = points("gauss", noise, samples=40_000)
    for centre, cloud in ((2, xy[target == 1]), (-2, xy[target == 0])):
        assert len(cloud) == 20_000
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=0.08)
        np.testing.assert_allclose(np.cov(cloud.T), np.eye(2) * variance, atol=0.15)


def test_spiral():
    xy, target = points("spiral")
    rule = []
    for arm, start in ((1.0, 0.0), (0.0, math.pi)):
        for i in range(1000):
            r = 5 * i / 1000
            t = 1.75 * 2 * math.pi * i / 1000 + start
            rule.append((r * math.sin(t), r * math.cos(t), arm))
    made = np.column_stack([xy, target])
    for sample in made[:200]:
        assert np.abs(np.array(rule) - sample).sum(axis=1).min() < 1e-9
    shift, flipped = moved("spiral", 0.3)
    assert 0.29 < shift <= 0.3 and flipped == 0


def test_moons():
    xy, target = points("moons")
    for x, y, side in np.column_stack([xy, target]):
        sign = 1 if side else -1
        assert math.isclose(math.hypot(sign * x + 1.5, sign * y + 0.75), 3, rel_tol=1e-9)
        assert sign * y + 0.75 >= -1e-9
    noisy, _ = points("moons", 0.1)
    assert abs((noisy - xy).std() - 0.3) < 0.02


def test_checkerboard():
    xy, target = points("checkerboard")
    for (x, y), side in zip(xy, target, strict=True):
        assert ((math.floor(x / 3) + math.floor(y / 3)) % 2 == 0) == (side == 1)
    assert np.abs(xy).max() <= 6
    assert moved("checkerboard", 0.3) == (0, 1)


def test_plane():
    xy, target = points("plane")
    np.testing.assert_allclose(target, xy.sum(axis=1) / 10, atol=1e-12)
    assert np.abs(xy).max() <= 6
    shift, lift = moved("plane", 0.1)
    assert shift == 0 and 0.1 < lift <= 0.12


def test_hills():
    xy, target = points("hills")
    for (x, y), height in zip(xy, target, strict=True):
        expected = 0.0
        for centre_x, centre_y, sign in HILLS:
            hill = max(0.0, min(1.0, 1 - math.hypot(x - centre_x, y - centre_y) / 2))
            if hill > abs(expected):
                expected = sign * hill
        assert math.isclose(height, expected, abs_tol=1e-12)
    assert target.min() < -0.8 and target.max() > 0.8


def test_sine():
    x, target = points("sine")
    assert x.shape == (2000, 1) and np.abs(x).max() <= math.pi
    np.testing.assert_allclose(target, np.sin(x[:, 0]), atol=1e-12)
    shift, lift = moved("sine", 0.3)
    assert shift == 0 and 0.29 < lift <= 0.3


@pytest.mark.parametrize("name", GENERATORS)
def test_every_set_loads_with_default_settings(name):
    made = sources.load_dataset(name)
    assert (made.samples, made.train_count) == (500, 250)
