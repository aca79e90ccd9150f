"""What large weights cost, apart from the loss.

A penalty is decoupled: its pull is taken at the weight as it was before the optimizer's
step and comes on top of that step, once per update, to weights only, never to biases
(TensorFlow Playground's rule; Loshchilov and Hutter 2019 for why). To add one, add an
entry to ``PENALTIES``.
"""

from typing import NamedTuple

from nn_tui.nn.templates import StatementTemplate


class Regularizer(NamedTuple):
    """One entry: lines before and after the optimizer's, in the weights ``{p}``."""

    name: str
    help: str
    formula: str
    source: str
    pre_update: tuple[StatementTemplate, ...] = ()
    post_update: tuple[StatementTemplate, ...] = ()
    memory: tuple[str, ...] = ()
    """Suffixes of the arrays it keeps per weight, one at first."""
    buffers: tuple[str, ...] = ()
    """Suffixes of arrays that last from ``pre_update`` to ``post_update``."""


KEEP_PRUNED = StatementTemplate("{p} *= {p}_alive", "Weights that were cut are zero and stay so.")
"""What follows every update once a weight was cut off."""

_ENTRIES = (
    Regularizer("none", "large weights cost nothing", "0", "-"),
    Regularizer(
        "l1",
        "pulls every weight to zero with the same strength and cuts the ones that get there",
        "w ← w - η λ sign(w); a weight that this carries across zero stays 0 for good",
        "Tibshirani 1996; the cutting is TensorFlow Playground's (nn.ts)",
        pre_update=(
            StatementTemplate(
                "{p}_pull = learning_rate * penalty_rate * np.sign({p})",
                "How far the penalty pulls every weight towards zero, as it stands now.",
            ),
        ),
        post_update=(
            StatementTemplate(
                "{p}_alive *= {p} * ({p} - {p}_pull) >= 0",
                "A weight that the pull carries across zero is cut for good.",
            ),
            StatementTemplate("{p} -= {p}_pull", "Pull the weights towards zero."),
            KEEP_PRUNED,
        ),
        memory=("alive",),
        buffers=("pull",),
    ),
    Regularizer(
        "l2",
        "pulls every weight to zero in proportion to its size",
        "w ← w - η λ w",
        "Hoerl and Kennard 1970; weight decay, Krogh and Hertz 1992",
        pre_update=(
            StatementTemplate(
                "{p}_pull = learning_rate * penalty_rate * {p}",
                "How far the penalty pulls every weight towards zero, as it stands now.",
            ),
        ),
        post_update=(StatementTemplate("{p} -= {p}_pull", "Pull the weights towards zero."),),
        buffers=("pull",),
    ),
)

PENALTIES: dict[str, Regularizer] = {entry.name: entry for entry in _ENTRIES}
"""Penalties by the name that the user sees."""
