"""The curve of the loss along the weight under the cursor, below the matrices."""

from collections.abc import Hashable

from textual.strip import Strip

from nn_tui.training.loss_surface import WeightSlice, slice_along
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.strips import DrawArea, dimmed, paragraph
from nn_tui.tui.drawing.weight_slice import draw_slice
from nn_tui.tui.session.refinement import Refinement

_LEAST, _SHARE = 9, 0.55
"""Lines of the curve where there is room for some of a matrix too, and its share of more."""
_WHILE_RUNNING = 3_000_000
"""Samples times weights times points that are computed beside training."""


class SliceView:
    """Draws the latest curve; ``refinement`` computes in a thread."""

    def __init__(self, refinement: Refinement[WeightSlice]) -> None:
        self._refinement = refinement

    def height(self, height: int) -> int:
        """The lines that the curve takes of those of the pane."""
        return min(height - 2, max(_LEAST, round(_SHARE * height))) if height > 4 else 0

    def lay_out(
        self,
        snapshot: Snapshot,
        name: str,
        index: tuple[int, ...],
        width: int,
        running: bool,
    ) -> None:
        """Have the curve of a weight or bias computed, unless that would delay training."""
        points = 2 * max(8, width)
        work = snapshot.dataset.train_count * snapshot.network.weight_count * points
        key: Hashable = (snapshot, name, index, points)
        if not running or work <= _WHILE_RUNNING:
            self._refinement.want(key, lambda: slice_along(snapshot, name, index, points))

    def draw(
        self, snapshot: Snapshot, name: str, index: tuple[int, ...], area: DrawArea, running: bool
    ) -> list[Strip]:
        """Return the curve, dimmed while that of other parameters is being computed."""
        made = self._refinement.result
        if made is None or (made.name, made.index) != (name, index):
            return paragraph(
                "Computing the loss along this weight …", area.width, area.palette.muted
            )
        strips = draw_slice(made, area)
        old = made.snapshot.parameters is not snapshot.parameters and not running
        return dimmed(strips, area.palette) if old else strips
