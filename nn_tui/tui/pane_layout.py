"""Which panes and lines are visible, and where, in a window of any size.

In a small window one pane has all the room, in a tiny one only the status line is left.
"""

from collections.abc import Collection
from typing import NamedTuple

from textual.geometry import Region, Size

PANES = ("data", "hyperparameters", "weights", "network", "loss")
LESSON = "lesson"
"""A strip below the panes, while a lesson is open."""
NUMBERED = (*PANES, LESSON)
"""All panes; the key of each is its place, from 1."""

WIDE, MIDDLE = 140, 100
TALL, HIGHEST = 30, 44
"""Heights from which the left column holds two panes, and three."""
ONE_PANE = (60, 18)
"""In a window with fewer columns or lines, the focused pane has all the room."""
STATUS_ONLY = (20, 5)
"""With fewer than these, epoch and loss are all that is shown: ``draw_compact_status``."""
_ROOMY = 40
"""Height from which the strip of a lesson has a line more."""
_FOLDED, _UNFOLDED = 3, 14
_LEAST_ABOVE = 10
"""Lines above an unfolded lesson: the status, a pane, and the lines at the foot."""
_COLUMNS = ((WIDE, 46), (MIDDLE, 34), (80, 32), (0, 30))
"""(least window width, width of the left column)."""


class VisiblePanes(NamedTuple):
    """The visible panes, those that share a place with one of them, and the lines below."""

    visible: frozenset[str]
    sharing: tuple[str, ...]
    """Panes of which only one is visible, in the order of their numbers, or none."""
    footer: bool
    info: bool


def visible_panes(
    width: int, height: int, left: str, zoomed: str | None, focused: str
) -> VisiblePanes:
    """The panes in a window.

    ``left`` is the pane chosen last of those that may have to share a place: data,
    hyperparameters and, in a narrow window, weights. Beside them the network and the loss are
    always visible.
    """
    if width < STATUS_ONLY[0] or height < STATUS_ONLY[1]:
        return VisiblePanes(frozenset(), (), False, False)
    roomy = height >= 8
    alone = zoomed or (focused if width < ONE_PANE[0] or height < ONE_PANE[1] else None)
    if alone is not None:
        return VisiblePanes(frozenset({alone}), (), roomy, roomy)
    column = left_panes(width)
    sharing = () if height >= (TALL if width >= MIDDLE else HIGHEST) else column
    if sharing and left not in sharing:
        left = "hyperparameters"
    hidden = {name for name in sharing if name != left}
    return VisiblePanes(frozenset({*PANES} - hidden), sharing, True, True)


class LessonStrip(NamedTuple):
    """The lines of an open lesson below the panes, and whether they are only its beginning.

    ``whole`` tells that it has all the room of the panes.
    """

    lines: int
    folded: bool = False
    whole: bool = False


def lesson_strip(width: int, height: int, focused: bool) -> LessonStrip:
    """The strip of a lesson in a window; in a low one it unfolds while it is ``focused``."""
    if width < ONE_PANE[0] or height < ONE_PANE[1]:
        return LessonStrip(0, whole=focused)
    if height >= TALL:
        return LessonStrip((8 if height >= _ROOMY else 7) + 3 * (width < MIDDLE))
    if focused:
        return LessonStrip(min(_UNFOLDED, height - _LEAST_ABOVE))
    return LessonStrip(_FOLDED, folded=True)


def left_panes(width: int) -> tuple[str, ...]:
    """The panes of the left column in a window of that width."""
    return PANES[: 2 if width >= MIDDLE else 3]


def column_for(width: int) -> int:
    """The width of the left column in a window of that width."""
    return next(column for least, column in _COLUMNS if width >= least)


def pane_regions(visible: Collection[str], size: Size) -> dict[str, Region]:
    """The places of the ``visible`` panes in ``size`` cells, which they fill."""
    width, height = size
    column = column_for(width)
    lefts = [name for name in left_panes(width) if name in visible]
    rights = [name for name in PANES if name in visible and name not in lefts]
    if not rights or not lefts:
        column = width if lefts else 0
    regions = _stacked(lefts, Region(0, 0, column, height))
    right = Region(column, 0, width - column, height)
    pictures = [name for name in rights if name != "loss"]
    if "loss" in rights:
        lines = _loss_lines(size) if pictures else height
        right, regions["loss"] = right.split_horizontal(height - lines)
    if len(pictures) == 2:
        weights = _weights_width(width, right.width)
        regions["weights"], regions["network"] = right.split_vertical(weights)
    elif pictures:
        regions[pictures[0]] = right
    return regions


def _stacked(names: list[str], place: Region) -> dict[str, Region]:
    """Panes one below the other, as high as each other but for a line."""
    heights = [place.height * (i + 1) // len(names) for i in range(len(names))]
    tops = [0, *heights][: len(names)]
    return {
        name: Region(place.x, top, place.width, bottom - top)
        for name, top, bottom in zip(names, tops, heights, strict=True)
    }


def _loss_lines(size: Size) -> int:
    """The height of the loss beneath the pictures; 9 in a window of 80 x 24 cells."""
    share = 0.37 if size.width >= WIDE else 0.36
    return round(max(share * size.height, min(9, 0.43 * size.height)))


def _weights_width(width: int, room: int) -> int:
    """The width of the weights, of ``room`` cells for weights and network."""
    if width >= WIDE:
        return min(56, max(49, round(0.47 * room)))
    return min(40, room // 2)
