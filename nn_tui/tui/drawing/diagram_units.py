"""Units of a network diagram: a name in the colour of the bias, beside a map or on it."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeVar

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.colour_scale import reach
from nn_tui.tui.drawing.diagram_layout import UnitBox
from nn_tui.tui.drawing.labels import distinct_labels
from nn_tui.tui.drawing.pixels import draw_pixels, raised_inks
from nn_tui.tui.drawing.strips import RowBuilder, fit_text, squeezed
from nn_tui.tui.theme import Palette, mix
from nn_tui.types import Array

T = TypeVar("T")

STRONGEST = 11 / 16
"""Strength of the colour of the largest bias of a layer."""
_STEPS = 16  # of that strength: few, because each change of colour is sent


class UnitName(NamedTuple):
    """A unit's name and the style it is written in."""

    text: str
    style: Style


def name_unit(
    box: UnitBox, names: Sequence[str], biases: Array | None, chosen: bool, palette: Palette
) -> UnitName:
    """Return the name for a box, of the ``names`` and ``biases`` of its layer.

    A unit that is ``chosen`` has a mark before its name, where there is room.
    """
    room = box.label or box.width
    name = names[box.number]
    if cell_len(name) > room or 0 < box.label < box.width:
        name = _number(name) or fitting_names(tuple(names), room)[box.number]
    if chosen and cell_len(name) < room:
        name = f"▸{name}"
    share = _bias_share(biases, box.number)
    beside = 0 < box.label < box.width
    style = palette.chosen if chosen else tinted(share, palette) if beside else _on(share, palette)
    return UnitName(squeezed(name, room), style)


@lru_cache(maxsize=256)
def _on(share: float, palette: Palette) -> Style:
    """The style of a name on a map or of its own."""
    return Style(bold=True) if palette.ansi else palette.unit(share)


@lru_cache(maxsize=256)
def tinted(share: float, palette: Palette) -> Style:
    """Legible text in the hue of a value, -11/16 … 11/16, without paper of its own."""
    if palette.ansi:
        return palette.inked(share)
    pole = palette.positive if share > 0 else palette.negative
    strength = abs(share) if np.isfinite(share) else 0.0
    return palette.shade(mix(palette.foreground, pole, strength), 1.0)


def _number(name: str) -> str:
    """Return the number in the name of a hidden unit, such as ``h3`` or ``l1.3``."""
    number = name.rpartition(".")[2].removeprefix("h")
    return number if number.isdecimal() and name[0] in "hl" else ""


def short_unit_names(names: Sequence[str], width: int) -> tuple[str, ...]:
    """Return names in at most ``width`` cells: the numbers of hidden units."""
    if all(cell_len(name) <= width for name in names):
        return tuple(names)
    return (
        tuple(_number(name) for name in names)
        if _number(names[0])
        else fitting_names(tuple(names), width)
    )


def fitting_names(names: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Shorten names to their beginnings, where these differ, for columns narrower than names."""
    cut = tuple(name if cell_len(name) <= width else name[:width].rstrip(" _.-") for name in names)
    return cut if len({*cut}) == len({*names}) else distinct_labels(names, width)


def _bias_share(biases: Array | None, number: int) -> float:
    """Return the bias as -11/16 … 11/16, relative to the largest of its layer."""
    if biases is None or not np.isfinite(biases[number]):
        return 0.0
    return round(STRONGEST * float(biases[number]) / reach(biases) * _STEPS) / _STEPS


def fold_mark(box: UnitBox, palette: Palette) -> list[Strip]:
    """Return the line that counts units without room."""
    words = (f"⋮ {box.folded:,} more", f"⋮ {box.folded:,}", "⋮")
    text = next((text for text in words if len(text) <= box.width), "⋮")
    return [RowBuilder(palette.muted).add(fit_text(text, box.width)).strip(box.width)]


def draw_unit(box: UnitBox, name: UnitName, codes: Array | None, palette: Palette) -> list[Strip]:
    """Return the lines of a box, with the map of ``codes`` (2 * lines, map width) if any."""
    if codes is None:
        text = name.text.center(box.width)
        empty = " " * box.width
        return [
            RowBuilder(name.style).add(line).strip(box.width)
            for line in _in_the_middle(text, empty, box.height)
        ]
    pixels = draw_pixels(codes, raised_inks(palette), {}, palette)
    if not box.label:
        return named_picture(pixels, name)
    label = RowBuilder(name.style).right(name.text, box.label).strip(box.label)
    empty_label = RowBuilder(palette.text).to(box.label).strip(box.label)
    labels = _in_the_middle(label, empty_label, box.height)
    return [Strip.join([*beside]) for beside in zip(labels, pixels, strict=True)]


def named_picture(picture: Sequence[Strip], name: UnitName) -> list[Strip]:
    """Return the lines of a picture with a name in its upper left corner."""
    first = picture[0]
    text = RowBuilder(name.style).add(name.text)
    rest = first.crop(text.width)
    top = Strip.join([text.strip(text.width), rest])
    return [top, *islice(picture, 1, None)]


def _in_the_middle(one: T, others: T, lines: int) -> list[T]:
    return [one if line == (lines - 1) // 2 else others for line in range(lines)]
