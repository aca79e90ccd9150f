"""Curves by plotext."""

import numpy as np
import plotext
from rich.style import Style

from nn_tui.tui.drawing.line_plot import Line, draw_lines
from tests.tui.pictures.drawing import cells

RED, BLUE, PAPER = Style(color="#ff0000"), Style(color="#0000ff"), Style(bgcolor="#000000")


def drawn(*curves, width, height, inks=(RED, BLUE)):
    lines = [Line(np.asarray(y, float), ink) for y, ink in zip(curves, inks, strict=False)]
    return draw_lines(lines, width, height, PAPER)


def dots(strips):
    """Column and line, from below, of every dot."""
    found = set()
    places = {
        0: (0, 3),
        1: (0, 2),
        2: (0, 1),
        3: (1, 3),
        4: (1, 2),
        5: (1, 1),
        6: (0, 0),
        7: (1, 0),
    }
    for line, strip in enumerate(reversed(strips)):
        for column, letter in enumerate(strip.text):
            bits = ord(letter) - 0x2800 if letter != " " else 0
            for bit, (x, y) in places.items():
                if bits >> bit & 1:
                    found.add((2 * column + x, 4 * line + y))
    return found


def test_a_curve_has_a_dot_at_each_of_its_heights():
    heights = np.random.default_rng(1).integers(0, 40, 80)
    strips = drawn(heights, width=40, height=10)
    assert [strip.cell_length for strip in strips] == [40] * 10
    assert set(enumerate(heights.tolist())) <= dots(strips)


def test_pieces_join_without_a_seam():
    heights = (39 * (0.5 + 0.5 * np.sin(np.arange(200) / 9))).round()
    found = dots(drawn(heights, width=100, height=10))
    for x in range(199):
        lower, upper = sorted((int(heights[x]), int(heights[x + 1])))
        there = {y for column, y in found if column in (x, x + 1)}
        assert set(range(lower, upper + 1)) <= there, x
        spread = (heights[max(0, x - 1)], heights[x], heights[x + 1])
        assert all(min(spread) <= y <= max(spread) for column, y in found if column == x), x


def test_a_gap_is_left_out():
    heights = np.full(80, 5.0)
    heights[20:50] = np.nan
    columns = {x for x, _ in dots(drawn(heights, width=40, height=10))}
    assert columns == {*range(20), *range(50, 80)}


def test_a_later_curve_is_above_an_earlier_one():
    flat = np.full(20, 3.0)
    strips = drawn(flat, flat, width=10, height=2)
    assert {ink for letter, ink, _ in cells(strips[1]) if letter != " "} == {"#0000ff"}


def test_only_the_growing_end_is_drawn_anew(monkeypatch):
    built = []
    build = plotext.build
    monkeypatch.setattr(plotext, "build", lambda: built.append(1) or build())
    heights = np.full((2, 200), np.nan)
    heights[0], heights[1, :150] = 7.123, np.arange(150) % 30 + 0.456
    drawn(*heights, width=100, height=12)
    assert built
    built.clear()
    heights[1, 150:153] = 11
    drawn(*heights, width=100, height=12)
    assert len(built) == 1
    drawn(*heights, width=100, height=12)
    assert len(built) == 1
