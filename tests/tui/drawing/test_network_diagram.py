"""The network drawn: a box for each unit, edges between them."""

from dataclasses import replace

import numpy as np
import pytest

from tests.tui.drawing.drawing import (
    DARK_PALETTE,
    PALETTES,
    cells,
    diagram,
    filled,
    lines,
    snapshot,
    text,
)


def with_weights(seen, **matrices):
    """The snapshot with matrices replaced and all else zero."""
    made = filled(seen, 0.0)
    named = {name: array.copy() for name, array in made.weights.items()}
    named.update({name: np.asarray(value, float) for name, value in matrices.items()})
    return replace(seen, parameters=np.concatenate([a.ravel() for a in named.values()]))


@pytest.mark.parametrize("size", [(53, 24), (30, 12), (158, 40)])
def test_every_unit_and_layer_is_named(size):
    drawn = text(diagram, snapshot(), *size)
    for name in ("x1", "x2", "x3", "h1", "h2", "h3", "h4", "ŷ"):
        assert f" {name} " in drawn
    assert lines(diagram, snapshot(), 53, 24)[0].split() == ["l0", "l1", "sigmoid", "l2", "sigmoid"]


def test_layers_stand_from_left_to_right_and_units_from_top_to_bottom():
    drawn = lines(diagram, snapshot(), 53, 24)
    at = {
        name: next((line.index(name), y) for y, line in enumerate(drawn) if f" {name} " in line)
        for name in ("x1", "x3", "h1", "h4", "ŷ")
    }
    assert at["x1"][0] < at["h1"][0] < at["ŷ"][0]
    assert at["x1"][1] < at["x3"][1]
    assert at["h1"][1] < at["ŷ"][1] < at["h4"][1]


def test_units_without_a_line_of_their_own_are_counted():
    seen = snapshot("blog", "network.hidden=40")
    drawn = text(diagram, seen, 53, 12)
    shown = sum(f" h{k} " in drawn for k in range(1, 41))
    assert shown == 10
    assert "⋮ 30" in drawn
    assert " h1 " in drawn
    at_end = text(diagram, seen, 53, 12, cursor=(1, 39))
    assert "▸h40" in at_end
    assert " h1 " not in at_end


def test_an_edge_has_the_colour_of_its_weights_sign_and_a_strong_one_is_thick():
    seen = with_weights(snapshot("blog", "network.hidden="), W0=[[1.0], [0.0], [-0.2]])
    strips = diagram(seen, 40, 13)
    dots = [[(ord(c) - 0x2800, ink) for c, ink, _ in cells(s) if c >= "⠀"] for s in strips]
    upper = [dot for line in dots[:6] for dot in line]
    lower = [dot for line in dots[8:] for dot in line]
    assert {ink for _, ink in upper} == {DARK_PALETTE.positive}
    assert {ink for _, ink in lower} == {DARK_PALETTE.colour(-0.25)}
    assert sum(bits.bit_count() for bits, _ in upper) > 2 * sum(b.bit_count() for b, _ in lower)


def test_a_negative_weight_is_a_dashed_line():
    seen = with_weights(snapshot("blog", "network.hidden="), W0=[[0.3], [0.0], [-0.3]])
    drawn = [strip.text[10:30] for strip in diagram(seen, 40, 13)]
    solid, dashed = drawn[1:7], drawn[7:]
    assert dots_of_text(dashed) < 0.7 * dots_of_text(solid)
    assert dots_of_text(dashed) > 0.4 * dots_of_text(solid)


def dots_of_text(rows):
    return sum((ord(c) - 0x2800).bit_count() for row in rows for c in row if c >= "⠀")


def test_a_unit_has_the_colour_of_its_bias():
    seen = with_weights(snapshot("circle", "network.hidden=2"), b0=[1.0, -1.0])
    papers = {}
    for strip in diagram(seen, 60, 14):
        row = cells(strip)
        for name in ("h1", "h2"):
            if f" {name} " in strip.text:
                papers[name] = row[strip.text.index(name)][2]
    assert papers == {
        "h1": DARK_PALETTE.unit(11 / 16).bgcolor.name,
        "h2": DARK_PALETTE.unit(-11 / 16).bgcolor.name,
    }


def test_without_room_it_says_so_and_which_key_gives_room():
    seen = snapshot("blog", "network.hidden=4,4,4,4,4,4")
    said = " ".join(text(diagram, seen, 30, 10).split())
    assert said == "3-4-4-4-4-4-4-1: zoom the pane to see the diagram"


def test_weights_that_are_no_numbers_do_not_stop_it():
    for value in (np.nan, np.inf, -np.inf):
        assert " h4 " in text(diagram, filled(snapshot(), value), 53, 24)
    mixed = with_weights(snapshot("blog", "network.hidden="), W0=[[np.nan], [1.0], [np.inf]])
    assert " x2 " in text(diagram, mixed, 53, 24)


def test_inputs_that_begin_alike_are_told_apart():
    seen = snapshot("iris")
    names = [f"Farbe={colour}" for colour in ("rot", "grün", "gelb", "blau")]
    seen = replace(seen, dataset=replace(seen.dataset, input_names=names))
    drawn = text(diagram, seen, 40, 10)
    assert all(f"={name.partition('=')[2]}" in drawn for name in names)


