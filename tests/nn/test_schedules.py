"""The rate of every epoch, against PyTorch's and optax's definitions written out."""

import ast
from math import cos, pi

import numpy as np
import pytest

from nn_tui.nn.scalars import Scalars
from nn_tui.nn.schedules import SCHEDULES, rate_schedule

BASE, LENGTH = 0.3, 40


def rates(schedule, epochs):
    scalars = Scalars(base_rate=BASE, epoch=0.0)
    (line,) = ast.parse(schedule.code).body
    for epoch in range(epochs):
        scalars.set("epoch", float(epoch))
        yield scalars.evaluate(line.value)


def between(start, end, share):
    """_annealing_cos in torch.optim.lr_scheduler."""
    return end + (start - end) / 2 * (1 + cos(pi * share))


def step(t):
    """StepLR(step_size=40, gamma=0.5)."""
    return BASE * 0.5 ** (t // LENGTH)


def exponential(t):
    """optax.exponential_decay(0.3, transition_steps=40, decay_rate=0.5)."""
    return BASE * 0.5 ** (t / LENGTH)


def cosine(t):
    """CosineAnnealingLR(T_max=40, eta_min=0.03), its closed form; it ends there."""
    return between(BASE, 0.1 * BASE, min(t / LENGTH, 1))


def warmup_cosine(t):
    """LinearLR from a fifth in 5 epochs, then CosineAnnealingLR(T_max=35), as SequentialLR."""
    return BASE * (t + 1) / 5 if t < 5 else between(BASE, 0.1 * BASE, min((t - 5) / 35, 1))


def one_cycle(t):
    """OneCycleLR(max_lr=0.3, total_steps=40, pct_start=0.3): two phases of half a cosine."""
    peak, end = 0.3 * LENGTH - 1, LENGTH - 1
    if t <= peak:
        return between(BASE / 25, BASE, t / peak)
    return between(BASE, BASE / 25 / 1e4, min((t - peak) / (end - peak), 1))


@pytest.mark.parametrize(
    ("expected", "warmup"),
    [(step, None), (exponential, None), (cosine, None), (warmup_cosine, 5), (one_cycle, None)],
)
def test_rates_are_those_of_the_definition(expected, warmup):
    schedule = rate_schedule(expected.__name__, LENGTH, warmup, 0.5, 0.1)
    made = [*rates(schedule, 100)]
    np.testing.assert_allclose(made, [expected(t) for t in range(100)], rtol=1e-13)


def test_every_length_and_warm_up_has_finite_rates():
    assert rate_schedule("constant", 5, None, 0.1, 0) is None
    for name in [*SCHEDULES][1:]:
        for length, warmup in ((1, None), (1, 7), (2, 1), (3, 9)):
            made = np.array([*rates(rate_schedule(name, length, warmup, 0.1, 0), 5)])
            assert np.isfinite(made).all() and (made >= 0).all() and made.max() <= BASE


@pytest.mark.parametrize(
    "code", ["np.load(1)", "np.cos", "np", "cos(1)", "base_rate.real", "np.cos(1, out=epoch)"]
)
def test_nothing_but_arithmetic_is_evaluated(code):
    with pytest.raises(SyntaxError):
        Scalars(base_rate=1.0, epoch=0.0).evaluate(ast.parse(code, mode="eval").body)
