"""Content of each view of the loss pane: curves with their names and colours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from rich.style import Style

from nn_tui import text
from nn_tui.recipe.recipe import Training
from nn_tui.training.branches import PinnedRun
from nn_tui.training.curve import Curve
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.metrics import Metric, gradient_norm, shown_metrics
from nn_tui.training.model_builder import rates_at
from nn_tui.training.snapshot import RunSummary, Snapshot
from nn_tui.tui.drawing.curve_sampling import SampledCurve
from nn_tui.tui.drawing.numbers import format_loss as loss_text
from nn_tui.tui.theme import Palette

PartCurves = dict[str, SampledCurve]
"""Curves of the parts of the dataset: ``train`` and, if recorded, ``test`` and ``validation``."""

_AHEAD = 0.5
"""Opacity of the epochs ahead."""


@dataclass(frozen=True, eq=False)
class ChartCurve:
    """One curve; ``latest`` is its last recorded value. Without a ``label`` it has no name.

    ``own`` marks the run itself up to the current epoch; a ``minor`` curve belongs to the
    one before it. That of several runs is ``shaded`` between their quartiles. One ``behind``
    is visible where no other is.
    """

    label: str
    points: SampledCurve
    latest: float | None
    ink: Style
    own: bool = True
    dashed: bool = False
    minor: bool = False
    shaded: bool = False
    behind: bool = False


@dataclass(frozen=True, eq=False)
class ChartContent:
    """Content of a view: its name, curves from front to back, how a value is formatted.

    A linear axis starts at zero if ``from_zero`` and ends at ``most``, the largest possible
    value. ``decisive`` is the run's curve of the validation set, or else of the test set, whose
    best value is the lowest if ``lower_is_better``. ``excluded`` names the pins that are not
    comparable, ``detail`` is what the values are computed over.
    """

    name: str
    curves: Sequence[ChartCurve]
    show: Callable[[float], str]
    from_zero: bool = True
    most: float | None = None
    decisive: ChartCurve | None = None
    lower_is_better: bool = True
    excluded: str = ""
    detail: str = ""


LOSS, GRADIENT, RATE = "loss", "gradient", "learning rate"
"""The views besides those of the metrics, which have the metrics' names."""
LANDSCAPE = "landscape"
"""The view of the loss over parameters, which is no chart over epochs."""


def chart_views(snapshot: Snapshot) -> list[str]:
    """The views of the loss pane: the loss, each metric of the task, the gradient norms."""
    rate = [] if snapshot.recipe.training.schedule == "constant" else [RATE]
    metrics = shown_metrics(snapshot.classifies)
    return [LOSS, *(metric.name for metric in metrics), GRADIENT, *rate]


def chart_content(
    view: str, snapshot: Snapshot, pins: Sequence[PinnedRun], palette: Palette
) -> ChartContent:
    """Return the curves of ``view``; those of the first metric if the task has no such view."""
    if view == GRADIENT:
        curves = _gradients(snapshot, palette)
        return ChartContent("gradient norm", curves, loss_text, detail=_gradient_of(snapshot))
    if view == RATE:
        curves = [_rates(snapshot, palette)]
        detail = snapshot.recipe.training.schedule.replace("_", " ")
        return ChartContent("learning rate", curves, loss_text, detail=detail)
    shown, excluded = comparable_pins(view, snapshot, pins)
    if view == LOSS:
        own, others = _losses(snapshot, shown, palette)
        if snapshot.replicas is not None:
            label = f"seed {snapshot.replicas.shown_seed}"
            own[0] = replace(own[0], label=label, ink=palette.accented)
        return ChartContent(
            "loss", own + others, loss_text, decisive=_decisive(own), excluded=excluded
        )
    metrics = shown_metrics(snapshot.classifies)
    metric = next((metric for metric in metrics if metric.name == view), metrics[0])
    own, others = _metric_curves(metric, snapshot, shown, palette)
    return ChartContent(
        metric.label,
        own + others,
        format_percentage if metric.percent else loss_text,
        from_zero=not metric.percent,
        most=100.0 if metric.percent else None,
        decisive=_decisive(own),
        lower_is_better=not metric.higher_is_better,
        excluded=excluded,
    )


