"""Regularization of the weights.

Regularization is decoupled from the optimizer: its term is computed from the weights
before the optimizer's step and added to that step, once per update, for weights only, not
biases (as in TensorFlow Playground; motivated by Loshchilov and Hutter 2019). To add a
regularizer, add an entry to ``_ENTRIES``.
"""

from typing import NamedTuple

from nn_tui.nn.templates import StatementTemplate


class Regularizer(NamedTuple):
    """A regularizer: lines before and after the optimizer's, in the weights ``{p}``."""

    name: str
    help: str
    formula: str
    source: str
    pre_update: tuple[StatementTemplate, ...] = ()
    post_update: tuple[StatementTemplate, ...] = ()
    memory: tuple[str, ...] = ()
    """Suffixes of the state arrays per weight, initialized to one."""
    buffers: tuple[str, ...] = ()
    """Suffixes of temporary arrays from ``pre_update`` to ``post_update``."""


KEEP_PRUNED = StatementTemplate("{p} *= {p}_alive", "Keep pruned weights at zero.")
"""Follows every update once a weight is pruned."""

_ENTRIES = (
    Regularizer("none", "no regularization", "0", "-"),
    Regularizer(
        "l1",
        "lasso: shrinks all weights equally and prunes those that reach zero",
        "w ← w - η λ sign(w); a weight that would change sign is pruned permanently",
        "Tibshirani 1996; pruning as in TensorFlow Playground (nn.ts)",
        pre_update=(
            StatementTemplate(
                "{p}_pull = learning_rate * penalty_rate * np.sign({p})",
                "Compute the L1 shrinkage of {p}, from the weights before the update.",
            ),
        ),
        post_update=(
            StatementTemplate(
                "{p}_alive *= {p} * ({p} - {p}_pull) >= 0",
                "Prune weights that the regularization would carry across zero, permanently.",
            ),
            StatementTemplate("{p} -= {p}_pull", "Shrink the weights towards zero."),
            KEEP_PRUNED,
        ),
        memory=("alive",),
        buffers=("pull",),
    ),
    Regularizer(
        "l2",
        "weight decay: shrinks every weight in proportion to its value",
        "w ← w - η λ w",
        "Hoerl and Kennard 1970; weight decay, Krogh and Hertz 1992",
        pre_update=(
            StatementTemplate(
                "{p}_pull = learning_rate * penalty_rate * {p}",
                "Compute the regularization term of {p}, before the update.",
            ),
        ),
        post_update=(StatementTemplate("{p} -= {p}_pull", "Shrink the weights towards zero."),),
        buffers=("pull",),
    ),
)

PENALTIES: dict[str, Regularizer] = {entry.name: entry for entry in _ENTRIES}
"""Regularizers by recipe name."""
