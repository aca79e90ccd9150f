"""Numbers as text with as many digits as asked for, for arithmetic that is spelled out."""

import math

ALL_DIGITS = 17
"""From so many digits on, a number is written so that reading it gives it back."""


def significant_digits(value: float, digits: int = 3) -> str:
    """``value`` to about ``digits`` digits: decimals, or significant ones where it is small.

    A number that this does not round is written without needless zeros: ``0.5``, ``1``.
    """
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    if digits >= ALL_DIGITS:
        return _short(repr(float(value)))
    text = _rounded(value, digits)
    return _short(text) if float(text) == value else text


def _rounded(value: float, digits: int) -> str:
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-3 or size >= 1e5:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        return f"{mantissa}e{int(exponent)}"
    if size >= 1000:
        return f"{value:.{max(1, digits - 2)}f}"
    extra = max(0, -1 - math.floor(math.log10(size)))
    return f"{value:.{digits + extra}f}"


def _short(text: str) -> str:
    mantissa, e, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return mantissa + e + (str(int(exponent)) if e else "")
