"""What a unit makes of its weighted sum, and the derivative of that.

An activation is a function of one array. Its derivative is written in terms of the
activation's own output ``a`` wherever that is possible, as the blog and scikit-learn
have it, so that the sum ``z`` need not be kept; ``needs_input`` says where it is not.
To add one, add an entry to ``ACTIVATIONS``.
"""

import ast
from typing import NamedTuple

from nn_tui.nn.losses import LOSSES
from nn_tui.nn.syntax import Function
from nn_tui.nn.templates import StatementTemplate

ARITHMETIC = 2
"""The version of the lines' arithmetic, which saved runs carry.

It grows when a line's operations are grouped or ordered in another way, so that the last
bits of its result may be others. In version 1 the error was multiplied by the factors of
the derivative from the left.
"""


class Activation(NamedTuple):
    """One entry: ``apply`` is code in ``{x}``; ``derivative`` is code in ``{a}`` or ``{z}``."""

    name: str
    help: str
    formula: str
    source: str
    apply: str
    derivative: str | None
    """None where the slope is 1 everywhere."""
    function: Function | None = None
    """The helper that ``apply`` calls by name, if it calls one."""
    needs_input: bool = False
    statements: tuple[StatementTemplate, ...] = ()
    """Lines in ``{z}`` and ``{a}`` instead of ``apply``, where one expression would not do."""
    jacobian: str = ""
    """The delta in ``{e}`` and ``{a}``, where a unit's output depends on its neighbours' sums."""
    derivation: str = ""
    """Why the derivative is what ``derivative`` says, where that is not plain."""
    since: int = 1
    """The version of the arithmetic that first had the delta as it is now."""
    range: tuple[float, float] | None = None
    """The least and the largest output where both are bounded: its color scale and targets."""

    def delta(self, error: str, output: str, total: str) -> str:
        """The error carried back through the activation, as code.

        The derivative is one factor, worked out before the error is multiplied by it, as
        in ``error * sigmoid(output, derivative=True)``: the grouping decides the last bits.
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
    )


_ACTIVATION_ENTRIES = (
    Activation(
        "linear",
        "the sum as it is; a network of these is one linear map",
        "f(x) = x, f' = 1",
        "the identity",
        "{x}",
        None,
    ),
    _helper(
        "sigmoid",
        "squashes into 0..1; the blog's choice",
        "f(x) = 1 / (1 + e^-x), f' = a (1 - a)",
        "the logistic function, Verhulst 1845",
        "1 / (1 + np.exp(-x))",
        "{a} * (1 - {a})",
        derivation="f' = e^-x / (1 + e^-x)² = a · e^-x / (1 + e^-x) = a (1 - a), "
        "because 1 - a = e^-x / (1 + e^-x)",
        since=2,
        range=(0.0, 1.0),
    ),
    Activation(
        "tanh",
        "squashes into -1..1, steep around zero",
        "f(x) = tanh x, f' = 1 - a²",
        "LeCun et al., Efficient BackProp, 1998",
        "np.tanh({x})",
        "1 - {a} ** 2",
        derivation="tanh x = sinh x / cosh x, so f' = (cosh² x - sinh² x) / cosh² x = 1 - a²",
        range=(-1.0, 1.0),
    ),
    Activation(
        "relu",
        "zero below zero, the sum itself above; cheap and deep-friendly",
        "f(x) = max(0, x), f' = 1 if a > 0 else 0, which is sign(a)",
        "Nair and Hinton 2010",
        "np.maximum({x}, 0)",
        "np.sign({a})",
    ),
    _helper(
        "leaky_relu",
        "relu that lets a hundredth through below zero, so that no unit dies",
        "f(x) = max(x, x/100), f' = 1 if a > 0 else 0.01",
        "Maas, Hannun and Ng 2013",
        "np.maximum(x, 0.01 * x)",
        "np.maximum(np.sign({a}), 0.01)",
    ),
    _helper(
        "elu",
        "the sum itself above zero, levelling off smoothly at -1 below",
        "f(x) = x if x > 0 else e^x - 1, f' = 1 if a > 0 else a + 1",
        "Clevert, Unterthiner and Hochreiter 2016, with alpha = 1",
        "np.maximum(x, 0) + np.expm1(np.minimum(x, 0))",
        "np.minimum({a}, 0) + 1",
        derivation="below zero f' = e^x, which is a + 1",
    ),
    Activation(
        "softplus",
        "relu with a rounded corner",
        "f(x) = ln(1 + e^x), f' = 1 / (1 + e^-x) = 1 - e^-a",
        "Dugas et al. 2001",
        "np.logaddexp({x}, 0)",
        "-np.expm1(-{a})",
        derivation="f' = e^x / (1 + e^x) = 1 - 1 / (1 + e^x) = 1 - e^-a, because 1 + e^x = e^a",
    ),
    _helper(
        "swish",
        "the sum times its own sigmoid: smooth, dips a little below zero",
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
        "waves: fits what repeats, and is hard to train deep",
        "f(x) = sin x, f' = cos x",
        "Sitzmann et al. 2020, without their frequency factor",
        "np.sin({x})",
        "np.cos({z})",
        needs_input=True,
        range=(-1.0, 1.0),
    ),
)

ACTIVATIONS: dict[str, Activation] = {entry.name: entry for entry in _ACTIVATION_ENTRIES}
"""Hidden activations by the name that the user sees."""


_SOFTMAX = Activation(
    "softmax",
    "a probability for each output, all of them adding up to 1; for classes",
    "f(x)_k = e^(x_k) / Σ e^(x_j), δ = a (e - Σ a e)",
    "Bridle 1990",
    apply="",
    derivative="",
    needs_input=True,
    statements=(
        StatementTemplate(
            "{z} -= {z}.max(axis=1, keepdims=True)",
            "Subtract each sample's largest sum: no prediction changes, no e^{z} overflows.",
        ),
        StatementTemplate(
            "{a} = np.exp({z})", "Make every sum positive; equal steps become equal factors."
        ),
        StatementTemplate(
            "{a}_total = {a}.sum(axis=1, keepdims=True)",
            "Add up each sample's outputs.",
        ),
        StatementTemplate("{a} /= {a}_total", "Divide by that: probabilities that add up to 1."),
    ),
    jacobian="{a} * ({e} - ({a} * {e}).sum(axis=1, keepdims=True))",
    range=(0.0, 1.0),
)

_OUTPUT_ENTRIES = (*(ACTIVATIONS[name] for name in ("linear", "sigmoid", "tanh")), _SOFTMAX)

OUTPUTS: dict[str, str] = {entry.name: entry.help for entry in _OUTPUT_ENTRIES}
"""Output activations by the name that the user sees, with a line of help each."""

UNITS: dict[str, Activation] = {**ACTIVATIONS, **{entry.name: entry for entry in _OUTPUT_ENTRIES}}
"""Every activation that a layer of a network may have, hidden or output."""


def resolve_output(output: str, loss: str, classes: bool) -> str:
    """The output activation that ``output`` stands for.

    ``auto`` is the only one that the loss allows if there is only one, else ``tanh``
    where the targets are classes and ``linear`` where they are numbers, as TensorFlow
    Playground chooses.
    """
    if output != "auto":
        return output
    allowed = LOSSES[loss].outputs
    if len(allowed) == 1:
        return allowed[0]
    return "tanh" if classes else "linear"


def incompatibility(output: str, loss: str) -> str | None:
    """Why ``output`` cannot stand before ``loss``, as a sentence; None if it can."""
    allowed = LOSSES[loss].outputs
    if output == "auto" or output in allowed:
        return None
    return f"the loss {loss} needs the output {' or '.join(allowed)}, not {output}"
