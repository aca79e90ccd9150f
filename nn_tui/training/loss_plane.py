"""A plane through the space of a network's parameters, and the training loss over it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_tui.nn.architecture import Architecture, views
from nn_tui.training.edits import parameter_name
from nn_tui.training.loss_surface import LossSurface
from nn_tui.training.run_path import RunPath
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

_STRIDES = (16, 8, 4, 2, 1)
_STEP_SECONDS = 0.02
"""Seconds of computation until a result is yielded."""
_MARGIN = 0.2
"""Room around the path, as a fraction of its extent on each side."""

Parameter = tuple[str, tuple[int, ...]]
"""A weight or bias: ``W0`` or ``b0``, and its index."""


@dataclass(frozen=True, eq=False)
class LossPlane:
    """The parameters ``origin + x * directions[0] + y * directions[1]``.

    ``directions`` (2, parameter_count) are orthonormal. ``shares`` are those of the variance
    of the path along both; None for a plane of two weights, whose ``names`` then are those.
    """

    origin: Array
    directions: Array
    names: tuple[str, str] = ("", "")
    shares: tuple[float, float] | None = None

    def at(self, x: float, y: float) -> Array:
        """The parameters (parameter_count,) at a point."""
        point: Array = self.origin + x * self.directions[0] + y * self.directions[1]
        return point

    def project(self, parameters: Array) -> Array:
        """The nearest points (points, 2) to ``parameters`` (points, parameter_count)."""
        points: Array = (parameters - self.origin) @ self.directions.T
        return points


def path_plane(path: RunPath) -> LossPlane | None:
    """The plane through the last point of the path along its two main directions.

    They are the first two principal components of its points (Li et al., Visualizing the
    Loss Landscape of Neural Nets, 2018). None if the points are on a line.
    """
    with np.errstate(all="ignore"):
        return _main_plane(path)


def _main_plane(path: RunPath) -> LossPlane | None:
    finite = path.parameters[(np.abs(path.parameters) < 1e150).all(axis=1)]
    if len(finite) < 3:
        return None
    centred = finite - finite.mean(axis=0)
    centred /= float(np.abs(centred).max()) or 1.0
    # Of few points in many dimensions: the eigenvectors of the small matrix of their products.
    values, vectors = np.linalg.eigh(centred @ centred.T)
    variances = np.maximum(values[::-1], 0.0)
    if not variances[1] > 1e-12 * variances[0]:
        return None
    directions = (vectors[:, ::-1][:, :2].T @ centred) / np.sqrt(variances[:2, None])
    ahead = directions @ (finite[-1] - finite[0])
    directions *= np.where(ahead < 0, -1.0, 1.0)[:, None]  # training goes right and up
    first, second = (variances[:2] / variances.sum()).tolist()
    return LossPlane(path.parameters[-1], directions, shares=(first, second))


def weight_plane(
    parameters: Array, network: Architecture, across: Parameter, up: Parameter
) -> LossPlane:
    """The plane of two different weights; its coordinates are their distances from now."""
    directions = np.zeros((2, len(parameters)))
    for direction, (name, index) in zip(directions, (across, up), strict=True):
        views(direction, network)[name][index] = 1.0
    names = parameter_name(*across), parameter_name(*up)
    return LossPlane(parameters.astype(np.float64), directions, names)


@dataclass(frozen=True, eq=False)
class Landscape:
    """The mean training loss over a ``plane``.

    ``losses`` (rows, columns), the top row first, are those at the middle of square pixels of
    size ``pixel``, the lower left corner at ``corner``; NaN where not computed yet. Before the
    last step a value may stand for a block of pixels. ``points`` (points, 2) are those of
    ``path`` on the plane.
    """

    snapshot: Snapshot
    plane: LossPlane
    path: RunPath
    points: Array
    corner: tuple[float, float]
    pixel: float
    losses: Array

    def place(self, row: int, column: int) -> tuple[float, float]:
        """The point of the plane in the middle of a pixel."""
        x = self.corner[0] + (column + 0.5) * self.pixel
        return x, self.corner[1] + (len(self.losses) - row - 0.5) * self.pixel

    def pixels(self, points: Array) -> Array:
        """Column and row (points, 2), fractions included, of points of the plane."""
        found: Array = (points - np.array(self.corner)) / self.pixel
        found[:, 1] = len(self.losses) - found[:, 1]
        return found


def survey(
    snapshot: Snapshot, plane: LossPlane, path: RunPath, shape: tuple[int, int], zoom: float = 1.0
) -> Iterator[Landscape]:
    """Compute the losses of ``shape`` (rows, columns), coarsely first.

    The picture has the whole path and a margin; a ``zoom`` above 1 shows less, around the
    current parameters.
    """
    surface = LossSurface(snapshot)
    points = plane.project(path.parameters)
    corner, pixel = _frame(points, shape, zoom, plane.shares is None)
    losses, computed = np.full(shape, np.nan), np.zeros(shape, bool)
    made = Landscape(snapshot, plane, path, points, corner, pixel, losses)
    since = time.perf_counter()
    for stride in _STRIDES:
        for row in range(0, shape[0], stride):
            for column in range(0, shape[1], stride):
                if computed[row, column]:
                    continue
                loss = surface.at(plane.at(*made.place(row, column)))
                losses[row : row + stride, column : column + stride] = loss
                computed[row, column] = True
                if time.perf_counter() - since > _STEP_SECONDS:
                    yield _copy(made)
                    since = time.perf_counter()
    yield _copy(made)


def _copy(made: Landscape) -> Landscape:
    return Landscape(
        made.snapshot,
        made.plane,
        made.path,
        made.points,
        made.corner,
        made.pixel,
        made.losses.copy(),
    )


def _frame(
    points: Array, shape: tuple[int, int], zoom: float, weights: bool
) -> tuple[tuple[float, float], float]:
    """The lower left corner and the size of a pixel, for all ``points`` and a margin."""
    known = points[np.isfinite(points).all(axis=1)]
    low, high = (known.min(axis=0), known.max(axis=0)) if len(known) else (0.0, 0.0)
    extent = np.maximum((high - low) * (1 + 2 * _MARGIN), 1e-9 + 4.0 * weights)
    middle = (np.asarray(low) + np.asarray(high)) / 2
    rows, columns = shape
    pixel = float(max(extent[0] / columns, extent[1] / rows))
    if zoom > 1:
        middle = points[-1]
    pixel /= zoom
    corner = middle - pixel * np.array([columns, rows]) / 2
    return (float(corner[0]), float(corner[1])), pixel
