"""How far the parameters move, given the direction of descent.

An optimizer is a few lines. ``per_update`` lines are carried out once per update, ``per_parameter``
lines for every weight matrix and bias vector ``{p}``; ``{d}`` is its direction of
descent (minus the gradient) and ``{p}_velocity`` and the like are its memory, one
array of the parameter's shape. To add one, add an entry to ``OPTIMIZERS``.
"""

from typing import NamedTuple

from nn_tui.nn.templates import StatementTemplate


class Optimizer(NamedTuple):
    """One entry. ``scalars`` are the recipe's numbers it reads besides the learning rate."""

    name: str
    help: str
    formula: str
    source: str
    per_parameter: tuple[StatementTemplate, ...]
    per_update: tuple[StatementTemplate, ...] = ()
    memory: tuple[str, ...] = ()
    """Suffixes of the arrays it keeps per parameter, zero at first."""
    scalars: tuple[str, ...] = ()


_VELOCITY = StatementTemplate(
    "{p}_velocity = momentum * {p}_velocity + learning_rate * {d}",
    "Keep part of the last velocity of {p} and push it downhill.",
)
_SCALED = StatementTemplate(
    "{p} += learning_rate * {d} / (np.sqrt({p}_squares) + epsilon)",
    "Move {p} downhill, in smaller steps where its slopes have been steep.",
)

_ENTRIES = (
    Optimizer(
        "sgd",
        "plain gradient descent: a step downhill, as long as the slope is steep",
        "p ← p - η g",
        "Cauchy 1847",
        per_parameter=(
            StatementTemplate(
                "{p} += learning_rate * {d}", "Move {p} downhill by the learning rate."
            ),
        ),
    ),
    Optimizer(
        "momentum",
        "gradient descent with a rolling ball's inertia",
        "v ← μ v - η g, p ← p + v",
        "Polyak 1964, as written by Sutskever et al. 2013",
        per_parameter=(
            _VELOCITY,
            StatementTemplate("{p} += {p}_velocity", "Move {p} by its velocity."),
        ),
        memory=("velocity",),
        scalars=("momentum",),
    ),
    Optimizer(
        "nesterov",
        "momentum that looks one step ahead",
        "v ← μ v - η g, p ← p + μ v - η g",
        "Nesterov 1983, as written by Sutskever et al. 2013 and used by scikit-learn",
        per_parameter=(
            _VELOCITY,
            StatementTemplate(
                "{p} += momentum * {p}_velocity + learning_rate * {d}",
                "Move {p} by the velocity it will have after one more such push.",
            ),
        ),
        memory=("velocity",),
        scalars=("momentum",),
    ),
    Optimizer(
        "adagrad",
        "a step size for each weight that shrinks with all the slopes it has seen",
        "s ← s + g², p ← p - η g / (√s + ε)",
        "Duchi, Hazan and Singer 2011",
        per_parameter=(
            StatementTemplate(
                "{p}_squares += {d} ** 2", "Add up the squared slopes that {p} has seen."
            ),
            _SCALED,
        ),
        memory=("squares",),
        scalars=("epsilon",),
    ),
    Optimizer(
        "rmsprop",
        "adagrad that forgets: scaled by the slopes of late, kept for about 1 / (1 - β₂) updates",
        "s ← β₂ s + (1 - β₂) g², p ← p - η g / (√s + ε)",
        "Tieleman and Hinton, Coursera lecture 6.5, 2012",
        per_parameter=(
            StatementTemplate(
                "{p}_squares = beta2 * {p}_squares + (1 - beta2) * {d} ** 2",
                "Average the squared slopes of {p}, the latest counting most.",
            ),
            _SCALED,
        ),
        memory=("squares",),
        scalars=("beta2", "epsilon"),
    ),
    Optimizer(
        "adam",
        "momentum and rmsprop in one, corrected for starting from nothing",
        "m ← β₁ m + (1 - β₁) g, s ← β₂ s + (1 - β₂) g², "
        "p ← p - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) m / (√s + ε)",
        "Kingma and Ba 2015, the efficient order at the end of section 2",
        per_parameter=(
            StatementTemplate(
                "{p}_mean = beta1 * {p}_mean + (1 - beta1) * {d}",
                "Average the slopes of {p}, the latest counting most.",
            ),
            StatementTemplate(
                "{p}_squares = beta2 * {p}_squares + (1 - beta2) * {d} ** 2",
                "Average their squares in the same way.",
            ),
            StatementTemplate(
                "{p} += step_size * {p}_mean / (np.sqrt({p}_squares) + epsilon)",
                "Move {p} downhill, about equally far whatever the size of its slopes.",
            ),
        ),
        per_update=(
            StatementTemplate("t += 1", "Count the update."),
            StatementTemplate(
                "step_size = learning_rate * (1 - beta2 ** t) ** 0.5 / (1 - beta1 ** t)",
                "Make up for averages that began at zero.",
            ),
        ),
        memory=("mean", "squares"),
        scalars=("beta1", "beta2", "epsilon"),
    ),
)

OPTIMIZERS: dict[str, Optimizer] = {entry.name: entry for entry in _ENTRIES}
"""Optimizers by the name that the user sees."""

SCALARS = ("learning_rate", "momentum", "beta1", "beta2", "epsilon", "penalty_rate")
"""The numbers of a recipe's training section that lines may read, all live."""
