"""Where a page stands."""

from textual.geometry import Region

from nn_tui.tui.tour.place import place_for

BODY = Region(0, 1, 160, 42)


def lines(width):
    return 400 // width + 4


def test_at_the_foot_of_the_left_column_and_as_high_as_its_text():
    place = place_for(BODY, 50, lines, [Region(50, 1, 54, 25)])
    assert place == Region(0, BODY.bottom - lines(50), 50, lines(50))


def test_beside_that_column_where_a_pane_to_avoid_is_there():
    place = place_for(BODY, 50, lines, [Region(0, 18, 50, 25)])
    assert place == Region(50, BODY.bottom - lines(58), 58, lines(58))


def test_where_not_both_can_be_avoided_the_first_is():
    left, right = Region(0, 1, 50, 42), Region(50, 1, 110, 42)
    assert not place_for(BODY, 50, lines, [left, right]).overlaps(left)
    assert not place_for(BODY, 50, lines, [right, left]).overlaps(right)


def test_over_a_pane_that_has_all_the_window():
    place = place_for(BODY, 160, lines, [BODY])
    assert place is not None
    assert BODY.contains_region(place)


def test_nowhere_without_room():
    assert place_for(Region(0, 1, 27, 40), 0, lines, []) is None
    assert place_for(Region(0, 1, 80, 9), 30, lines, []) is None
