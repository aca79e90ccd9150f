"""Loss functions and their gradients.

A loss is a mean over samples of a sum over outputs. ``error`` is the negative derivative
of one sample's loss with respect to the output, as in the blog: ``y - l2``. To add a
loss, add an entry to ``_ENTRIES``.
"""

from typing import NamedTuple


class Loss(NamedTuple):
    """A loss; code is in ``{y}`` (targets), ``{a}`` (output), ``{z}`` (pre-activation) and
    ``{e}`` (error)."""

    name: str
    help: str
    formula: str
    source: str
    error: str
    total: str
    """The sum of the losses of a batch, times ``loss_denominator``."""
    weighted_total: str
    """That of the losses times ``sample_weight``, (samples, 1)."""
    outputs: tuple[str, ...]
    """The compatible output activations."""
    loss_denominator: int = 1
    fused: bool = False
    """Whether the output's derivative cancels: ``error`` is the delta, ``total`` is in ``{z}``."""
    targets: str = "any"
    """``any`` number, ``probability`` (0..1), or ``distribution`` (0..1, summing to 1)."""


_ANY = ("linear", "sigmoid", "tanh", "softmax")

_ENTRIES = (
    Loss(
        "half_squared_error",
        "half the squared error; used in the blog and in TensorFlow Playground",
        "L = ½ Σ (y - a)², -dL/da = y - a",
        "least squares, Legendre 1805",
        error="{y} - {a}",
        total="np.vdot({e}, {e})",
        weighted_total="np.vdot({e}, {e} * sample_weight)",
        loss_denominator=2,
        outputs=_ANY,
    ),
    Loss(
        "absolute_error",
        "absolute error; robust to outliers",
        "L = Σ |y - a|, -dL/da = sign(y - a)",
        "least absolute deviations, Boscovich 1757",
        error="np.sign({y} - {a})",
        total="np.abs({y} - {a}).sum()",
        weighted_total="(np.abs({y} - {a}) * sample_weight).sum()",
        outputs=_ANY,
    ),
    Loss(
        "huber",
        "squared for errors up to 1, absolute beyond; robust to outliers",
        "L = Σ ½ r² if |r| ≤ 1 else |r| - ½, r = y - a, -dL/da = e = clip(r, -1, 1), "
        "so L = e (r - e/2)",
        "Huber 1964, with delta = 1",
        error="np.clip({y} - {a}, -1, 1)",
        total="np.vdot({e}, {y} - {a} - {e} / 2)",
        weighted_total="np.vdot({e} * sample_weight, {y} - {a} - {e} / 2)",
        outputs=_ANY,
    ),
    Loss(
        "binary_cross_entropy",
        "negative log-likelihood of two classes; needs a sigmoid output, targets in 0..1",
        "L = -Σ y ln a + (1 - y) ln(1 - a) = Σ ln(1 + e^z) - y z, -dL/dz = y - a",
        "Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.90",
        error="{y} - {a}",
        total="(np.logaddexp({z}, 0) - {y} * {z}).sum()",
        weighted_total="((np.logaddexp({z}, 0) - {y} * {z}) * sample_weight).sum()",
        outputs=("sigmoid",),
        fused=True,
        targets="probability",
    ),
    Loss(
        "cross_entropy",
        "negative log-likelihood (surprise) of the class; needs a softmax output",
        "L = -Σ y ln a = ln Σ e^z - Σ y z, -dL/dz = y - a",
        "Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.108",
        error="{y} - {a}",
        total="(np.log({a}_total).sum() - np.vdot({y}, {z}))",
        weighted_total="((np.log({a}_total) * sample_weight).sum() - "
        "np.vdot({y} * sample_weight, {z}))",
        outputs=("softmax",),
        fused=True,
        targets="distribution",
    ),
)

LOSSES: dict[str, Loss] = {entry.name: entry for entry in _ENTRIES}
"""Losses by recipe name."""


REDUCTIONS: dict[str, str] = {
    "sum": "the sum of the per-sample gradients; used in the blog",
    "mean": "their mean: the scale of an update does not depend on the batch size",
}
"""Help of the reductions of a batch's gradients, by recipe name."""
