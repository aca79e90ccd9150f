"""The samples: what goes in, what is wanted, what comes out."""

import numpy as np
import pytest

from nn_tui.tui.pictures.data_table import draw_data_table
from nn_tui.tui.pictures.numbers import fixed
from tests.tui.pictures.drawing import (
    DARK_PALETTE,
    cells,
    data_table,
    lines,
    predictions,
    snapshot,
    text,
)


def test_a_row_has_inputs_target_prediction_and_error():
    seen = snapshot(epochs=50)
    made = predictions(seen, seen.dataset.inputs)[:, 0]
    heading, *rows = lines(data_table, seen, 48, 5)
    assert heading.split() == ["#", "x1", "x2", "x3", "y", "ŷ", "y", "-", "ŷ"]
    for i, line in enumerate(rows):
        inputs = [f"{x:g}" for x in seen.dataset.inputs[i]]
        target = seen.dataset.targets[i, 0]
        numbers = [fixed(made[i], 6).strip(), fixed(target - made[i], 7).strip()]
        assert line.split() == [str(i + 1), *inputs, f"{target:g}", *numbers]


def test_spare_room_has_a_gauge_with_target_and_prediction():
    seen = snapshot(epochs=50)
    made = predictions(seen, seen.dataset.inputs)[:, 0]
    for size in ((48, 12), (90, 5)):
        gauges = [line for line in lines(data_table, seen, *size)[1:] if "●" in line]
        assert len(gauges) == 4
        for line, target, value in zip(gauges, seen.dataset.targets[:, 0], made, strict=True):
            gauge = line[min(line.index(c) for c in "○●─") :].rstrip()
            assert gauge.index("○") == (0 if target == 0 else len(gauge) - 1)
            assert abs(gauge.index("●") / (len(gauge) - 1) - value) < 0.05


def test_colours_are_alike_when_prediction_and_target_are():
    seen = snapshot("blog-xor", epochs=6000)
    for strip in data_table(seen, 48, 5)[1:]:
        row = cells(strip)
        papers = [p for _, _, p in row if p != DARK_PALETTE.background]
        target, made = dict.fromkeys(papers), len(set(papers))
        assert made <= 2
        blue = [int(p[5:7], 16) > int(p[1:3], 16) for p in target]
        assert len(set(blue)) == 1


def test_where_not_all_inputs_fit_the_middle_ones_are_left_out():
    seen = snapshot("blog", "data.source=diabetes", "network.output=linear", epochs=0)
    names = seen.dataset.input_names
    heading, row = lines(data_table, seen, 60, 2)
    shown = [name for name in names if f" {name}" in heading]
    assert shown[0] == names[0]
    assert shown[-1] == names[-1]
    assert 2 < len(shown) < len(names)
    assert row.count("…") == 1


def test_rows_begin_where_one_has_scrolled_to_and_the_cursor_is_there():
    seen = snapshot("circle", "data.samples=40")
    strips = data_table(seen, 48, 6, first=10, cursor=12)
    assert [strip.text.split()[0] for strip in strips] == ["#", "11", "12", "13", "14", "15"]
    paper = DARK_PALETTE.cursor.bgcolor.name
    assert [any(p == paper for _, _, p in cells(strip)) for strip in strips].index(True) == 3


def test_samples_held_back_have_numbers_of_another_colour():
    seen = snapshot("circle", "data.samples=40")
    inks = [cells(s)[1][1] for s in data_table(seen, 48, 5, first=18)[1:]]
    assert inks[:2] == [DARK_PALETTE.muted.color.name] * 2
    assert inks[2:] == [DARK_PALETTE.test.color.name] * 2


def test_classes_are_told_by_name():
    loss = "training.loss=cross_entropy"
    seen = snapshot("blog", "data.source=iris", "network.output=softmax", loss)
    assert any(name in text(data_table, seen, 70, 40) for name in seen.dataset.classes)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -1e-300])
def test_predictions_beyond_all_bounds_keep_their_columns(value):
    seen = snapshot()
    dataset = seen.dataset
    made = np.full((4, 1), value)
    for width in (48, 90):
        strips = draw_data_table(dataset, dataset.targets, made, 0, -1, width, 12, DARK_PALETTE)
        told = fixed(value, 6).strip()
        rows = [strip.text for strip in strips if told in strip.text]
        assert len(rows) == 4
        assert len({row.index(told) for row in rows}) == 1
