"""State of the loss chart, and how keys change it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nn_tui.tui.drawing.epoch_axis import EpochRange, full_range

SMOOTHING = (0.0, 0.01, 0.03, 0.1)
"""Standard deviation of the smoothing, as a fraction of the visible epochs; 0 is none."""

MIN_SPAN = 4


class EpochWindow(NamedTuple):
    """``span`` epochs up to ``end``; without an end, the latest epochs."""

    span: int
    end: int | None = None


@dataclass(frozen=True)
class ChartView:
    """The view and its settings.

    ``axes`` are the views whose scale the user chose, with whether it is logarithmic; the
    scale of other views depends on their values, and ``were_logarithmic`` are those whose
    last picture was logarithmic. ``crosshair`` is an epoch. Without a ``window`` all epochs
    are visible.
    """

    name: str = "loss"
    axes: frozenset[tuple[str, bool]] = frozenset()
    were_logarithmic: frozenset[str] = frozenset()
    strength: int = 0
    crosshair: int | None = None
    window: EpochWindow | None = None

    @property
    def log(self) -> bool | None:
        """Whether the user chose a logarithmic scale; None where the values decide."""
        return dict(self.axes).get(self.name)

    @property
    def was_log(self) -> bool:
        """Whether the values had a logarithmic scale in the last picture."""
        return self.name in self.were_logarithmic

    def within(self, whole: int) -> "ChartView":
        """Drop a window or crosshair beyond the last epoch ``whole``, as after a restart."""
        window, crosshair = self.window, self.crosshair
        if window is not None and window.end is not None and window.end - window.span >= whole:
            window = None
        if crosshair is not None and crosshair > whole:
            crosshair = None
        return replace(self, window=window, crosshair=crosshair)

    def next_view(self, views: Sequence[str]) -> "ChartView":
        """Return the next of ``views``; an unknown name counts as the second."""
        position = views.index(self.name) if self.name in views else 1
        return replace(self, name=views[(position + 1) % len(views)])

    def with_axis(self, log: bool | None) -> "ChartView":
        """Choose a logarithmic or linear scale for this view; None lets the values decide."""
        others = frozenset(axis for axis in self.axes if axis[0] != self.name)
        return replace(self, axes=others if log is None else others | {(self.name, log)})

    def after_showing(self, log: bool) -> "ChartView":
        """Remember the scale that the values chose for the last picture."""
        others = self.were_logarithmic - {self.name}
        return replace(self, were_logarithmic=others | {self.name} if log else others)

    def smoother(self) -> "ChartView":
        """Return the next smoothing; none after the strongest."""
        return replace(self, strength=(self.strength + 1) % len(SMOOTHING))

    def epochs(self, latest: int, whole: int) -> EpochRange:
        """Return the visible epochs of a run at epoch ``latest`` with curves up to ``whole``.

        A window that follows the run moves by a quarter of its span at a time.
        """
        if self.window is None or self.window.span >= whole:
            return full_range(whole)
        span, end = self.window.span, self.window.end
        if end is None:
            quarter = max(1, span // 4)
            end = -(-latest // quarter) * quarter
        return float(max(0, end - span)), float(max(span, end))

    def reach(self, epochs: EpochRange) -> float:
        """Standard deviation of the smoothing in epochs, at least 1; 0 for none."""
        share = SMOOTHING[self.strength]
        return max(1.0, share * (epochs[1] - epochs[0])) if share else 0.0

    def zoomed(self, factor: float, latest: int, whole: int) -> "ChartView":
        """Show ``factor`` times as many epochs, around the crosshair or up to the latest."""
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
        """Move the window by a fraction of its span."""
        if self.window is None:
            return self
        last = self.epochs(latest, whole)[1]
        span = self.window.span
        move = round(share * span) or (1 if share > 0 else -1)
        return self._looking_at(span, round(last) + move, latest, whole)

    def aimed(self, epoch: int, latest: int, whole: int) -> "ChartView":
        """Move the crosshair to ``epoch`` and keep it visible."""
        aimed = replace(self, crosshair=epoch)
        first, last = self.epochs(latest, whole)
        if self.window is None or first <= epoch <= last:
            return aimed
        span = self.window.span
        end = epoch if epoch > last else epoch + span
        return replace(aimed, window=EpochWindow(span, end))

    def _looking_at(self, span: int, end: int, latest: int, whole: int) -> "ChartView":
        """Show ``span`` epochs up to ``end``; follow the run if its latest epoch is among them."""
        end = max(span, min(end, round(full_range(whole)[1])))
        follows = end >= latest > end - span and latest >= whole
        return replace(self, window=EpochWindow(span, None if follows else end))
