"""Derivatives by central differences, extrapolated, with their rounding and kinks."""

from collections.abc import Callable
from typing import NamedTuple

_EPSILON = 2.0**-52
_STEPS = (1e-4, 1e-6, 1e-8)
"""Steps for a value of at most 1; the next is tried where the differences do not converge."""
_CONVERGED = 1e-6


class Slope(NamedTuple):
    """A derivative; ``noise`` is the rounding of the differences it was computed from."""

    value: float
    noise: float
    kink: bool = False
    """Whether the slopes on both sides differ: there is no derivative."""


class _Differences(NamedTuple):
    """At a step and at half of it: the central differences, and the slopes of both sides."""

    value: float
    error: float
    jump: float
    half_jump: float
    size: float
    noise: float

    @property
    def converged(self) -> bool:
        return self.error <= _CONVERGED * self.size + self.noise

    @property
    def kink(self) -> bool:
        # Of a smooth function, the slopes of both sides approach each other with the step.
        seen = self.half_jump > 1e-7 * self.size + 20 * self.noise
        return seen and self.half_jump > 0.75 * self.jump


def slope(
    function: Callable[[float], float], at: float, middle: float, doubted: float | None = None
) -> Slope:
    """The derivative of ``function`` at ``at``, where it is ``middle``.

    Central differences c(h) and c(h/2) are extrapolated, (4 c(h/2) - c(h)) / 3 (Richardson
    1911); smaller steps are taken where both do not agree, and, to look for a kink, where the
    result is not ``doubted``, the derivative by other means.
    """
    found: Slope | None = None
    scale = max(1.0, abs(at))
    made = _differences(function, at, middle, _STEPS[0] * scale)
    for step in (*_STEPS[1:], 0.0):
        if made.kink:
            return Slope(made.value, made.noise, kink=True)
        if made.converged and found is None:
            found = Slope(made.value, made.noise)
            near = doubted is not None and abs(doubted - made.value) > 1e-6 * made.size + made.noise
            if not near:
                return found
        if not step:
            break
        made = _differences(function, at, middle, step * scale)
    return found or Slope(made.value, made.noise, kink=made.error > 1e-3 * made.size + made.noise)


def _differences(
    function: Callable[[float], float], at: float, middle: float, step: float
) -> _Differences:
    high, low = at + step, at - step  # the steps as they are represented
    above, below = (function(high) - middle) / (high - at), (middle - function(low)) / (at - low)
    high, low = at + step / 2, at - step / 2
    near_above = (function(high) - middle) / (high - at)
    near_below = (middle - function(low)) / (at - low)
    whole, half = (above + below) / 2, (near_above + near_below) / 2
    return _Differences(
        value=(4 * half - whole) / 3,
        error=abs(half - whole),
        jump=abs(above - below),
        half_jump=abs(near_above - near_below),
        size=abs(near_above) + abs(near_below),
        noise=8 * _EPSILON * (abs(middle) + 0.1) / step,
    )
