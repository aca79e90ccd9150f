"""Activation functions and their derivatives.

A derivative is written in terms of the activation's output ``a`` where possible, as in
the blog and scikit-learn, so that the pre-activation ``z`` need not be stored;
``needs_input`` marks the others. To add an activation, add an entry to
``_ACTIVATION_ENTRIES``.
"""

import ast
import math
from typing import NamedTuple

from nn_tui.nn.losses import LOSSES
from nn_tui.nn.syntax import Function
from nn_tui.nn.templates import StatementTemplate

ARITHMETIC = 2
"""The version of the engine's arithmetic, stored in saved runs.

It is incremented when the operations of a line are regrouped or reordered, which may
change the last bits of results. In version 1 the error was multiplied by the factors of
the derivative from left to right.
"""


class Activation(NamedTuple):
    """An activation: ``apply`` is code in ``{x}``, ``derivative`` code in ``{a}`` or ``{z}``."""

    name: str
    help: str
    formula: str
    source: str
    apply: str
    derivative: str | None
    """None for the constant derivative 1."""
    function: Function | None = None
    """The helper function that ``apply`` calls, if any."""
    needs_input: bool = False
    statements: tuple[StatementTemplate, ...] = ()
    """Lines in ``{z}`` and ``{a}`` that replace ``apply`` where one expression is not enough."""
    jacobian: str = ""
    """The delta in ``{e}`` and ``{a}`` for an activation that is not element-wise."""
    derivation: str = ""
    """How ``derivative`` follows from the formula, where that is not obvious."""
    since: int = 1
    """The ``ARITHMETIC`` version that introduced the current form of the delta."""
    numeric: bool = False
    """Whether ``derivative`` is a difference, not an exact derivative."""
    range: tuple[float, float] | None = None
    """The least and the largest output where both are bounded: its color scale and targets."""
    saturation: tuple[float, float] | None = None
    """Outputs outside have a derivative below 5 % of the largest; None if the output cannot tell,
    or there are none."""

    def delta(self, error: str, output: str, total: str) -> str:
        """Return the code of the delta: the error times the derivative (chain rule).

        The derivative is evaluated before the multiplication, as in
        ``error * sigmoid(output, derivative=True)``: the grouping affects the last bits.
        """
        if self.jacobian:
            return self.jacobian.format(e=error, a=output)
        if self.derivative is None:
            return error
        derivative = self.derivative.format(a=output, z=total)
        if not isinstance(ast.parse(derivative, mode="eval").body, ast.Call):
            derivative = f"({derivative})"
        return f"{error} * {derivative}"


def _helper(
    name: str,
    help: str,
    formula: str,
    source: str,
    body: str,
    slope: str,
    needs_input: bool = False,
    derivation: str = "",
    since: int = 1,
    range: tuple[float, float] | None = None,
    saturation: tuple[float, float] | None = None,
) -> Activation:
    return Activation(
        name,
        help,
        formula,
        source,
        f"{name}({{x}})",
        slope,
        Function(name, body),
        needs_input,
        derivation=derivation,
        since=since,
        range=range,
        saturation=saturation,
    )


