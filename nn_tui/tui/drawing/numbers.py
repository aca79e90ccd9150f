"""Format numbers in a fixed width, so that the layout does not change with them."""

import math


def format_fixed(value: float | None, width: int = 7) -> str:
    """Right-align ``value`` in ``width`` cells (at least 6), with as many digits as fit."""
    if value is None:
        return "-".rjust(width)
    if math.isnan(value):
        return "NaN".rjust(width)
    if math.isinf(value):
        return ("+∞" if value > 0 else "-∞").rjust(width)
    for decimals in range(min(4, width - 3), -1, -1):
        text = f"{value:.{decimals}f}"
        if len(text) <= width and abs(float(text) - value) <= abs(value) / 2:
            return text.rjust(width)
    text = f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return text.rjust(width) if len(text) <= width else f"{value:.{width - 3}f}"


def format_signed(value: float, width: int = 7) -> str:
    """Format ``value`` with its sign and at most three decimals."""
    if not math.isfinite(value):
        return format_fixed(value, width)
    for decimals in range(min(3, width - 3), -1, -1):
        text = f"{value:+.{decimals}f}"
        if len(text) <= width:
            return text.rjust(width)
    text = f"{value:+.0e}".replace("e+0", "e").replace("e+", "e")
    return text.rjust(width) if len(text) <= width else f"{value:+.0f}".rjust(width)


def format_plain(value: float) -> str:
    """Format a data value; whole numbers have no decimals."""
    if not math.isfinite(value):
        return format_fixed(value).strip()
    whole = value == int(value) and abs(value) < 1e6
    return str(int(value)) if whole else format_fixed(value, 6).strip()


def format_datum(value: float, width: int) -> str:
    """Format a data value with up to four significant digits, without trailing zeros.

    It takes up to ``width`` cells (at least 6).
    """
    whole = value == round(value) if math.isfinite(value) else True
    for digits in (4, 3) if not whole else ():
        text = f"{value:.{digits}g}"
        if len(text) <= width and "e" not in text:
            return text
    return format_plain(value)


def format_rate(epochs_per_second: float) -> str:
    """Format a speed in epochs per second."""
    if epochs_per_second >= 10_000:
        return f"{epochs_per_second / 1000:,.0f}k/s"
    if epochs_per_second >= 10:
        return f"{epochs_per_second:,.0f}/s"
    return f"{epochs_per_second:.2g}/s"


def format_loss(value: float | None) -> str:
    """Format a loss in a nearly constant width."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return format_fixed(value).strip()
    if value != 0 and (value < 1e-4 or value >= 1e5):
        mantissa, power = f"{value:.3e}".split("e")
        return f"{mantissa}e{int(power)}"
    return f"{value:.{7 - len(f'{value:.0f}')}f}"


def format_error(value: float | None) -> str:
    """Format a mean absolute error with three decimals, very large and small ones as a loss."""
    if value is not None and (value == 0 or 1e-3 <= value < 1e5):
        return f"{value:.3f}"
    return format_loss(value)
