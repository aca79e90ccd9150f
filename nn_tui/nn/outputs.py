"""What the last layer does with its weighted sums, by the name that the user sees.

``auto`` is no entry: ``resolve`` turns it into one by the loss and the kind of targets.
To add one, add it to ``_ENTRIES`` and to the losses that it may stand before.
"""

from nn_tui.nn.activations import ACTIVATIONS, Activation
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.templates import StatementTemplate

_SOFTMAX = Activation(
    "softmax",
    "a probability for each output, all of them adding up to 1; for classes",
    "f(x)_k = e^(x_k) / Σ e^(x_j), δ = a (e - Σ a e)",
    "Bridle 1990",
    apply="",
    slope="",
    needs_input=True,
    rules=(
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
