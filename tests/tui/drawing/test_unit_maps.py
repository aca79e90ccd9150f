"""The small maps in the units, and the words about one."""

from dataclasses import replace

import numpy as np

from nn_tui.tui.drawing.colour_scale import Scale, unit_scale
from nn_tui.tui.drawing.diagram_layout import UnitBox, lay_out_diagram
from nn_tui.tui.drawing.network_diagram import UnitNames, describe_unit
from nn_tui.tui.drawing.pixels import SHADES, raised_inks, signed_inks
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.unit_maps import draw_unit_weights, unit_maps, weight_codes
from tests.tui.drawing.drawing import DARK_PALETTE, PALETTES, cells, diagram, plane, snapshot

SHADED = [ink.colour for ink in raised_inks(DARK_PALETTE)]


def box_of(strips, name, lines, width):
    """The papers in the box whose name is ``name``."""
    y = next(y for y, strip in enumerate(strips) if name in strip.text)
    x = strips[y].text.index(name)
    return [[cells(strip)[x + k][2] for k in range(width)] for strip in strips[y : y + lines]]


def test_an_input_unit_shows_its_input_growing():
    strips = diagram(snapshot("circle", "data.samples=40"), 56, 24, mapped=True)
    across = box_of(strips, "x1", 4, 8)[2]
    assert across[0] in SHADED[:2]
    assert across[-1] in SHADED[-2:]
    up = box_of(strips, "x2", 4, 8)
    assert len(set(up[2])) == 1
    assert up[3][0] in SHADED[:2]


def test_boxes_of_every_size_hold_the_whole_map():
    seen = snapshot("iris")
    over = plane(seen)
    left, right = over.bounds[0]
    plan = lay_out_diagram(seen.network.sizes, (8, 1, 8), 56, 23, True, None)
    sizes = {(box.map_width, box.height) for box in plan.mapped}
    assert len(sizes) == 3

    def ask(raw):
        across = (raw[:, over.across] - left) / (right - left)
        return [np.tile(across[:, None], size) for size in seen.network.sizes]

    maps = unit_maps(seen, ask, over, plan.mapped)
    assert {(codes.shape[1], len(codes) // 2) for codes in maps.values()} == sizes
    for (layer, _), codes in maps.items():
        lowest = SHADES if layer < 2 else 0  # of a hidden unit 0 is the middle
        assert (abs(codes[:, 0] - lowest) <= 2).all()
        assert (codes[:, -1] >= 2 * SHADES - 2).all()


def test_the_edge_of_a_steep_unit_has_shades_between():
    seen = snapshot("circle", "data.samples=40")
    over = plane(seen)
    box = UnitBox(1, 0, 0, 0, 8, 4)

    def ask(raw):
        steep = np.where(raw[:, over.across] + raw[:, over.up] / 3 > 0.1, 1.0, -1.0)
        return [np.tile(steep[:, None], size) for size in seen.network.sizes]

    shades = set(unit_maps(seen, ask, over, [box])[1, 0].ravel().tolist())
    assert {0, 2 * SHADES} < shades
    few = set(unit_maps(seen, ask, over, [box], discrete=True)[1, 0].ravel().tolist())
    assert few <= {0, SHADES, 2 * SHADES}


def test_a_single_output_is_the_decision_boundary_with_its_samples():
    seen = snapshot("circle", "training.learning_rate=0.1", epochs=150)
    strips = diagram(seen, 56, 23, mapped=True)
    drawn = "\n".join(strip.text for strip in strips)
    assert "○" in drawn and "●" in drawn
    assert SHADED[SHADES] != DARK_PALETTE.background  # a neutral map is seen as one


def test_the_scale_of_a_unit_without_bounds_does_not_depend_on_a_corner():
    seen = snapshot("circle", "network.activation=relu", "data.samples=40")
    values = np.linspace(0.0, 1.9, 99)
    assert unit_scale(seen, 1, 0, values) == Scale(-2.0, 2.0)
    assert unit_scale(seen, 1, 0, np.append(values, 50.0)) == Scale(-2.0, 2.0)
    assert unit_scale(seen, 1, 0, np.append(np.zeros(99), 0.7)) == Scale(-1.0, 1.0)


def test_maps_of_units_without_bounds_keep_their_scale_while_they_change_little():
    seen = snapshot("circle", "network.activation=relu", "data.samples=40")
    assert unit_scale(seen, 1, 0, np.array([0.0, 2.5])) == Scale(-4.0, 4.0)
    assert unit_scale(seen, 1, 0, np.array([0.0, 3.9])) == Scale(-4.0, 4.0)
    tanh = snapshot("circle", "data.samples=40")
    assert unit_scale(tanh, 1, 0, np.array([0.1])) == Scale(-1.0, 1.0)
    sigmoid = snapshot("blog")
    assert unit_scale(sigmoid, 1, 0, np.array([0.6])) == Scale(0.0, 1.0)


def test_where_inputs_are_pixels_a_unit_shows_its_weights_as_a_picture():
    seen = snapshot("digits", epochs=1)
    codes = weight_codes(seen, 5, 8, 8)
    weights = seen.weights["W0"][:, 5].reshape(8, 8)
    shares = np.rint(weights / np.abs(weights).max() * SHADES)
    assert (codes - SHADES == shares).all()
    strips = draw_unit_weights(seen, 5, DrawArea(40, 14, DARK_PALETTE))
    assert len(strips) <= 14
    assert all(strip.cell_length == 40 for strip in strips)


def test_a_unit_in_words():
    seen = snapshot("circle", "data.samples=40")
    names = UnitNames(seen.dataset.input_names, seen.dataset.classes)
    bias = seen.weights["b0"][2]
    assert describe_unit(seen, names, (1, 2)) == f"l1.3 tanh · bias {bias:+.2f} · in 2 out 2"
    assert describe_unit(seen, names, (0, 1)) == "x2 in l0 · out 4"
    assert describe_unit(seen, names, (3, 0)).startswith("ŷ in l3 tanh · bias ")
    assert describe_unit(seen, names, (3, 0)).endswith("in 2")
    blog = snapshot()
    assert (
        describe_unit(blog, UnitNames(("x1", "x2", "x3"), ()), (1, 0))
        == "h1 in l1 sigmoid · in 3 out 1"
    )


def test_what_is_cut_off_is_told():
    seen = snapshot("circle", "data.samples=40")
    alive = np.ones(seen.parameters.shape, bool)
    alive[2] = False  # W0[0, 2]
    seen = replace(seen, mask=alive)
    names = UnitNames(seen.dataset.input_names, seen.dataset.classes)
    assert "in 2 (1 pruned) out 2" in describe_unit(seen, names, (1, 2))
    assert "out 4 (1 pruned)" in describe_unit(seen, names, (0, 0))


def test_without_colours_the_glyphs_of_a_map_tell_the_sign():
    inks = signed_inks(PALETTES["ansi"])
    negative, positive = inks[: SHADES - 2], inks[SHADES + 3 :]
    assert not {ink.glyph for ink in negative} & {ink.glyph for ink in positive}
    assert inks[0].glyph != inks[SHADES].glyph == " "
