"""Where the page stands: beside what it speaks of."""

from collections.abc import Callable, Iterable

from textual.geometry import Region

_MOST_WIDTH = 58
_LEAST = (28, 10)


def place_for(
    body: Region, left: int, height_at: Callable[[int], int], avoid: Iterable[Region]
) -> Region | None:
    """At the foot of the left column, ``left`` cells wide, or beside it; None without room.

    ``height_at`` says how many lines a page of a width needs. The regions to ``avoid`` are
    the most important first; where not all can be, it is as many as possible.
    """
    if body.width < _LEAST[0] or body.height < _LEAST[1]:
        return None
    left = left if left <= body.width - _LEAST[0] else 0
    places = [_foot(body, left, body.width - left, height_at)]
    if left >= _LEAST[0]:
        places.insert(0, _foot(body, 0, left, height_at))
    for most in (avoid := [*avoid], avoid[:1]):
        for place in places:
            if not any(place.overlaps(region) for region in most):
                return place
    return places[-1]


def _foot(body: Region, x: int, room: int, height_at: Callable[[int], int]) -> Region:
    width = min(room, _MOST_WIDTH)
    height = min(height_at(width), body.height)
    return Region(body.x + x, body.bottom - height, width, height)
