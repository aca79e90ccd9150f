"""The views of the network pane that evaluate the samples of a set.

The confusion matrix of classes; of numbers the predicted values against the true ones.
"""

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.confusion_counts import (
    ConfusionCounts,
    counted_samples,
    evaluate_confusion,
)
from nn_tui.tui.drawing.confusion_matrix import (
    Cell,
    ConfusionLayout,
    describe_cell,
    draw_confusion,
    lay_out_confusion,
)
from nn_tui.tui.drawing.residual_plot import (
    Residuals,
    describe_residuals,
    draw_residuals,
    evaluate_residuals,
)
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.panes.network_view_state import NetworkViewState


class EvaluationViews:
    """Evaluates the samples once for layout and drawing."""

    def __init__(self) -> None:
        self.forward = ForwardPass()
        self._matrix: ConfusionLayout | None = None
        self._results: ConfusionCounts | Residuals | None = None

    def lay_out(
        self, snapshot: Snapshot, state: NetworkViewState, focused: bool, size: tuple[int, int]
    ) -> str:
        """Evaluate the samples; return the text for the border."""
        if state.view == "residuals":
            self._results = evaluate_residuals(snapshot, self.forward, state.tests)
            return describe_residuals(self._results, size[0] - 2)
        counts = self._results = evaluate_confusion(snapshot, self.forward, state.tests)
        self._matrix = lay_out_confusion(counts, *size)
        said = f"confusion · {counts.subset} samples"
        if not focused:
            return said
        cell = describe_cell(counts, state.cell)
        ways = (f"{said} · {cell}", f"{counts.subset} · {cell}", cell)
        return next((way for way in ways if cell_len(way) <= size[0] - 2), cell)

    def draw(self, state: NetworkViewState, focused: bool, area: DrawArea) -> list[Strip]:
        """Draw what was evaluated, with the cursor if the pane is ``focused``."""
        if isinstance(self._results, Residuals):
            return draw_residuals(self._results, state.sample, area)
        if self._results is None:
            return []
        return draw_confusion(self._results, area, state.cell if focused else None)

    def samples_in(self, snapshot: Snapshot, state: NetworkViewState) -> list[tuple[int, float]]:
        """Return the samples of the cell under the cursor, each with its predicted output."""
        return counted_samples(snapshot, self.forward, state.tests, state.cell)

    def cell_at(self, x: int, y: int) -> Cell | None:
        """Return the cell of the confusion matrix at a place of the view, if any."""
        return self._matrix.at(x, y) if self._matrix is not None else None