def test_classes_name_the_outputs():
    loss = "training.loss=cross_entropy"
    seen = snapshot("blog", "data.source=iris", "network.output=softmax", loss)
    drawn = text(diagram, seen, 90, 24)
    for name in seen.dataset.classes:
        assert name[:6] in drawn


def dots_of(strips):
    return sum((ord(c) - 0x2800).bit_count() for s in strips for c, _, _ in cells(s) if c >= "⠀")


def test_a_weight_that_was_cut_off_is_a_dotted_line():
    seen = with_weights(snapshot("blog", "network.hidden="), W0=[[1.0], [1.0], [1.0]])
    whole = dots_of(diagram(seen, 40, 13)[:5])
    cut = replace(seen, mask=np.array([False, True, True]))
    assert 0 < dots_of(diagram(cut, 40, 13)[:5]) < whole / 6


def test_the_cursor_marks_its_unit_and_its_edges_stand_out():
    seen = with_weights(snapshot("blog", "network.hidden=2"), W0=np.ones((3, 2)), W1=[[1.0], [1.0]])
    strips = diagram(seen, 60, 14, cursor=(1, 0))
    assert any("▸h1" in strip.text for strip in strips)
    inks = {ink for s in strips for c, ink, _ in cells(s) if c >= "⠀"}
    assert inks == {DARK_PALETTE.positive, DARK_PALETTE.faint.color.name}
    assert len({ink for s in diagram(seen, 60, 14) for c, ink, _ in cells(s) if c >= "⠀"}) == 1
    ansi = diagram(seen, 60, 14, palette=PALETTES["ansi"], cursor=(1, 1))
    assert any("▸h2" in strip.text for strip in ansi)


def test_of_very_many_edges_the_strongest_are_drawn():
    weights = np.full((40, 40), 0.01)
    weights[3, 30] = 1.0
    many = with_weights(snapshot("circle", "network.hidden=40,40"), W1=weights)
    strips = diagram(many, 120, 41)
    between = [cells(strip)[50:70] for strip in strips[1:]]
    assert DARK_PALETTE.positive in {ink for row in between for c, ink, _ in row if c >= "⠀"}
    assert dots_of(strips) < 120 * 40 * 8 / 3


def test_the_name_beside_a_small_map_has_the_ink_of_the_bias():
    biases = np.zeros(16)
    biases[2:4] = 1.0, -1.0
    seen = with_weights(snapshot("circle", "network.hidden=16"), b0=biases)
    inks = {}
    for strip in diagram(seen, 56, 24, mapped=True):
        for name in ("2", "3", "4"):
            at = strip.text.find(f" {name}")
            if at >= 0:
                inks.setdefault(name, cells(strip)[at + 1][1:])
    assert inks["2"][0] == DARK_PALETTE.foreground
    assert len({ink for ink, _ in inks.values()}) == 3
    assert {paper for _, paper in inks.values()} == {DARK_PALETTE.background}


def test_outputs_are_readable_where_there_is_room():
    seen = snapshot("iris")
    drawn = text(diagram, seen, 44, 10, mapped=True)
    assert "setosa" in drawn and "versicol" in drawn and "virginic" in drawn
    assert "…" not in drawn
    assert "versicolor" in text(diagram, seen, 56, 24, mapped=True)


def test_the_chosen_unit_is_described_below_the_inputs():
    seen = snapshot("spiral", epochs=3)
    drawn = text(diagram, seen, 56, 24, mapped=True, cursor=(2, 4))
    out, bias = seen.weights["W2"][4, 0], seen.weights["b1"][4]
    assert "l2.5" in drawn
    assert f"→ŷ  {out:+.2f}" in drawn
    assert f"b   {bias:+.2f}" in drawn
    plain = text(diagram, seen, 56, 24, mapped=True)
    assert "→ŷ" not in plain


def test_what_comes_into_a_large_unit_is_listed_too():
    seen = snapshot("circle")
    drawn = text(diagram, seen, 56, 24, mapped=True, cursor=(1, 2))
    for name, value in (
        ("x1→", seen.weights["W0"][0, 2]),
        ("x2→", seen.weights["W0"][1, 2]),
        ("→1 ", seen.weights["W1"][2, 0]),
        ("→2 ", seen.weights["W1"][2, 1]),
    ):
        assert f"{name} {value:+.2f}" in drawn


def test_inputs_and_the_output_are_described_too():
    seen = snapshot("circle")
    drawn = text(diagram, seen, 56, 24, mapped=True, cursor=(0, 1))
    largest = np.abs(seen.weights["W0"][1]).argmax()
    assert f"→{largest + 1}  {seen.weights['W0'][1, largest]:+.2f}" in drawn
    drawn = text(diagram, seen, 56, 24, mapped=True, cursor=(3, 0))
    assert f"b   {seen.weights['b2'][0]:+.2f}" in drawn
    assert f"2→  {seen.weights['W2'][1, 0]:+.2f}" in drawn
