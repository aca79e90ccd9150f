"""Samples as points of a plane, and how a cursor goes from one to the next."""

from dataclasses import dataclass

import numpy as np

from nn_tui.tui.drawing.bounded import bounded
from nn_tui.types import Array

_ASIDE = 2.0  # how much more a step aside counts than one ahead


@dataclass(frozen=True, eq=False)
class PlanePoints:
    """The cells of the points: ``columns`` and ``lines`` (points,), one of each of ``samples``."""

    samples: Array
    columns: Array
    lines: Array

    def next(self, sample: int, down: int, right: int) -> int:
        """The nearest sample in a direction; ``sample`` itself if there is none."""
        here = np.flatnonzero(self.samples == sample)
        if not len(here):
            return int(self.samples[0])
        x = (self.columns - self.columns[here[0]]).astype(float)
        y = 2.0 * (self.lines - self.lines[here[0]])  # a cell is twice as high as wide
        ahead = x * np.sign(right) + y * np.sign(down)
        aside = np.abs(x) if down else np.abs(y)
        cost = np.where(ahead > 0, ahead + _ASIDE * aside, np.inf)
        best = int(cost.argmin())
        return int(self.samples[best]) if np.isfinite(cost[best]) else sample

    def at(self, x: int, y: int) -> int:
        """The sample nearest to a cell."""
        far = np.abs(self.columns - x) + 2 * np.abs(self.lines - y)
        return int(self.samples[int(far.argmin())])


def plane_points(
    samples: Array, points: Array, bounds: tuple[Array, Array], width: int, height: int
) -> PlanePoints:
    """The cells of ``points`` (points, 2), the second coordinate upwards.

    ``bounds`` are the least and the largest of both coordinates, each (2,).
    """
    low, high = map(bounded, bounds)
    size = np.where(high > low, high - low, 1.0)
    shares = np.clip((bounded(points) - low) / size, 0, 1)
    columns = np.rint(shares[:, 0] * (width - 1)).astype(int)
    lines = np.rint((1 - shares[:, 1]) * (height - 1)).astype(int)
    return PlanePoints(samples, columns, lines)
