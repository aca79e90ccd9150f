"""How a person looks at the chart of losses, and what keys make of that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nn_tui.tui.drawing.chart_axes import EpochRange, full_range

SMOOTHING = (0.0, 0.01, 0.03, 0.1)
"""How far smoothing reaches, as a share of the epochs in sight; the first is none."""

MIN_SPAN = 4


class EpochWindow(NamedTuple):
    """``span`` epochs up to ``end``; without an end, the latest ones."""

    span: int
    end: int | None = None


@dataclass(frozen=True)
class ChartView:
    """``axes`` are the views whose axis was chosen, with whether it is logarithmic.

    Others choose by their values, and ``were_log`` are those that last were logarithmic.
    ``crosshair`` is an epoch. Without a ``window`` all epochs are in sight.
    """

    name: str = "loss"
    axes: frozenset[tuple[str, bool]] = frozenset()
    were_log: frozenset[str] = frozenset()
    strength: int = 0
    crosshair: int | None = None
    window: EpochWindow | None = None

    @property
    def log(self) -> bool | None:
        """Whether the axis was chosen to be logarithmic; None where its values decide."""
        return dict(self.axes).get(self.name)

    @property
    def was_log(self) -> bool:
        """Whether the values had a logarithmic axis in the last picture."""
        return self.name in self.were_log

    def within(self, whole: int) -> "ChartView":
        """Without what points past the end of all curves, as after a restart."""
        window, crosshair = self.window, self.crosshair
        if window is not None and window.end is not None and window.end - window.span >= whole:
            window = None
        if crosshair is not None and crosshair > whole:
            crosshair = None
        return replace(self, window=window, crosshair=crosshair)

    def next_view(self, views: Sequence[str]) -> "ChartView":
        """Show the next of ``views``; a name that is not one of them counts as the second."""
        position = views.index(self.name) if self.name in views else 1
        return replace(self, name=views[(position + 1) % len(views)])

    def with_axis(self, log: bool | None) -> "ChartView":
        """A logarithmic axis or a linear one for what is shown; None lets its values decide."""
        others = frozenset(axis for axis in self.axes if axis[0] != self.name)
        return replace(self, axes=others if log is None else others | {(self.name, log)})

    def having_shown(self, log: bool) -> "ChartView":
        """After a picture for which the values chose this axis."""
        others = self.were_log - {self.name}
        return replace(self, were_log=others | {self.name} if log else others)

    def smoother(self) -> "ChartView":
        """Smooth more; after the most, not at all."""
        return replace(self, strength=(self.strength + 1) % len(SMOOTHING))

    def epochs(self, latest: int, whole: int) -> EpochRange:
        """The epochs in sight: of a run at epoch ``latest``, of curves up to ``whole``.

        A window that follows the run moves by a quarter at a time.
        """
        if self.window is None or self.window.span >= whole:
            return full_range(whole)
        span, end = self.window.span, self.window.end
        if end is None:
            quarter = max(1, span // 4)
            end = -(-latest // quarter) * quarter
        return float(max(0, end - span)), float(max(span, end))

    def reach(self, epochs: EpochRange) -> float:
        """Over how many of the epochs in sight curves are smoothed, at least one; 0 for none."""
        share = SMOOTHING[self.strength]
        return max(1.0, share * (epochs[1] - epochs[0])) if share else 0.0

    def zoomed(self, factor: float, latest: int, whole: int) -> "ChartView":
        """``factor`` times as many epochs in sight, the crosshair's or the latest among them."""
        first, last = self.epochs(latest, whole)
        span = max(MIN_SPAN, round((last - first) * factor))
        if span >= full_range(whole)[1]:
            return replace(self, window=None)
        if self.crosshair is not None:
            end = round(self.crosshair + (last - self.crosshair) * factor)
        elif first <= latest <= last:
            end = latest
        else:
            end = round((first + last + span) / 2)
        return self._looking_at(span, end, latest, whole)

    def panned(self, share: float, latest: int, whole: int) -> "ChartView":
        """The window moved by a share of what is in sight."""
        if self.window is None:
            return self
        last = self.epochs(latest, whole)[1]
        span = self.window.span
        move = round(share * span) or (1 if share > 0 else -1)
        return self._looking_at(span, round(last) + move, latest, whole)

    def aimed(self, epoch: int, latest: int, whole: int) -> "ChartView":
        """The crosshair at ``epoch``, and that in sight."""
        aimed = replace(self, crosshair=epoch)
        first, last = self.epochs(latest, whole)
        if self.window is None or first <= epoch <= last:
            return aimed
        span = self.window.span
        end = epoch if epoch > last else epoch + span
        return replace(aimed, window=EpochWindow(span, end))

    def _looking_at(self, span: int, end: int, latest: int, whole: int) -> "ChartView":
        """So many epochs up to ``end``; the latest ones if that is where the run goes on."""
        end = max(span, min(end, round(full_range(whole)[1])))
        follows = end >= latest > end - span and latest >= whole
        return replace(self, window=EpochWindow(span, None if follows else end))
