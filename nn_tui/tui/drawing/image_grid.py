"""Samples that are pictures, as pictures: below each what is wanted and what was said."""

from rich.style import Style
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.numbers import format_plain
from nn_tui.tui.drawing.strips import RowBuilder, fit_strip
from nn_tui.tui.pictures.levels import grey_rows
from nn_tui.tui.pictures.picture_grid import ImageGrid, lay_out_grid
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_LEAST, _MOST = 8, 28  # cells across


def lay_out_thumbnails(
    dataset: Dataset, width: int, height: int, sample: int, first: int
) -> ImageGrid:
    """As many pictures as fit, ``sample`` among them."""
    assert dataset.picture is not None
    high, wide = dataset.picture
    thin = _thinning(dataset, width, height)
    names = max((len(name) for name in dataset.class_names), default=5)
    across = max(-(-wide // thin), _LEAST, min(_MOST, 2 * names + 4)) + 1
    down = (-(-high // thin) + 1) // 2 + 1
    cell = min(across, width + 1), min(down, height)
    return lay_out_grid(dataset.samples, 0, cell, (width, height), sample, first)


def _thinning(dataset: Dataset, width: int, height: int) -> int:
    """Every so manieth pixel shows, where pictures are larger than the window."""
    assert dataset.picture is not None
    high, wide = dataset.picture
    return max(1, -(-wide // max(1, min(width, _MOST))), -(-high // max(2, 2 * (height - 1))))


def draw_thumbnails(
    dataset: Dataset,
    output: str,
    grid: ImageGrid,
    targets: Array,
    predictions: Array,
    cursor: int,
    width: int,
    height: int,
    palette: Palette,
) -> list[Strip]:
    """The pictures of ``grid``; ``targets`` and ``predictions`` (rows, outputs) are theirs.

    ``output`` is the network's output activation. ``cursor`` is a sample or -1. Wrong ones
    are marked ✗, test samples t.
    """
    assert dataset.picture is not None
    rows = [RowBuilder(palette.text) for _ in range(height)]
    thin = _thinning(dataset, width, height)
    samples = grid.shown
    pixels = bounded(dataset.raw_inputs[samples.start : samples.stop])
    low, high = float(pixels.min()), float(pixels.max())
    rule = dataset.decision_rule(output)
    shares = (pixels - low) / ((high - low) or 1.0)
    for place, sample in enumerate(samples):
        x, y = grid.corner(sample)
        picture = grey_rows(shares[place].reshape(dataset.picture)[::thin, ::thin], palette)
        text, style = _caption(dataset, targets[place], predictions[place], rule, sample, palette)
        style = palette.chosen if sample == cursor else style
        picture.append(RowBuilder(style).add(fit_strip(text, grid.across - 1)))
        for row, made in zip(rows[y:], picture, strict=False):
            row.to(x).extend(made)
    return [row.strip(width) for row in rows]


def _caption(
    dataset: Dataset,
    target: Array,
    made: Array,
    rule: DecisionRule | None,
    sample: int,
    palette: Palette,
) -> tuple[str, Style]:
    tested = "t " if sample >= dataset.train_count else ""
    if rule is None or not rule.names:
        return (
            f"{tested}{format_plain(float(target[0]))}→{format_plain(float(made[0]))}",
            palette.muted,
        )
    wanted, said = (int(rule.decide(outputs)) for outputs in (target, made))
    names = f"{tested}{rule.names[wanted]}→{'–' if said == UNDECIDED else rule.names[said]}"
    if wanted == said:
        return names, palette.test if tested else palette.muted
    return f"{names} ✗", palette.bad
