"""How wrong a prediction is, and which way is less wrong.

Every loss is a mean over samples; within a sample it is a sum over outputs. ``error``
is minus the derivative of one sample's loss by the output, the direction in which the
output should move, as the blog has it: ``y - l2``. To add a loss, add an entry to
``LOSSES``.
"""

from typing import NamedTuple


class Loss(NamedTuple):
    """One entry; codes are in ``{a}`` (output), ``{z}`` (its weighted sum), ``{e}`` (error)."""

    name: str
    help: str
    formula: str
    source: str
    error: str
    total: str
    """The losses of all samples of the batch added up, times ``loss_denominator``."""
    outputs: tuple[str, ...]
    """The output activations it may stand behind."""
    loss_denominator: int = 1
    fused: bool = False
    """The output's slope cancels: ``error`` is already the delta, ``total`` stable in ``{z}``."""
    targets: str = "any"
    """``any`` numbers, ``probability`` (0..1), or ``distribution`` (0..1, adding up to 1)."""


_ANY = ("linear", "sigmoid", "tanh", "softmax")

_ENTRIES = (
    Loss(
        "half_squared_error",
        "half the squared distance; the blog's and the playground's",
        "L = ½ Σ (y - a)², -dL/da = y - a",
        "least squares, Legendre 1805",
        error="y - {a}",
        total="np.vdot({e}, {e})",
        loss_denominator=2,
        outputs=_ANY,
    ),
    Loss(
        "absolute_error",
        "the distance itself: an outlier pulls no harder than any other sample",
        "L = Σ |y - a|, -dL/da = sign(y - a)",
        "least absolute deviations, Boscovich 1757",
        error="np.sign(y - {a})",
        total="np.abs(y - {a}).sum()",
        outputs=_ANY,
    ),
    Loss(
        "huber",
        "squared near the target, absolute beyond a distance of 1",
        "L = Σ ½ r² if |r| ≤ 1 else |r| - ½, r = y - a, -dL/da = e = clip(r, -1, 1), "
        "so L = e (r - e/2)",
        "Huber 1964, with delta = 1",
        error="np.clip(y - {a}, -1, 1)",
        total="np.vdot({e}, y - {a} - {e} / 2)",
        outputs=_ANY,
    ),
    Loss(
        "binary_cross_entropy",
        "surprise at a yes or no; needs a sigmoid output and targets in 0..1",
        "L = -Σ y ln a + (1 - y) ln(1 - a) = Σ ln(1 + e^z) - y z, -dL/dz = y - a",
        "Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.90",
        error="y - {a}",
        total="(np.logaddexp({z}, 0) - y * {z}).sum()",
        outputs=("sigmoid",),
        fused=True,
        targets="probability",
    ),
    Loss(
        "cross_entropy",
        "surprise at one of several classes; needs a softmax output",
        "L = -Σ y ln a = ln Σ e^z - Σ y z, -dL/dz = y - a",
        "Bishop, Pattern Recognition and Machine Learning, 2006, eq. 4.108",
        error="y - {a}",
        total="(np.log({a}_total).sum() - np.vdot(y, {z}))",
        outputs=("softmax",),
        fused=True,
        targets="distribution",
    ),
)

LOSSES: dict[str, Loss] = {entry.name: entry for entry in _ENTRIES}
"""Losses by the name that the user sees."""


REDUCTIONS: dict[str, str] = {
    "sum": "an update adds up the gradients of its samples, as the blog does",
    "mean": "an update averages them, so that the rate need not follow the batch size",
}
"""Reductions with a line of help each."""
