"""Whether steps run in the extension: it is there, is wanted, and agrees with NumPy here."""

import os
from functools import lru_cache

from nn_tui.nn.kernels import extension

SWITCH = "NN_TUI_KERNELS"
"""The environment variable that turns the extension off: ``off``."""


def is_used() -> bool:
    """Whether steps run in the extension."""
    return not why_not()


def why_not() -> str:
    """Why steps run as Python functions; empty where the extension runs them."""
    if os.environ.get(SWITCH, "").strip().lower() in ("off", "0", "no", "false"):
        return f"{SWITCH} is off"
    if not extension.is_built():
        return "the extension is not built"
    return "" if _agrees() else "the extension differs from NumPy here"


def describe() -> str:
    """What runs the steps, for people."""
    reason = why_not()
    return f"Python ({reason})" if reason else "compiled"


@lru_cache(maxsize=1)
def _agrees() -> bool:
    from nn_tui.nn.kernels.self_check import tiny_net_agrees

    return tiny_net_agrees()
