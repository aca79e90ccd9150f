"""The health view of the weights pane: measured at once where that is fast, else in a thread."""

from collections.abc import Iterator

from textual.strip import Strip

from nn_tui.training.layer_health import HealthReport, measure_health
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.health_table import describe_layer, draw_health
from nn_tui.tui.drawing.strips import DrawArea, dimmed, paragraph
from nn_tui.tui.session.refinement import Refinement

_AT_ONCE = 100_000
"""Samples times weights that are measured in a millisecond or two."""


class HealthView:
    """Draws the latest report; ``refinement`` measures in a thread."""

    def __init__(self, refinement: Refinement[HealthReport]) -> None:
        self._refinement = refinement

    def lay_out(self, snapshot: Snapshot, layer: int, room: int) -> str:
        """Have ``snapshot`` measured; return a description of the layer of that index."""
        report = self._report(snapshot)
        return describe_layer(report, layer, room) if report is not None else ""

    def draw(self, snapshot: Snapshot, layer: int | None, area: DrawArea) -> list[Strip]:
        """Return the table, with the layer of that index marked if there is one.

        It is dimmed while another state is being measured and training is paused.
        """
        report = self._refinement.result
        if report is None or report.snapshot.network != snapshot.network:
            return paragraph("Measuring all training samples …", area.width, area.palette.muted)
        strips = draw_health(report, layer, area)
        old = report.snapshot.epoch != snapshot.epoch or report.snapshot.edits != snapshot.edits
        return dimmed(strips, area.palette) if old else strips

    def _report(self, snapshot: Snapshot) -> HealthReport | None:
        refinement = self._refinement
        if snapshot.dataset.train_count * snapshot.network.weight_count > _AT_ONCE:
            refinement.want(snapshot, lambda: _measured(snapshot))
        elif refinement.result is None or refinement.result.snapshot is not snapshot:
            refinement.keep(snapshot, measure_health(snapshot))
        report = refinement.result
        fits = report is not None and report.snapshot.network == snapshot.network
        return report if fits else None


def _measured(snapshot: Snapshot) -> Iterator[HealthReport]:
    yield measure_health(snapshot)
