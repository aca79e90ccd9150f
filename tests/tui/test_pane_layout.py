"""Which panes a window has room for, over all sizes."""

import itertools

import pytest

from nn_tui.tui.pane_layout import PANES, pane_sizes_for

LEFTS, RIGHTS = ("data", "hyperparameters"), ("weights", "network")
LEAST_WIDTH = 30
"""Columns in which a pane beside others can show something of use, frame included."""


@pytest.fixture(scope="module")
def layouts():
    """Every layout by (width, height, left, right, zoomed, focused)."""
    asked = itertools.product(range(1, 251), range(1, 81), LEFTS, RIGHTS, (None, "loss"), ("loss",))
    return {question: pane_sizes_for(*question) for question in asked}


def test_no_pane_gets_less_room_than_it_can_use(layouts):
    for (width, height, *_), layout in layouts.items():
        lefts, rights = layout.visible & {*LEFTS}, layout.visible & {*RIGHTS}
        if len(layout.visible) < 2:
            continue
        rows = height - 1 - layout.info - layout.footer
        assert rows >= 15
        assert layout.left >= LEAST_WIDTH
        assert (width - layout.left) // len(rights) >= LEAST_WIDTH
        if len(lefts) == 2:
            assert rows >= 27  # data takes two fifths of them


def test_a_window_with_room_for_a_pane_shows_one(layouts):
    for (width, height, *_), layout in layouts.items():
        assert bool(layout.visible) == (width >= 20 and height >= 5)


def test_a_larger_window_never_shows_less(layouts):
    for (width, height, *rest), layout in layouts.items():
        for wider, higher in ((width + 1, height), (width, height + 1)):
            larger = layouts.get((wider, higher, *rest))
            assert larger is None or layout.visible <= larger.visible
            assert larger is None or (layout.info, layout.footer) <= (larger.info, larger.footer)


def test_the_chosen_pane_is_visible(layouts):
    for (width, height, left, right, zoomed, focused), layout in layouts.items():
        if not layout.visible:
            continue
        if zoomed:
            assert layout.visible == {zoomed}
        elif width < 60 or height < 18:
            assert layout.visible == {focused}
        else:
            assert {left, right, "loss"} <= layout.visible


@pytest.mark.parametrize(
    ("width", "height", "visible"),
    [
        (160, 45, set(PANES)),
        (140, 30, set(PANES)),
        (139, 45, {"data", "hyperparameters", "weights", "loss"}),
        (120, 36, {"data", "hyperparameters", "weights", "loss"}),
        (80, 24, {"hyperparameters", "weights", "loss"}),
        (60, 18, {"hyperparameters", "weights", "loss"}),
        (59, 18, {"network"}),
        (60, 17, {"network"}),
        (20, 5, {"network"}),
        (19, 5, set()),
        (20, 4, set()),
    ],
)
def test_the_sizes_of_the_design(width, height, visible):
    layout = pane_sizes_for(width, height, "hyperparameters", "weights", None, "network")
    assert layout.visible == visible