_ACTIVATION_ENTRIES = (
    Activation(
        "linear",
        "identity; a network of linear layers is a single linear map",
        "f(x) = x, f' = 1",
        "the identity",
        "{x}",
        None,
    ),
    _helper(
        "sigmoid",
        "squashes into 0..1; used in the blog",
        "f(x) = 1 / (1 + e^-x), f' = a (1 - a)",
        "the logistic function, Verhulst 1845",
        "1 / (1 + np.exp(-x))",
        "{a} * (1 - {a})",
        derivation="f' = e^-x / (1 + e^-x)² = a · e^-x / (1 + e^-x) = a (1 - a), "
        "because 1 - a = e^-x / (1 + e^-x)",
        since=2,
        range=(0.0, 1.0),
        saturation=(0.01266, 0.98734),
    ),
    Activation(
        "tanh",
        "squashes into -1..1, zero-centered",
        "f(x) = tanh x, f' = 1 - a²",
        "LeCun et al., Efficient BackProp, 1998",
        "np.tanh({x})",
        "1 - {a} ** 2",
        derivation="tanh x = sinh x / cosh x, so f' = (cosh² x - sinh² x) / cosh² x = 1 - a²",
        range=(-1.0, 1.0),
        saturation=(-0.97468, 0.97468),
    ),
    Activation(
        "relu",
        "zero below zero, identity above; cheap, works well in deep networks",
        "f(x) = max(0, x), f' = 1 if a > 0 else 0, which is sign(a)",
        "Nair and Hinton 2010",
        "np.maximum({x}, 0)",
        "np.sign({a})",
        saturation=(1e-30, math.inf),
    ),
    _helper(
        "leaky_relu",
        "relu with slope 0.01 below zero, which avoids dead units",
        "f(x) = max(x, x/100), f' = 1 if a > 0 else 0.01",
        "Maas, Hannun and Ng 2013",
        "np.maximum(x, 0.01 * x)",
        "np.maximum(np.sign({a}), 0.01)",
    ),
    _helper(
        "elu",
        "identity above zero, saturates smoothly at -1 below",
        "f(x) = x if x > 0 else e^x - 1, f' = 1 if a > 0 else a + 1",
        "Clevert, Unterthiner and Hochreiter 2016, with alpha = 1",
        "np.maximum(x, 0) + np.expm1(np.minimum(x, 0))",
        "np.minimum({a}, 0) + 1",
        derivation="below zero f' = e^x, which is a + 1",
        saturation=(-0.95, math.inf),
    ),
    Activation(
        "softplus",
        "smooth approximation of relu",
        "f(x) = ln(1 + e^x), f' = 1 / (1 + e^-x) = 1 - e^-a",
        "Dugas et al. 2001",
        "np.logaddexp({x}, 0)",
        "-np.expm1(-{a})",
        derivation="f' = e^x / (1 + e^x) = 1 - 1 / (1 + e^x) = 1 - e^-a, because 1 + e^x = e^a",
        saturation=(0.05129, math.inf),
    ),
    _helper(
        "swish",
        "x times its sigmoid: smooth, non-monotonic below zero",
        "f(x) = x s, s = 1 / (1 + e^-x), f' = s (1 + x - a)",
        "Elfwing, Uchibe and Doya 2018; Ramachandran, Zoph and Le 2017; also called SiLU",
        "x / (1 + np.exp(-x))",
        "(1 + {z} - {a}) / (1 + np.exp(-{z}))",
        needs_input=True,
        derivation="f' = s + x s' = s + x s (1 - s) = s (1 + x - x s) = s (1 + x - a)",
        since=2,
    ),
    Activation(
        "sine",
        "periodic; suits periodic data, but deep networks of it are hard to train",
        "f(x) = sin x, f' = cos x",
        "Sitzmann et al. 2020, without their frequency factor",
        "np.sin({x})",
        "np.cos({z})",
        needs_input=True,
        range=(-1.0, 1.0),
    ),
)

ACTIVATIONS: dict[str, Activation] = {entry.name: entry for entry in _ACTIVATION_ENTRIES}
"""Hidden activations by recipe name."""


_SOFTMAX = Activation(
    "softmax",
    "class probabilities that sum to 1; for classification",
    "f(x)_k = e^(x_k) / Σ e^(x_j), δ = a (e - Σ a e)",
    "Bridle 1990",
    apply="",
    derivative="",
    needs_input=True,
    statements=(
        StatementTemplate(
            "{z} -= {z}.max(axis=1, keepdims=True)",
            "Subtract each sample's largest pre-activation: same result, no overflow in e^{z}.",
        ),
        StatementTemplate("{a} = np.exp({z})", "Exponentiate the pre-activations of every sample."),
        StatementTemplate(
            "{a}_total = {a}.sum(axis=1, keepdims=True)",
            "Sum the exponentials of each sample.",
        ),
        StatementTemplate("{a} /= {a}_total", "Normalize: probabilities that sum to 1."),
    ),
    jacobian="{a} * ({e} - ({a} * {e}).sum(axis=1, keepdims=True))",
    range=(0.0, 1.0),
)

_OUTPUT_ENTRIES = (*(ACTIVATIONS[name] for name in ("linear", "sigmoid", "tanh")), _SOFTMAX)

OUTPUTS: dict[str, str] = {entry.name: entry.help for entry in _OUTPUT_ENTRIES}
"""Help of the output activations, by recipe name."""

UNITS: dict[str, Activation] = {**ACTIVATIONS, **{entry.name: entry for entry in _OUTPUT_ENTRIES}}
"""All activations, hidden and output."""


def resolve_output(output: str, loss: str, classes: bool) -> str:
    """Return the output activation, with ``auto`` resolved.

    ``auto`` is the activation that the loss requires, if there is only one; otherwise, as
    in TensorFlow Playground, ``tanh`` for classification and ``linear`` for regression.
    """
    if output != "auto":
        return output
    allowed = LOSSES[loss].outputs
    if len(allowed) == 1:
        return allowed[0]
    return "tanh" if classes else "linear"


def incompatibility(output: str, loss: str) -> str | None:
    """Return why output activation and loss are incompatible; None if they are compatible."""
    allowed = LOSSES[loss].outputs
    if output == "auto" or output in allowed:
        return None
    return f"the loss {loss} requires the output {' or '.join(allowed)}, not {output}"
