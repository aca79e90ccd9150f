"""Which panes a window of a given size has room for."""

from typing import NamedTuple

PANES = ("data", "hyperparameters", "weights", "network", "loss")

WIDE = 140
TALL = 30
ONE_PANE = (60, 18)
ONE_LINE = (20, 5)
_COLUMNS = ((WIDE, 50), (100, 44), (80, 36), (0, 30))
"""From which width on the left column has how much of it."""


class PaneSizes(NamedTuple):
    """The panes that show, and how wide the left column is (0: as wide as it likes)."""

    visible: frozenset[str]
    left: int
    footer: bool
    info: bool


def pane_sizes_for(
    width: int,
    height: int,
    left: str,
    right: str,
    zoomed: str | None,
    focused: str,
    taken: int = 0,
) -> PaneSizes:
    """The layout of a window, of whose left column so many lines are ``taken``.

    ``left`` (data or hyperparameters) and ``right`` (weights or network) are what a
    person chose last of two panes that may have to share a place.
    """
    if width < ONE_LINE[0] or height < ONE_LINE[1]:
        return PaneSizes(frozenset(), 0, False, False)
    roomy = height >= 8
    if zoomed is not None:
        return PaneSizes(frozenset({zoomed}), 0, roomy, roomy)
    if width < ONE_PANE[0] or height < ONE_PANE[1]:
        return PaneSizes(frozenset({focused}), 0, roomy, roomy)
    lefts = {"data", "hyperparameters"} if height - taken >= TALL else {left}
    rights = {"weights", "network"} if width >= WIDE else {right}
    return PaneSizes(frozenset({*lefts, *rights, "loss"}), column_for(width), True, True)


def column_for(width: int) -> int:
    """How wide the left column of a window of that width is."""
    return next(column for least, column in _COLUMNS if width >= least)
