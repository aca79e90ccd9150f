"""Numbers as JSON has them."""

import math


def finite(value: float | None) -> float | None:
    """``value``, or None where it is infinite or NaN, which JSON has no words for."""
    return value if value is not None and math.isfinite(value) else None
