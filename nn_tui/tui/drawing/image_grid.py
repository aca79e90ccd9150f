"""Image samples as thumbnails, with target and prediction below each."""

from dataclasses import dataclass

from rich.style import Style
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.numbers import format_plain
from nn_tui.tui.drawing.part_marks import part_mark
from nn_tui.tui.drawing.pixels import grey_rows
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text
from nn_tui.tui.theme import Palette
from nn_tui.types import Array


@dataclass(frozen=True)
class ImageGrid:
    """``count`` images of ``across`` × ``down`` cells, from ``left`` on, ``first`` at the top."""

    count: int
    left: int
    across: int
    down: int
    columns: int
    lines: int
    first: int

    @property
    def shown(self) -> range:
        """The visible images."""
        return range(self.first, min(self.count, self.first + self.columns * self.lines))

    def corner(self, picture: int) -> tuple[int, int]:
        """The upper left cell of a visible image."""
        line, column = divmod(picture - self.first, self.columns)
        return self.left + column * self.across, line * self.down

    def at(self, x: int, y: int) -> int | None:
        """The image at a cell, if any."""
        column, line = (x - self.left) // self.across, y // self.down
        picture = self.first + line * self.columns + column
        inside = 0 <= column < self.columns and 0 <= line < self.lines
        return picture if inside and picture in self.shown else None

    def moved(self, picture: int, down: int, right: int) -> int:
        """The image some lines and columns further."""
        return max(0, min(self.count - 1, picture + right + down * max(1, self.columns)))


def lay_out_grid(
    count: int,
    left: int,
    cell: tuple[int, int],
    size: tuple[int, int],
    chosen: int,
    first: int,
) -> ImageGrid:
    """Lay out images of ``cell`` (columns, lines) in ``size`` (width, height).

    ``first`` stays the first visible image as long as ``chosen`` is visible too.
    """
    across, down = cell
    columns, lines = max(0, (size[0] - left + 1) // across), size[1] // down
    if columns and lines:
        line, top = chosen // columns, first // columns
        top = min(max(top, line - lines + 1), line)
        first = max(0, min(top, -(-count // columns) - lines)) * columns
    return ImageGrid(count, left, across, down, columns, lines, first)


_LEAST, _MOST = 8, 28  # cells across


def lay_out_thumbnails(
    dataset: Dataset, width: int, height: int, sample: int, first: int
) -> ImageGrid:
    """Lay out as many images as fit, ``sample`` among them."""
    assert dataset.picture is not None
    high, wide = dataset.picture
    thin = _thinning(dataset, width, height)
    names = max((len(name) for name in dataset.class_names), default=5)
    across = max(-(-wide // thin), _LEAST, min(_MOST, 2 * names + 4)) + 1
    down = (-(-high // thin) + 1) // 2 + 1
    cell = min(across, width + 1), min(down, height)
    return lay_out_grid(dataset.samples, 0, cell, (width, height), sample, first)


def _thinning(dataset: Dataset, width: int, height: int) -> int:
    """Subsampling step for images larger than the window."""
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
    area: DrawArea,
) -> list[Strip]:
    """Draw the images of ``grid`` with their ``targets`` and ``predictions`` (rows, outputs).

    ``output`` is the output activation, ``cursor`` a sample or -1. Wrong predictions are
    marked ✗, test samples t.
    """
    width, height, palette = area
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
        picture.append(RowBuilder(style).add(fit_text(text, grid.across - 1)))
        for row, made in zip(rows[y:], picture, strict=False):
            row.to(x).extend(made)
    return [row.strip(width) for row in rows]


def _caption(
    dataset: Dataset,
    target: Array,
    output: Array,
    rule: DecisionRule | None,
    sample: int,
    palette: Palette,
) -> tuple[str, Style]:
    mark = part_mark(dataset, sample)
    tested = f"{mark} " if mark else ""
    if rule is None or not rule.names:
        return (
            f"{tested}{format_plain(float(target[0]))}→{format_plain(float(output[0]))}",
            palette.muted,
        )
    actual, predicted = (int(rule.decide(outputs)) for outputs in (target, output))
    names = (
        f"{tested}{rule.names[actual]}→{'–' if predicted == UNDECIDED else rule.names[predicted]}"
    )
    if actual == predicted:
        return names, palette.test if tested else palette.muted
    return f"{names} ✗", palette.bad