def _decisive(own: Sequence[ChartCurve]) -> ChartCurve | None:
    """The run's curve by which its best epoch is chosen: the last of ``_own``."""
    return own[-1] if len(own) > 1 else None


def comparable_pins(
    view: str, snapshot: Snapshot, pins: Sequence[PinnedRun]
) -> tuple[list[tuple[int, PinnedRun]], str]:
    """Return the comparable pins, each with its number from 0, and a note on the others.

    Comparable pins have the same samples and, for losses, the same loss.
    """
    training = snapshot.recipe.training
    shown, data, losses = [], 0, 0
    for number, pin in enumerate(pins):
        if not pin.outcome.dataset.has_samples_of(snapshot.dataset):
            data += 1
        elif view == LOSS and not _same_loss(pin.outcome.recipe.training, training):
            losses += 1
        else:
            shown.append((number, pin))
    reasons = [
        reason for reason, any_ in (("different data", data), ("a different loss", losses)) if any_
    ]
    count = data + losses
    kind = " or ".join(reasons)
    return shown, f"{count} pin{'s' * (count > 1)} with {kind} not shown" if count else ""


def _same_loss(one: Training, other: Training) -> bool:
    return (one.loss, one.class_weights) == (other.loss, other.class_weights)


def format_percentage(value: float) -> str:
    """Format a percentage, 0 … 100, as every accuracy is formatted."""
    return text.percent(value / 100)


def _losses(
    snapshot: Snapshot, pins: Sequence[tuple[int, PinnedRun]], palette: Palette
) -> tuple[list[ChartCurve], list[ChartCurve]]:
    curves = _curves(snapshot.losses, "loss")
    own = _own(curves, _recorded_losses(curves, snapshot), palette)
    others = _ahead(snapshot, "loss", palette)
    for number, pin in pins:
        curves, ink = _curves_of_another(pin.outcome.losses, "loss"), palette.series(number)
        latest = _recorded_losses(curves, pin.outcome)
        others += _compared(pin.label, curves, latest, (ink, ink))
    return own, others


def _recorded_losses(curves: PartCurves, run: RunSummary) -> dict[str, float]:
    """The losses at the curves' ends: not those after an edit that was not trained with."""
    losses = {"train": run.train_loss, "test": run.test_loss, "validation": run.validation_loss}
    return {
        part: _recorded(curves[part], loss)
        for part, loss in losses.items()
        if loss is not None and part in curves
    }


def _recorded(points: SampledCurve, present: float) -> float:
    """The last value of a curve: ``present`` if the last point, of one or more epochs, has it."""
    if not len(points) or points.low[-1] <= present <= points.high[-1]:
        return present
    return _end(points)


def _metric_curves(
    metric: Metric,
    snapshot: Snapshot,
    pins: Sequence[tuple[int, PinnedRun]],
    palette: Palette,
) -> tuple[list[ChartCurve], list[ChartCurve]]:
    scale = 100.0 if metric.percent else 1.0
    curves = _curves(snapshot.losses, metric.name, scale)
    own = _own(curves, _ends(curves), palette)
    others = _ahead(snapshot, metric.name, palette, scale)
    for number, pin in pins:
        curves = _curves_of_another(pin.outcome.losses, metric.name, scale)
        ink = palette.series(number)
        others += _compared(pin.label, curves, _ends(curves), (ink, ink))
    return own, others


def _gradient_of(snapshot: Snapshot) -> str:
    """Describe the samples that the gradients of an epoch are computed over."""
    size = snapshot.recipe.training.batch_size
    whole = isinstance(size, str) or size >= snapshot.dataset.train_count
    return "full batch" if whole else "mean over mini-batches"


def _ahead(snapshot: Snapshot, kind: str, palette: Palette, scale: float = 1.0) -> list[ChartCurve]:
    """Curves of the epochs after the current one, where the run was moved back."""
    if snapshot.ahead is None:
        return []
    curves = _beyond(_curves(snapshot.ahead, kind, scale), snapshot.epoch)
    inks = (palette.fainter(palette.train, _AHEAD), palette.fainter(palette.test, _AHEAD))
    return _compared("ahead", curves, _ends(curves), inks)


