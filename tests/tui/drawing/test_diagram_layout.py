"""Where the units of a diagram stand."""

from itertools import combinations, pairwise

import pytest

from nn_tui.tui.drawing.diagram_layout import lay_out_diagram


def plan(sizes, width=52, height=22, mapped=True, cursor=None, block=False):
    return lay_out_diagram(sizes, [6] * len(sizes), width, height, mapped, cursor, block)


def numbers(made, layer):
    return [box.number for box in made.boxes[layer] if box.number >= 0]


SIZES = [(2, 4, 2, 1), (2, 16, 16, 1), (3, 4, 1), (4, 8, 3), (64, 64, 10), (2, 300, 1), (1, 1)]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("room", [(52, 22), (42, 10), (156, 39), (76, 15), (30, 4), (400, 90)])
@pytest.mark.parametrize("mapped", [True, False])
def test_boxes_never_overlap_and_stay_inside(sizes, room, mapped):
    width, height = room
    made = plan(sizes, width, height, mapped, cursor=(1, sizes[1] // 2))
    if made is None:
        assert width < 52
        return
    boxes = [box for layer in made.boxes for box in layer]
    for box in boxes:
        assert box.x >= 0 and box.x + box.width <= width
        assert box.y >= 0 and box.y + box.height <= height
    for a, b in combinations(boxes, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x
        assert apart or a.y + a.height <= b.y or b.y + b.height <= a.y
    for layer, size in enumerate(sizes):
        shown = len(numbers(made, layer))
        assert shown + sum(box.folded for box in made.boxes[layer]) == size
    assert sizes[1] // 2 in numbers(made, 1)


def test_small_networks_have_large_boxes_and_large_ones_fall_into_columns():
    assert plan((2, 4, 2, 1)).lines == 4
    assert plan((2, 4, 2, 1), 156, 39).lines == 8
    two = plan((2, 16, 16, 1))
    assert two.lines == 2
    assert len({box.x for box in two.boxes[1]}) == 2
    grid = plan((64, 64, 10), 156, 39, block=True)
    assert len({box.x for box in grid.boxes[1]}) == 8
    assert len({box.y for box in grid.boxes[1]}) == 8


def test_boxes_do_not_touch_where_they_need_not():
    for sizes, room in (
        ((4, 8, 3), (156, 39)),
        ((2, 4, 2, 1), (52, 22)),
        ((64, 64, 10), (156, 39)),
    ):
        made = plan(sizes, *room, block=sizes[0] == 64)
        columns = {}
        for box in made.boxes[1]:
            columns.setdefault(box.x, []).append(box.y)
        for tops in columns.values():
            assert all(b - a > made.lines for a, b in pairwise(tops)), sizes


def test_without_maps_units_are_a_line_each():
    assert plan((2, 4, 2, 1), mapped=False).lines == 1


def test_pixels_are_one_block():
    made = plan((64, 64, 10), block=True)
    assert [(box.number, box.folded) for box in made.boxes[0]] == [(-1, 64)]


def test_the_cursor_moves_the_fold():
    at_ends = plan((3, 100, 1), height=10, mapped=False)
    assert numbers(at_ends, 1)[0] == 0 and numbers(at_ends, 1)[-1] == 99
    middle = plan((3, 100, 1), height=10, mapped=False, cursor=(1, 50))
    assert 50 in numbers(middle, 1)
    assert [box.folded > 0 for box in middle.boxes[1]].count(True) == 2
    elsewhere = plan((3, 100, 1), height=10, mapped=False, cursor=(2, 0))
    assert elsewhere == at_ends


def test_a_cell_belongs_to_the_unit_whose_box_holds_it():
    made = plan((2, 4, 2, 1))
    for layer in made.boxes:
        for box in layer:
            assert made.unit_at(box.x, box.y) == (box.layer, box.number)
            assert made.unit_at(box.x + box.width - 1, box.y + box.height - 1) == box.unit
    assert made.unit_at(25, 0) is None
    folded = next(b for b in plan((3, 100, 1), height=10, mapped=False).boxes[1] if b.number < 0)
    assert plan((3, 100, 1), height=10, mapped=False).unit_at(folded.x, folded.y) is None
