"""The landscape view of the loss pane: the loss over a plane, computed while nothing else is done.

It is computed while training is paused: first the path of the run, then the losses, coarsely
first. While training runs, the last picture stays, dimmed.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from textual.strip import Strip

from nn_tui.recipe.recipe import View
from nn_tui.training.loss_plane import (
    Landscape,
    LossPlane,
    Parameter,
    path_plane,
    survey,
    weight_plane,
)
from nn_tui.training.run import Run
from nn_tui.training.run_path import RunPath, trace_path
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.loss_landscape import (
    describe_point,
    draw_landscape,
    lay_out_landscape,
    nearest_epoch,
)
from nn_tui.tui.drawing.strips import DrawArea, dimmed, paragraph
from nn_tui.tui.session.refinement import Refinement
from nn_tui.tui.session.session import Session
from nn_tui.types import Array

_KEPT = 8
"""Complete pictures that are kept."""
_ZOOM = (0.25, 16.0)


@dataclass(frozen=True)
class LandscapeChoice:
    """The two ``weights`` whose plane is shown, or None for that of the path; and the zoom."""

    weights: tuple[Parameter, Parameter] | None = None
    zoom: float = 1.0


class _PathAndPlane(NamedTuple):
    """A path; once it is whole, with its plane if it has one."""

    path: RunPath
    plane: LossPlane | None = None


class LandscapeView:
    """Computes and draws the landscape of the session's run; ``show`` draws the pane again."""

    def __init__(self, session: Session, start: Callable[[Any], object], show: Callable[[], None]):
        self.choice = LandscapeChoice()
        self.cursor: tuple[int, int] | None = None
        """Line and column of the crosshair in the picture."""
        self._session, self._show = session, show
        busy = lambda: session.slices.key_priority.claimed  # noqa: E731
        self._path: Refinement[_PathAndPlane] = Refinement(start, show, busy)
        self._survey: Refinement[Landscape] = Refinement(start, show, busy)
        self._kept: list[tuple[Hashable, Landscape]] = []
        self._state: Hashable = None
        self._size = (0, 0)
        self._run: Hashable = None
        """The start of the run that the picture is of."""

    @property
    def made(self) -> Landscape | None:
        """The picture as far as it is computed."""
        return self._survey.result

    def is_complete(self, snapshot: Snapshot) -> bool:
        """Whether the picture of ``snapshot`` is computed as far as it ever is."""
        survey = self._survey
        wanted = (self._state, self.choice, self._size)
        return survey.complete and survey.key == wanted and self._is_current(snapshot)

    def lay_out(self, snapshot: Snapshot, width: int, height: int) -> str:
        """Have what is missing computed; return the text for the border."""
        self._size = (width, lay_out_landscape(height).lines)
        self._forget_another_run(snapshot)
        if self.choice.weights and not all(_exists(w, snapshot) for w in self.choice.weights):
            self.choice = LandscapeChoice()
        if self._session.running or snapshot.progress:
            self._path.cancel()
            self._survey.cancel()
        elif width > 1 and height > 0 and np.isfinite(snapshot.parameters).all():
            self._want(snapshot)
        self.cursor = self._within(self.cursor)
        return self._note(snapshot)

    def draw(self, snapshot: Snapshot, area: DrawArea) -> list[Strip]:
        """Return the picture, dimmed where it is that of another state, or what is missing."""
        made = self.made
        lines, fits = self._size[1], made is not None and made.losses.shape[1] == area.width
        if made is None or not fits or len(made.losses) != 2 * lines:
            return paragraph(self._missing(snapshot), area.width, area.palette.muted)
        foot = "" if self.cursor is None else describe_point(made, *self.cursor, area.width)
        strips = draw_landscape(made, self.cursor, foot, area)
        return strips if self._is_current(snapshot) else dimmed(strips, area.palette)

    # Keys

    def move(self, columns: int, lines: int) -> None:
        """Move the crosshair; without one, show it at the current parameters."""
        if self.cursor is None:
            self.toggle_cursor()
        else:
            self.cursor = self._within((self.cursor[0] + lines, self.cursor[1] + columns))

    def toggle_cursor(self) -> None:
        """Put the crosshair on the current parameters, or remove it."""
        if self.cursor is not None or self.made is None:
            self.cursor = None
            return
        column, row = self.made.pixels(self.made.points[-1:])[0]
        self.cursor = self._within((int(row // 2), int(column)))

    def zoom(self, factor: float) -> None:
        """Show less of the plane, or more."""
        zoom = min(_ZOOM[1], max(_ZOOM[0], self.choice.zoom * factor))
        self.choice = replace(self.choice, zoom=zoom)

    def pair(self, snapshot: Snapshot) -> tuple[Parameter, Parameter]:
        """The two weights shown, or two to begin with, of the same unit if it has two inputs."""
        others: tuple[Parameter, ...] = (("W0", (1, 0)), ("W0", (0, 1)), ("W1", (0, 0)))
        second = next((other for other in others if _exists(other, snapshot)), ("b0", (0,)))
        return self.choice.weights or (("W0", (0, 0)), second)

    @property
    def epoch(self) -> int | None:
        """The epoch of the path next to the crosshair; None without one."""
        if self.cursor is None or self.made is None:
            return None
        return nearest_epoch(self.made, *self.cursor)

    # Inside

    def _forget_another_run(self, snapshot: Snapshot) -> None:
        """Drop the picture of a run with another start: its losses are not of this one."""
        run = (replace(snapshot.start_recipe or snapshot.recipe, view=View()), snapshot.network)
        if run == self._run:
            return
        if self._run is not None:
            self._path.drop()
            self._survey.drop()
            self._state = self.cursor = None
        self._run = run

    def _want(self, snapshot: Snapshot) -> None:
        state = (snapshot.recipe, id(snapshot.dataset), snapshot.epoch, _digest(snapshot))
        if state != self._state:
            self._state = state
            self._path.cancel()
            self._session.read_states(lambda run, states: self._trace(state, run, states, snapshot))
        if self._path.key != state or not self._path.complete or self._path.result is None:
            return
        path, key = self._path.result.path, (state, self.choice, self._size)
        kept = next((made for known, made in self._kept if known == key), None)
        if kept is not None:
            if self._survey.key != key:
                self._survey.keep(key, kept)
            return
        plane = self._plane(snapshot)
        if plane is not None:
            width, lines = self._size
            shape, zoom = (2 * lines, width), self.choice.zoom
            self._survey.want(key, lambda: survey(snapshot, plane, path, shape, zoom))
            if self._survey.key == key and self._survey.complete and self._survey.result:
                self._kept = [*self._kept[1 - _KEPT :], (key, self._survey.result)]

    def _trace(
        self, state: Hashable, run: Run, states: list[tuple[int, Array]], snapshot: Snapshot
    ) -> None:
        if state == self._state:
            self._path.want(state, lambda: _traced(run, states, snapshot.seconds))

    def _plane(self, snapshot: Snapshot) -> LossPlane | None:
        if self.choice.weights is None:
            return None if self._path.result is None else self._path.result.plane
        return weight_plane(snapshot.parameters, snapshot.network, *self.choice.weights)

    def _is_current(self, snapshot: Snapshot) -> bool:
        made = self.made
        return made is not None and np.array_equal(made.snapshot.parameters, snapshot.parameters)

    def _missing(self, snapshot: Snapshot) -> str:
        if self._session.running:
            return "The landscape is computed while training is paused."
        if not np.isfinite(snapshot.parameters).all():
            return "Parameters that are not finite have no landscape."
        if self._path.complete and self._path.result and self._plane(snapshot) is None:
            return (
                "A landscape over the path of the run needs a path: train at least two epochs, or "
                "choose two weights."
            )
        return "Computing the landscape …"

    def _note(self, snapshot: Snapshot) -> str:
        made = self.made
        kind = "two weights" if self.choice.weights else "plane of the path"
        if made is not None and not self._is_current(snapshot):
            return f"of epoch {made.snapshot.epoch:,}"
        return kind + ("" if self._survey.complete else " · computing")

    def _within(self, place: tuple[int, int] | None) -> tuple[int, int] | None:
        if place is None:
            return None
        width, lines = self._size
        return max(0, min(lines - 1, place[0])), max(0, min(width - 1, place[1]))


def _traced(
    run: Run, states: Sequence[tuple[int, Array]], seconds: float
) -> Iterator[_PathAndPlane]:
    """Trace the path of a run; the plane of a large network's takes long, too."""
    for path in trace_path(run, states, seconds):
        yield _PathAndPlane(path)
    yield _PathAndPlane(path, path_plane(path))


def _exists(parameter: Parameter, snapshot: Snapshot) -> bool:
    """Whether the network has such a weight or bias: another one may be smaller."""
    name, index = parameter
    shape = snapshot.network.shapes().get(name, ())
    return len(shape) == len(index) and all(i < n for i, n in zip(index, shape, strict=True))


def _digest(snapshot: Snapshot) -> int:
    return hash(snapshot.parameters.tobytes())
