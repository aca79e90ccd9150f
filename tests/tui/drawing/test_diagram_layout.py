"""Where the units of a diagram stand."""

from itertools import combinations, pairwise

import pytest

from nn_tui.tui.drawing.diagram_layout import lay_out_diagram


def plan(sizes, width=52, height=22, mapped=True, cursor=None, **options):
    names = [4] * len(sizes)
    return lay_out_diagram(sizes, names, width, height, mapped, cursor, **options)


def numbers(made, layer):
    return [box.number for box in made.boxes[layer] if box.number >= 0]


SIZES = [(2, 4, 2, 1), (2, 16, 16, 1), (3, 4, 1), (4, 8, 3), (64, 64, 10), (2, 300, 1), (1, 1)]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("room", [(52, 22), (42, 10), (156, 39), (76, 15), (30, 4), (400, 90)])
@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("result", [True, False])
def test_boxes_never_overlap_and_stay_inside(sizes, room, mapped, result):
    width, height = room
    single = result and sizes[-1] == 1
    cursor = (1, sizes[1] // 2)
    made = plan(sizes, width, height, mapped, cursor, result=single, detail=result)
    if made is None:
        assert width < 52
        return
    boxes = [box for layer in made.boxes for box in layer]
    boxes += [made.detail] if made.detail else []
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


@pytest.mark.parametrize("sizes", [*SIZES, (4, 8, 8, 8, 3)])
@pytest.mark.parametrize("room", [(52, 22), (44, 17), (46, 9), (156, 39)])
def test_a_layer_is_one_column_of_equally_spaced_units(sizes, room):
    made = plan(sizes, *room)
    for layer in made.boxes:
        assert len({(box.x, box.width) for box in layer}) == 1
        steps = {b.y - a.y for a, b in pairwise(layer)}
        assert len(steps) <= 1
        above, below = layer[0].y, room[1] - layer[-1].y - layer[-1].height
        assert abs(above - below) <= 1


def test_units_are_as_large_as_fits():
    assert [layer[0].height for layer in plan((2, 4, 2, 1), 156, 39).boxes] == [10, 9, 10, 10]
    assert [layer[0].height for layer in plan((4, 8, 3), 56, 22).boxes] == [4, 1, 6]
    assert {box.height for layer in plan((2, 16, 16, 2), 52, 22).boxes[1:3] for box in layer} == {1}


def test_the_name_of_a_low_unit_stands_beside_its_map():
    high, low = plan((2, 4, 1)).boxes[1][0], plan((2, 16, 1)).boxes[1][0]
    assert high.label == 0 and high.map_width == high.width
    assert low.label == 4 and low.map_width == 6


def test_units_that_hold_their_names_do_not_touch():
    for sizes, room in (((4, 8, 3), (156, 39)), ((2, 4, 2, 1), (52, 22)), ((3, 4, 1), (46, 15))):
        for layer in plan(sizes, *room).boxes:
            if layer[0].height > 1:
                assert all(b.y - a.y > a.height for a, b in pairwise(layer)), sizes


def test_without_maps_units_are_a_line_each():
    made = plan((2, 4, 2, 1), mapped=False)
    assert {box.height for layer in made.boxes for box in layer} == {1}
    assert made.mapped == []


@pytest.mark.parametrize("sizes", [(2, 4, 2, 1), (2, 16, 16, 1), (10, 16, 1)])
@pytest.mark.parametrize("room", [(56, 22), (44, 17), (46, 9)])
def test_a_single_output_is_a_picture_larger_than_any_unit(sizes, room):
    made = plan(sizes, *room, result=True)
    assert made.result
    (output,) = made.boxes[-1]
    assert all(output.map_width > box.map_width for box in made.mapped)
    assert output.width >= 9
    assert 2 * output.height - output.width in (0, -1) or output.height == room[1]
    assert output not in made.mapped


def test_the_chosen_unit_is_enlarged_below_the_inputs_where_there_is_room():
    made = plan((2, 16, 16, 1), 56, 22, cursor=(2, 4), result=True, detail=True)
    below = max(box.y + box.height for box in made.boxes[0])
    assert made.detail.y > below
    assert made.detail.y + made.detail.height == 22
    assert made.detail.width > made.boxes[2][4].map_width
    assert plan((2, 16, 16, 1), 46, 9, cursor=(2, 4), result=True, detail=True).detail is None


def test_units_stay_where_they_are_when_another_one_is_chosen():
    def places(cursor):
        made = plan((2, 16, 16, 1), 56, 22, cursor=cursor, result=True, detail=True)
        return made.boxes, made.spans

    assert places((2, 4)) == places((0, 1)) == places((1, 15)) == places((3, 0))


def test_of_a_large_layer_a_window_on_the_chosen_unit_is_shown():
    start = plan((3, 100, 1), height=10, mapped=False)
    assert numbers(start, 1) == [*range(9)]
    assert start.boxes[1][-1].folded == 91
    middle = plan((3, 100, 1), height=10, mapped=False, cursor=(1, 50))
    assert 50 in numbers(middle, 1)
    assert [box.folded for box in middle.boxes[1] if box.folded] == [46, 46]
    end = plan((3, 100, 1), height=10, mapped=False, cursor=(1, 99))
    assert numbers(end, 1) == [*range(91, 100)]
    assert plan((3, 100, 1), height=10, mapped=False, cursor=(2, 0)) == start


@pytest.mark.parametrize("at", range(12))
@pytest.mark.parametrize("height", range(3, 12))
def test_the_chosen_unit_is_never_left_out(at, height):
    made = plan((3, 12, 1), height=height, mapped=False, cursor=(1, at))
    assert at in numbers(made, 1)
    assert len(made.boxes[1]) <= height


def test_a_cell_belongs_to_the_unit_whose_box_holds_it():
    made = plan((2, 4, 2, 1))
    for layer in made.boxes:
        for box in layer:
            assert made.unit_at(box.x, box.y) == (box.layer, box.number)
            assert made.unit_at(box.x + box.width - 1, box.y + box.height - 1) == box.unit
    assert made.unit_at(25, 0) is None
    folded = next(b for b in plan((3, 100, 1), height=10, mapped=False).boxes[1] if b.number < 0)
    assert plan((3, 100, 1), height=10, mapped=False).unit_at(folded.x, folded.y) is None


def test_a_curve_is_as_high_as_it_is_wide_and_a_map_half_as_high():
    plans = [
        lay_out_diagram((1, 8, 1), (1, 1, 1), 40, 30, True, None, result=True, curve=curve)
        for curve in (True, False)
    ]
    boxes = [plan.boxes[-1][0] for plan in plans]
    assert [(box.width, box.height) for box in boxes] == [
        (boxes[0].width, min(30, boxes[0].width)),
        (boxes[0].width, boxes[0].width // 2),
    ]


@pytest.mark.parametrize("sizes", [(2, 16, 16, 1), (1, 8, 8, 1)])
@pytest.mark.parametrize("room, least", [((58, 25), 23), ((44, 20), 16), ((44, 11), 16)])
def test_beside_small_units_the_picture_of_the_output_has_over_a_third(sizes, room, least):
    names = [len(str(size)) for size in sizes]
    made = lay_out_diagram(
        sizes, names, *room, True, (1, 0), result=True, detail=True, curve=sizes[0] == 1
    )
    assert made.result and made.boxes[-1][0].width >= least
    assert all(box.map_width >= 4 for box in made.mapped)