def _gradients(snapshot: Snapshot, palette: Palette) -> list[ChartCurve]:
    if not snapshot.updated:
        return []
    layers = [
        _points(snapshot.losses, gradient_norm(layer))
        for layer in range(1, snapshot.network.depth + 1)
    ]
    return [
        ChartCurve(f"layer {number}", points, _end(points), palette.series(number - 1), own=False)
        for number, points in enumerate(layers, 1)
    ]


_OF_THE_RATE = (
    *("training.learning_rate", "training.schedule", "training.schedule_epochs"),
    *("training.warmup_epochs", "training.decay_factor", "training.final_rate"),
    *("training.epochs", "lines.learning_rate"),
)
"""Fields that the learning rates depend on."""


def _rates(snapshot: Snapshot, palette: Palette) -> ChartCurve:
    """The learning rate of every epoch since it was last changed by an edit."""
    curve, since = snapshot.losses, 0
    for edit in snapshot.edits:
        if isinstance(edit, RecipeEdit) and any(key in _OF_THE_RATE for key, _ in edit.changes):
            since = edit.epoch
    first, last = (np.maximum(epochs, since + 1) for epochs in (curve.first, curve.last))
    ends = [rates_at(snapshot.recipe, epochs.astype(float)) for epochs in (first, last)]
    middle = rates_at(snapshot.recipe, (first + last) / 2)
    unknown = curve.last <= since
    low, middle, high = (
        np.where(unknown, np.nan, values)
        for values in (np.minimum(*ends), middle, np.maximum(*ends))
    )
    points = SampledCurve(curve.first, curve.last, low, middle, high)
    now = rates_at(snapshot.recipe, np.array([max(1.0, snapshot.epoch)]))
    return ChartCurve("rate", points, float(now[0]), palette.series(0), own=False)


def _own(curves: PartCurves, latest: Mapping[str, float], palette: Palette) -> list[ChartCurve]:
    """The curves of the training set, the test set and the validation set, the last ones if any."""
    own = [ChartCurve("train", curves["train"], latest["train"], palette.train)]
    # On a terminal without colours the line style tells the two apart.
    styles = {"test": palette.ansi or palette.ascii, "validation": True}
    return own + [
        ChartCurve(part, curves[part], latest[part], palette.test, dashed=dashed)
        for part, dashed in styles.items()
        if part in latest
    ]


def _compared(
    label: str, curves: PartCurves, latest: Mapping[str, float], inks: tuple[Style, Style]
) -> list[ChartCurve]:
    compared = [ChartCurve(label, curves["train"], latest["train"], inks[0], own=False)]
    for part in ("test", "validation"):
        if part in latest and np.isfinite(curves[part].high).any():
            name, points = f"{label.split()[0]} {part}", curves[part]
            compared.append(
                ChartCurve(name, points, latest[part], inks[1], False, dashed=True, minor=True)
            )
    return compared


def _curves(curve: Curve, kind: str, scale: float = 1.0) -> PartCurves:
    return {
        part: _points(curve, f"{part}_{kind}", scale)
        for part in ("train", "test", "validation")
        if part == "train" or f"{part}_{kind}" in curve.bands
    }


_curves_of_another = lru_cache(maxsize=32)(_curves)
"""Those of a pinned run are the same object while the run itself grows, and drawn only once."""


def _points(curve: Curve, name: str, scale: float = 1.0) -> SampledCurve:
    with np.errstate(over="ignore"):
        low, middle, high = (scale * values for values in curve.band(name))
    return SampledCurve(curve.first, curve.last, low, middle, high)


def _beyond(curves: PartCurves, epoch: int) -> PartCurves:
    """The curves from ``epoch`` on, that point included."""
    start = max(0, int(np.searchsorted(curves["train"].last, epoch)))
    return {
        part: SampledCurve(
            *(values[start:] for values in (p.first, p.last, p.low, p.middle, p.high))
        )
        for part, p in curves.items()
    }


def _ends(curves: PartCurves) -> dict[str, float]:
    return {part: _end(points) for part, points in curves.items()}


def _end(points: SampledCurve) -> float:
    return float(points.high[-1]) if len(points.high) else float("nan")
