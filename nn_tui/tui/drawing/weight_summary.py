"""The numbers of a matrix in a line: shape, norm, and a histogram from minimum to maximum."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nn_tui.tui.drawing.colour_scale import saturation
from nn_tui.tui.drawing.matrix import Matrix
from nn_tui.tui.drawing.numbers import format_fixed
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.drawing.weight_numbers import COMPACT, format_extreme
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_BARS = "▁▂▃▄▅▆▇█"
_FEWEST, _MOST = 6, 40
_NORM = 12
_FAINTEST = 0.4


def figures(matrix: Matrix, *before: str) -> list[str]:
    """Return ``before``, then minimum and maximum, and the norm of all numbers."""
    values = matrix.known()
    low, high = _range(values)
    return [*before, f"{format_extreme(low).strip()}…{format_extreme(high).strip()}", _norm(matrix)]


def draw_summary(
    matrices: Sequence[Matrix], number: int, width: int, height: int, palette: Palette
) -> list[RowBuilder]:
    """Return the lines of one of the ``matrices``; its columns are those of all others.

    The bars of the histogram are ``height`` lines high and have the colours of the numbers
    they count.
    """
    matrix = matrices[number]
    values = matrix.known()
    low, high = _range(values)
    rows = [RowBuilder(palette.muted) for _ in range(height)]
    if height > 1:
        _add_labels(rows[-3:], matrices, matrix, palette)
    else:
        _add_label(rows[0], matrices, matrix, width - 2 * (COMPACT + 1), palette)
    start = rows[-1].add(f"{format_extreme(low)} ").width
    for row in rows[:-1]:
        row.to(start)
    room = min(_MOST, width - start - COMPACT - 1)
    # The highest bar ends below the bars of the matrix above.
    bars = [
        (level, palette.inked(_visible(share)))
        for level, share in _bars(values, room, len(_BARS) * height - 1)
    ]
    for above, line in enumerate(reversed(rows)):
        for level, style in bars:
            eighths = min(len(_BARS), level - above * len(_BARS))
            if eighths > 0:
                line.add(_BARS[eighths - 1], style)
            else:
                line.add(" ")
    rows[-1].add(f" {format_extreme(high).strip()}")
    return rows


def _add_labels(
    rows: list[RowBuilder], matrices: Sequence[Matrix], matrix: Matrix, palette: Palette
) -> None:
    """Add name and shape, the norm, and space for the minimum, one below the other."""
    wide = max(_NORM, *(len(m.name) + len(m.shape) + 3 for m in matrices))
    rows[0].add(matrix.name, palette.accented).add(f" {matrix.shape}")
    rows[1].add(_norm(matrix))
    rows[2].to(wide - COMPACT - 1)


def _add_label(
    row: RowBuilder, matrices: Sequence[Matrix], matrix: Matrix, width: int, palette: Palette
) -> None:
    """Add the name, and shape and norm if a few bars have room beside them."""
    name = max(len(m.name) for m in matrices) + 2
    shape = max(len(m.shape) for m in matrices) + 2
    normed = width - name - _NORM >= _FEWEST
    shaped = width - name - _NORM - shape >= _FEWEST
    row.left(matrix.name, name, palette.accented)
    row.left(matrix.shape if shaped else "", shape * shaped)
    row.left(_norm(matrix) if normed else "", _NORM * normed)


def _bars(values: Array, count: int, highest: int) -> list[tuple[int, float]]:
    """Return the heights of bars, and the middle of each as a share of the full colour."""
    finite = values[np.isfinite(values)].astype(np.float64)
    if count < 1 or not len(finite):
        return [(0, 0.0)] * max(0, count)
    low, high = finite.min(), finite.max()
    with np.errstate(all="ignore"):
        places = np.nan_to_num((finite / 2 - low / 2) / (high / 2 - low / 2))
        middles = low + (high / 2 - low / 2) * (2 * np.arange(count) + 1) / count
        shares = np.nan_to_num(middles / saturation(values))
    counts = np.bincount(np.minimum((places * count).astype(int), count - 1), minlength=count)
    levels = np.ceil(counts / counts.max() * highest).astype(int)
    return list(zip(levels.tolist(), shares.tolist(), strict=True))


def _range(values: Array) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _norm(matrix: Matrix) -> str:
    """The norm of the known weights; biases are no part of the matrix."""
    inside = frozenset(place for place in matrix.unknown if place[0] < len(matrix.weights))
    values = replace(matrix, biases=None, unknown=inside).known()
    with np.errstate(all="ignore"):
        return f"norm {format_fixed(float(np.linalg.norm(values)), 6).strip()}"


def _visible(share: float) -> float:
    """Return a share whose colour differs enough from the background for a thin bar."""
    return math.copysign(max(abs(share), _FAINTEST), share)
