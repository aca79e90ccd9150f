"""The network over pictures: a sample's pixels, what the units answer, the outputs."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.tui.drawing.activation_layout import lay_out_activations
from nn_tui.tui.drawing.pixels import signed_inks
from tests.tui.drawing.drawing import (
    DARK_PALETTE,
    PALETTES,
    activation_diagram,
    cells,
    lines,
    snapshot,
    text,
)

ROOMS = [(56, 24), (44, 18), (46, 10), (156, 40)]


def layers(seen, sample=0):
    answered = ForwardPass().layers(seen, seen.dataset.inputs[sample : sample + 1])
    return [layer[0].copy() for layer in answered]


@pytest.mark.parametrize("sizes", [(64, 64, 10), (64, 10), (64, 64, 32, 10), (784, 300, 26)])
@pytest.mark.parametrize("room", ROOMS)
def test_parts_are_inside_and_apart(sizes, room):
    side = int(sizes[0] ** 0.5)
    made = lay_out_activations(sizes, (side, side), 1, *room, 0)
    if made is None:
        assert len(sizes) > 3 or sizes[1] > 64
        return
    x, y, width, high = made.picture
    list_ = made.outputs
    places = [
        (x, y, width, (high + 1) // 2),
        *((grid.x, grid.y, grid.width, grid.lines) for grid in made.grids),
        (list_.x, list_.y, list_.width, list_.line(list_.numbers[-1]) - list_.y + 1),
    ]
    for x, y, width, high in places:
        assert x >= 0 and y >= made.titles
        assert x + width <= room[0] and y + high <= room[1]
    for a, b in combinations(places, 2):
        assert a[0] + a[2] + 2 <= b[0]


@pytest.mark.parametrize("room", ROOMS)
def test_all_digits_and_all_units_have_a_place(room):
    made = lay_out_activations((64, 64, 10), (8, 8), 1, *room, 0)
    assert list(made.outputs.numbers) == [*range(10)]
    found = {made.unit_at(x, y) for x in range(room[0]) for y in range(room[1])} - {None}
    assert found == {(1, k) for k in range(64)} | {(2, k) for k in range(10)}
    (grid,) = made.grids
    assert all(made.unit_at(*grid.cell(number)) == (1, number) for number in range(64))


def test_of_many_outputs_the_chosen_one_is_visible():
    made = lay_out_activations((64, 16, 40), (8, 8), 2, 60, 12, 37)
    assert 37 in made.outputs.numbers
    assert len(made.outputs.numbers) == 12


def test_outputs_are_bars_and_the_largest_stands_out():
    seen = snapshot("digits", epochs=1)
    outputs = layers(seen)[-1]
    drawn = lines(activation_diagram, seen, 56, 24)
    list_ = lay_out_activations(seen.network.sizes, (8, 8), 1, 56, 24, 0).outputs
    rows = [drawn[list_.line(number)][list_.x :] for number in range(10)]
    bars = [row.count("█") for row in rows]
    for number, value in enumerate(outputs):
        assert rows[number].startswith(f"{number} ")
        assert rows[number].rstrip().endswith(f"{value:.3f}") or value < 1e-3
    assert bars[int(outputs.argmax())] == max(bars)
    assert sum(bars) < 10


def grid_colours(seen, units=64):
    plan = lay_out_activations(seen.network.sizes, (8, 8), 1, 56, 24, 0)
    strips = activation_diagram(seen, 56, 24)
    (grid,) = plan.grids
    return [cells(strips[y])[x][1] for x, y in (grid.cell(number) for number in range(units))]


def test_a_unit_has_the_colour_of_its_activation_for_the_sample():
    seen = snapshot("digits", epochs=1)
    values = layers(seen)[1]
    colours = grid_colours(seen)
    shades = [ink.colour for ink in signed_inks(DARK_PALETTE, 0.9)]
    assert {colours[k] for k in np.flatnonzero(values == 0)} == {DARK_PALETTE.background}
    order = np.argsort(values)
    found = [shades.index(colours[k]) for k in order]
    assert found == sorted(found)
    assert found[-1] > found[0] + 5


def test_the_units_that_add_most_to_the_prediction_are_marked_and_joined_to_it():
    seen = snapshot("digits", epochs=1)
    answered = layers(seen)
    most = int(answered[-1].argmax())
    added = answered[1] * seen.weights["W1"][:, most]
    best = np.argsort(-added)[:8]
    plan = lay_out_activations(seen.network.sizes, (8, 8), 1, 56, 24, 0)
    strips = activation_diagram(seen, 56, 24)
    (grid,) = plan.grids
    marked = set()
    for number in range(64):
        x, y = grid.cell(number)
        if "▪" in strips[y].text[x : x + grid.across]:
            marked.add(number)
    assert marked == set(best.tolist())
    line = plan.outputs.line(most)
    between = strips[line].text[grid.x + grid.width : plan.outputs.x]
    assert any(character >= "⠀" for character in between)


def test_the_chosen_unit_is_bracketed_and_joined_to_every_output():
    seen = snapshot("digits", epochs=1)
    weights = np.ones((64, 10))
    weights[:, 5:] = -1.0
    named = {**seen.weights, "W1": weights}
    seen = replace(seen, parameters=np.concatenate([a.ravel() for a in named.values()]))
    drawn = activation_diagram(seen, 56, 24, cursor=(1, 20))
    assert sum("[" in strip.text and "]" in strip.text for strip in drawn) == 1
    inks = {ink for strip in drawn for c, ink, _ in cells(strip) if c >= "⠀"}
    assert {DARK_PALETTE.positive, DARK_PALETTE.negative} <= inks
    assert "[" in text(activation_diagram, seen, 56, 24, palette=PALETTES["ansi"], cursor=(1, 20))


def test_without_room_it_says_so():
    seen = snapshot("digits", "network.hidden=64,64,64,64", epochs=0)
    said = " ".join(text(activation_diagram, seen, 30, 10).split())
    assert said == "64-64-64-64-64-10: zoom the pane to see the diagram"


def test_numbers_that_are_none_do_not_stop_it():
    seen = snapshot("digits", epochs=0)
    for value in (np.nan, np.inf, -np.inf):
        broken = replace(seen, parameters=np.full_like(seen.parameters, value))
        with np.errstate(all="ignore"):
            assert "9" in text(activation_diagram, broken, 56, 24, cursor=(1, 3))
