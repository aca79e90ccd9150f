"""Where a page stands."""

import pytest
from textual.geometry import Region, Size

from nn_tui.tui.tour.page_layout import place_for


def lines(width):
    return 400 // width + 4


def test_at_the_foot_of_the_left_column():
    place = place_for(Size(160, 45), lines)
    assert place == (Region(0, 45 - 2 - lines(46), 46, lines(46)), True)


def test_along_the_foot_of_all_panes_where_the_column_has_no_room_for_both():
    place = place_for(Size(80, 24), lambda width: 900 // width)
    assert place == (Region(0, 24 - 2 - 900 // 80, 80, 900 // 80), False)


def test_along_the_foot_in_small_windows():
    assert place_for(Size(79, 40), lines) == (Region(0, 38 - lines(79), 79, lines(79)), False)


@pytest.mark.parametrize("size", [(27, 40), (80, 16), (40, 22)])
def test_nowhere_without_room(size):
    assert place_for(Size(*size), lambda width: 800 // width) is None
