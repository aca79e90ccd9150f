"""Activations that are functions of a recipe, with a given or a numeric derivative."""

from collections.abc import Iterable

from nn_tui.nn.activations import UNITS, Activation
from nn_tui.nn.syntax import Function

DERIVATIVE = "_derivative"
"""What the name of a function's derivative ends with, after the name of the function."""
SPACING, SINGLE_SPACING = 1e-5, 1e-2
"""Half the distance between the two points of a numeric derivative, in float64 and float32.

Its error is about the rounding divided by the spacing, plus its square.
"""


def own_activation(name: str, functions: Iterable[Function], spacing: float) -> Activation:
    """The activation by the function ``name``, one of ``functions``.

    The derivative is the function ``{name}_derivative`` of the pre-activation, if there is
    one; else the central difference (f(z + h) - f(z - h)) / 2h with h = ``spacing``. Raises
    KeyError for an unknown name.
    """
    known = {function.name: function for function in functions}
    body, given = known[name].body, known.get(f"{name}{DERIVATIVE}")
    if given is None:
        h = f"{spacing:g}"
        slope = f"({name}({{z}} + {h}) - {name}({{z}} - {h})) / {2 * spacing:g}"
        derivation = f"f' ≈ (f(z + h) - f(z - h)) / 2h with h = {h}: central differences"
    else:
        slope, derivation = f"{given.name}({{z}})", f"f'(x) = {given.body}, as the recipe gives it"
    return Activation(
        name,
        f"a function of the recipe: {body}",
        f"f(x) = {body}",
        "the recipe",
        f"{name}({{x}})",
        slope,
        known[name],
        needs_input=True,
        derivation=derivation,
        numeric=given is None,
    )


def functions_of(names: Iterable[str], functions: Iterable[Function]) -> tuple[Function, ...]:
    """Those of ``functions`` that the activations ``names`` and their derivatives are."""
    wanted = {name for name in names if name not in UNITS}
    wanted |= {f"{name}{DERIVATIVE}" for name in wanted}
    return tuple(function for function in functions if function.name in wanted)
