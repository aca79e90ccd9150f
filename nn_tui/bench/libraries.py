"""Other people's libraries to run against, where they are installed."""

from importlib import import_module
from typing import Any


class Skipped(Exception):
    """Why a measure cannot be taken here, as a few words."""


def scikit_learn() -> Any:
    """``sklearn.neural_network``. Raises Skipped."""
    return _module("sklearn.neural_network", "scikit-learn")


def pytorch() -> Any:
    """``torch``, working on one thread. Raises Skipped.

    NumPy has one thread where ``apart`` takes the measure, so both have the same.
    """
    torch = _module("torch", "PyTorch")
    torch.set_num_threads(1)
    return torch


def _module(name: str, called: str) -> Any:
    try:
        return import_module(name)
    except (ImportError, OSError) as error:  # OSError where its shared libraries do not load
        absent = isinstance(error, ModuleNotFoundError) and name.startswith(error.name or "?")
        raise Skipped(
            f"{called} is not installed" if absent else f"{called} does not load: {error}"
        ) from None
