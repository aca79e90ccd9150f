"""All weights and biases in one flat vector, with a view for each.

An optimizer's update is then a handful of calls whatever the depth, and a copy for a
screen, a keyframe or a file is one call.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.nn.architecture import Architecture


def views(flat: NDArray[Any], architecture: Architecture) -> dict[str, NDArray[Any]]:
    """A view into ``flat`` (parameter_count,) for each ``W0 W1 … b0 b1 …``."""
    result: dict[str, NDArray[Any]] = {}
    start = 0
    for name, shape in architecture.shapes().items():
        stop = start + int(np.prod(shape))
        result[name] = flat[start:stop].reshape(shape)
        start = stop
    return result


def flatten(named: Mapping[str, NDArray[Any]], architecture: Architecture) -> NDArray[Any]:
    """A new flat vector holding the parameters given by name.

    Raises ValueError, in a sentence, for a missing, unknown or misshapen array, and for
    values that are not finite.
    """
    shapes = architecture.shapes()
    flat = np.empty(architecture.parameter_count, np.float64)
    for name, target in views(flat, architecture).items():
        if name not in named:
            raise ValueError(f"{name} is missing; the network has {', '.join(shapes)}")
        if named[name].shape != target.shape:
            raise ValueError(
                f"{name} is {_times(named[name].shape)}; the network needs {_times(target.shape)}"
            )
        target[...] = named[name]
        if not np.isfinite(target).all():
            raise ValueError(f"{name} holds a value that is not a finite number")
    unknown = [name for name in named if name not in shapes]
    if unknown:
        raise ValueError(f"{unknown[0]} is unknown; the network has {', '.join(shapes)}")
    return flat


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape) or "a single number"
