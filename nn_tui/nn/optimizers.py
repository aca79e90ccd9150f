"""Optimizers: the update rules of the parameters.

An optimizer is a few lines of code: ``per_update`` lines run once per update,
``per_parameter`` lines for every weight matrix and bias vector ``{p}``. ``{d}`` is its
negative gradient; ``{p}_velocity`` and the like are the optimizer's state, arrays of the
parameter's shape. To add an optimizer, add an entry to ``_ENTRIES``.
"""

from typing import NamedTuple

from nn_tui.nn.templates import StatementTemplate


class Optimizer(NamedTuple):
    """An optimizer; ``scalars`` are the hyperparameters it uses besides the learning rate."""

    name: str
    help: str
    formula: str
    source: str
    per_parameter: tuple[StatementTemplate, ...]
    per_update: tuple[StatementTemplate, ...] = ()
    memory: tuple[str, ...] = ()
    """Suffixes of the state arrays per parameter, initialized to zero."""
    scalars: tuple[str, ...] = ()


_VELOCITY = StatementTemplate(
    "{p}_velocity = momentum * {p}_velocity + learning_rate * {d}",
    "Update the velocity of {p}: decay it and add the scaled negative gradient.",
)
_SCALED = StatementTemplate(
    "{p} += learning_rate * {d} / (np.sqrt({p}_squares) + epsilon)",
    "Move {p} along the negative gradient, divided by the root of the squared gradients.",
)

_ENTRIES = (
    Optimizer(
        "sgd",
        "plain gradient descent: a step proportional to the gradient",
        "p ← p - η g",
        "Cauchy 1847",
        per_parameter=(
            StatementTemplate(
                "{p} += learning_rate * {d}",
                "Move {p} along the negative gradient, scaled by the learning rate.",
            ),
        ),
    ),
    Optimizer(
        "momentum",
        "gradient descent with momentum: a moving average of past steps",
        "v ← μ v - η g, p ← p + v",
        "Polyak 1964, as written by Sutskever et al. 2013",
        per_parameter=(
            _VELOCITY,
            StatementTemplate("{p} += {p}_velocity", "Add the velocity to {p}."),
        ),
        memory=("velocity",),
        scalars=("momentum",),
    ),
    Optimizer(
        "nesterov",
        "momentum with the gradient evaluated one step ahead",
        "v ← μ v - η g, p ← p + μ v - η g",
        "Nesterov 1983, as written by Sutskever et al. 2013 and used by scikit-learn",
        per_parameter=(
            _VELOCITY,
            StatementTemplate(
                "{p} += momentum * {p}_velocity + learning_rate * {d}",
                "Add the look-ahead velocity to {p} (Nesterov momentum).",
            ),
        ),
        memory=("velocity",),
        scalars=("momentum",),
    ),
    Optimizer(
        "adagrad",
        "per-parameter step sizes that shrink with the accumulated squared gradients",
        "s ← s + g², p ← p - η g / (√s + ε)",
        "Duchi, Hazan and Singer 2011",
        per_parameter=(
            StatementTemplate(
                "{p}_squares += {d} ** 2", "Accumulate the squared gradients of {p}."
            ),
            _SCALED,
        ),
        memory=("squares",),
        scalars=("epsilon",),
    ),
    Optimizer(
        "rmsprop",
        "adagrad with a moving average over about 1 / (1 - ρ) updates",
        "s ← ρ s + (1 - ρ) g², p ← p - η g / (√s + ε)",
        "Tieleman and Hinton, Coursera lecture 6.5, 2012",
        per_parameter=(
            StatementTemplate(
                "{p}_squares = rho * {p}_squares + (1 - rho) * {d} ** 2",
                "Update the moving average of the squared gradients of {p}.",
            ),
            _SCALED,
        ),
        memory=("squares",),
        scalars=("rho", "epsilon"),
    ),
    Optimizer(
        "adam",
        "momentum and rmsprop combined, with bias correction",
        "m ← β₁ m + (1 - β₁) g, s ← β₂ s + (1 - β₂) g², "
        "p ← p - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) m / (√s + ε)",
        "Kingma and Ba 2015, the efficient order at the end of section 2",
        per_parameter=(
            StatementTemplate(
                "{p}_mean = beta1 * {p}_mean + (1 - beta1) * {d}",
                "Update the first moment: the moving average of the negative gradient of {p}.",
            ),
            StatementTemplate(
                "{p}_squares = beta2 * {p}_squares + (1 - beta2) * {d} ** 2",
                "Update the second moment: the moving average of their squares.",
            ),
            StatementTemplate(
                "{p} += step_size * {p}_mean / (np.sqrt({p}_squares) + epsilon)",
                "Add step size × first moment / (root of the second moment + ε) to {p}.",
            ),
        ),
        per_update=(
            StatementTemplate("t += 1", "Increment the update counter."),
            StatementTemplate(
                "step_size = learning_rate * (1 - beta2 ** t) ** 0.5 / (1 - beta1 ** t)",
                "Correct the bias of averages that are initialized to zero.",
            ),
        ),
        memory=("mean", "squares"),
        scalars=("beta1", "beta2", "epsilon"),
    ),
)

OPTIMIZERS: dict[str, Optimizer] = {entry.name: entry for entry in _ENTRIES}
"""Optimizers by recipe name."""

SCALARS = (
    "learning_rate",
    "momentum",
    "beta1",
    "beta2",
    "rho",
    "epsilon",
    "clip_norm",
    "dropout",
    "input_noise",
    "label_smoothing",
    "penalty_rate",
)
"""The hyperparameters that lines may read; all can change during training."""
