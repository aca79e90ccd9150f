"""The gradient check in little room: its verdict stays whole, and what differs is shown first."""

from functools import cache, partial

from nn_tui.tui.drawing.gradient_table import draw_gradient_check
from nn_tui.tui.drawing.strips import DrawArea
from tests.nn.test_wrong_lines import DEEP, checked
from tests.tui.drawing.drawing import DARK_PALETTE

found = cache(partial(checked, DEEP))
RIGHT, WRONG = (), (("l2_delta", "l2_error * l2"),)


def drawn(changes, width, height):
    check, network = found(changes)
    strips = draw_gradient_check(check, network, DrawArea(width, height, DARK_PALETTE))
    return check, [strip.text.rstrip() for strip in strips]


def test_the_verdict_is_whole_in_any_height_that_has_room_for_it():
    verdict = "✓ All gradients agree."
    for height in range(3, 40):
        check, lines = drawn(RIGHT, 80, height)
        assert verdict in lines and len(lines) <= height
    assert sum(line.endswith("✓") for line in lines) == len(check.parameters) + len(
        check.intermediates
    )
    _, low = drawn(RIGHT, 80, 9)
    hidden = len(check.parameters) + len(check.intermediates) - sum(s.endswith("✓") for s in low)
    assert f"{hidden} more, all agree" in low


def test_what_differs_is_shown_before_what_agrees():
    _, everything = drawn(WRONG, 80, 60)
    differing = [line for line in everything if line.endswith(("✗", "follows"))]
    explained = everything[everything.index("✗ l2_delta = l2_error * l2") :]
    paragraph = explained[: next(i for i, s in enumerate(explained) if s.startswith("worst"))]
    for height in range(len(paragraph) + 3, 40):
        _, lines = drawn(WRONG, 80, height)
        assert len(lines) <= height
        assert all(line in lines for line in paragraph), height
        if any(line.endswith("✓") for line in lines):
            assert all(line in lines for line in differing), height
