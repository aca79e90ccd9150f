"""The room of the page: a place of its own, where it covers nothing."""

from collections.abc import Callable
from typing import NamedTuple

from textual.geometry import Region, Size

from nn_tui.tui.layout import column_for

_COLUMN = Size(80, 24)
"""The least window in which the page stands in the left column."""
_LEAST_WIDTH = 28
_LEAST_PANE = 6
"""Lines that are left to a pane at least."""
_STATUS, _FOOT = 1, 2


class Place(NamedTuple):
    """Where the page stands, and whether only the left column makes room for it."""

    region: Region
    in_column: bool


def place_for(window: Size, height_at: Callable[[int], int]) -> Place | None:
    """At the foot of the left column, else along the foot of all panes; None without room.

    ``height_at`` says how many lines the highest page of a width needs.
    """
    foot, body = window.height - _FOOT, window.height - _FOOT - _STATUS
    widths = [(column_for(window.width), True)] if _COLUMN.width <= window.width else []
    if window.height < _COLUMN.height:
        widths = []
    for width, in_column in (*widths, (window.width, False)):
        lines = height_at(width) if width >= _LEAST_WIDTH else body
        if body - lines >= _LEAST_PANE:
            return Place(Region(0, foot - lines, width, lines), in_column)
    return None
