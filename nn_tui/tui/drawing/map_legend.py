"""The legend below a map: classes, samples, colour bar."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.style import Style

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.class_marks import class_ink, class_sign
from nn_tui.tui.drawing.colour_scale import Scale
from nn_tui.tui.drawing.numbers import format_plain
from nn_tui.tui.drawing.part_marks import held_out_sets
from nn_tui.tui.drawing.pixels import Ink
from nn_tui.tui.drawing.plane import SampleSubset
from nn_tui.tui.drawing.sample_marks import WRONG
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette

LegendPart = Sequence[tuple[str, Style]]
"""Texts of one entry; a legend leaves out the last entries that do not fit."""

_GAP = 2
_BAR = (12, 24)  # cells of the colour bar, fewest and most


def draw_legend(parts: Iterable[LegendPart], width: int, palette: Palette) -> RowBuilder:
    """Return as many parts, from the first, as fit."""
    row = RowBuilder(palette.muted)
    for part in parts:
        needs = sum(cell_len(text) for text, _ in part) + (_GAP if row.width else 0)
        if row.width + needs > width:
            break
        row.add(" " * (_GAP if row.width else 0))
        for text, style in part:
            row.add(text, style)
    return row


def class_parts(names: Sequence[str], palette: Palette) -> list[LegendPart]:
    """Return the mark of every class."""
    count = len(names)
    return [
        [(class_sign(k, count), class_ink(k, count, palette)), (f" {name}", palette.muted)]
        for k, name in enumerate(names)
    ]


def wrong_parts(shown: bool, palette: Palette) -> list[LegendPart]:
    """Return the mark of wrong predictions, where any is ``shown``."""
    return [[(WRONG, palette.bad), (" wrong", palette.muted)]] if shown else []


def sample_parts(
    dataset: Dataset, subset: SampleSubset, step: int, palette: Palette
) -> list[LegendPart]:
    """Describe the samples shown, and the marks of test samples."""
    hollow = len(dataset.class_names) > 2
    several = f"every {_ordinal(step)} " if step > 1 else ""
    if subset in ("training", "test", "no"):
        return [[(f"{several}{subset} samples" if subset != "no" else "no samples", palette.muted)]]
    parts: list[LegendPart] = []
    if others := held_out_sets(dataset):
        parts.append([(f"{'hollow' if hollow else 'small'}: {others}", palette.muted)])
    if several:
        parts.append([(f"{several}sample", palette.muted)])
    return parts


def scale_part(scale: Scale, inks: Sequence[Ink], room: int, palette: Palette) -> LegendPart:
    """Return a colour bar with the limits of its scale."""
    low, high = format_plain(scale.low), format_plain(scale.high)
    cells = max(_BAR[0], min(_BAR[1], room - len(low) - len(high) - 2))
    colours = [inks[round(k * (len(inks) - 1) / (cells - 1))] for k in range(cells)]
    if palette.ansi:
        bar = [(ink.glyph, ink.style) for ink in colours]
    else:
        bar = [(" ", Style(bgcolor=ink.colour)) for ink in colours]
    return [(f"{low} ", palette.muted), *bar, (f" {high}", palette.muted)]


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
