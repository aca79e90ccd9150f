"""The samples: what goes in, what is wanted, what comes out."""

import numpy as np
import pytest

from nn_tui.tui.drawing.data_table import draw_data_table, lay_out_table
from nn_tui.tui.drawing.numbers import format_fixed
from tests.tui.drawing.drawing import (
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
    heading, *rows = lines(data_table, seen, 36, 5)
    assert heading.split() == ["#", "x1", "x2", "x3", "y", "ŷ", "y", "-", "ŷ"]
    for i, line in enumerate(rows):
        inputs = [f"{x:g}" for x in seen.dataset.inputs[i]]
        target = seen.dataset.targets[i, 0]
        numbers = [f"{made[i]:.3f}", f"{target - made[i]:+.3f}"]
        assert line.split() == [str(i + 1), *inputs, "○●"[int(target)], f"{target:g}", *numbers]


@pytest.mark.parametrize("size", [(48, 12), (30, 19), (90, 5)])
def test_spare_room_has_a_number_line_of_target_and_prediction(size):
    seen = snapshot(epochs=50)
    made = predictions(seen, seen.dataset.inputs)[:, 0]
    found = [line[line.index("╶") : line.index("╴") + 1] for line in number_lines(seen, *size)]
    assert len(found) == 4
    assert len({*map(len, found)}) == 1
    for line, target, value in zip(found, seen.dataset.targets[:, 0], made, strict=True):
        assert line.index("○●"[int(target)]) == (1 if target == 0 else len(line) - 2)
        assert abs((line.index("◆") - 1) / (len(line) - 3) - value) < 0.05


def number_lines(seen, width, height):
    return [line for line in lines(data_table, seen, width, height) if "╶" in line]


def test_few_samples_spread_over_a_high_pane_with_a_legend_below_the_lines():
    shown = lines(data_table, snapshot(), 44, 18)
    assert [line[:1] for line in shown if line.strip()] == [*"#1 2 3 4", " ", " "]
    legend = next(line for line in shown if "◆ ŷ" in line)
    assert legend.split() == ["0", "○", "●", "y", "◆", "ŷ", "1"]
    assert len(shown) > 13


@pytest.mark.parametrize("value", [2.0, -1.0, np.inf, -np.inf])
def test_a_prediction_beyond_the_targets_is_at_the_end_of_the_line(value):
    line = next(line for line in drawn_with(value) if "◆" in line).rstrip()
    assert line.endswith("◆") if value > 0 else line.lstrip().startswith("◆")


def test_a_prediction_that_is_no_number_is_not_on_the_line():
    assert all("◆" not in line for line in drawn_with(np.nan))


def drawn_with(value):
    """The number lines of the truth table, with one value predicted for all samples."""
    dataset = snapshot().dataset
    table = lay_out_table(dataset, 1, 48, 9, (0, 0))
    made = np.full((4, 1), value)
    strips = draw_data_table(
        dataset, "sigmoid", table, dataset.targets, made, None, 48, DARK_PALETTE
    )
    return [strip.text for strip in strips if "─" in strip.text]


def test_the_error_gives_way_before_inputs_do():
    seen = snapshot(epochs=0)
    wide, narrow, narrower = (lines(data_table, seen, width, 3)[0] for width in (40, 26, 20))
    assert "x3" in wide and "y - ŷ" in wide
    assert "x3" in narrow and "y - ŷ" not in narrow and "+" not in narrow
    assert "x3" not in narrower and "+" in narrower


def test_a_column_is_as_wide_as_its_numbers_and_its_name():
    seen = snapshot("iris", epochs=0)
    dataset = seen.dataset
    table = lay_out_table(dataset, 3, 120, 10, (0, 0))
    for span in table.spans[:4]:
        values = dataset.raw_inputs[:, span.column.index]
        numbers = max(len(f"{value:.1f}") for value in values)
        assert span.column.width == max(numbers, len(span.column.heading))


def test_places_of_columns_stay_while_training_and_scrolling():
    before, after = snapshot("iris", epochs=0), snapshot("iris", epochs=5)
    tables = [
        lay_out_table(seen.dataset, 3, width, 12, (row, 0), row)
        for seen in (before, after)
        for row in (0, 90)
        for width in (44,)
    ]
    assert len({tuple((s.left, s.column.width) for s in table.spans) for table in tables}) == 1


def test_numbers_of_a_column_are_aligned_at_the_decimal_point():
    rows = lines(data_table, snapshot("iris", epochs=0), 44, 20)[1:]
    assert len({row.index(".") for row in rows}) == 1


def test_colours_are_alike_when_prediction_and_target_are():
    seen = snapshot("blog-xor", epochs=6000)
    for strip in data_table(seen, 48, 5)[1:]:
        row = cells(strip)
        (mark,) = (ink for letter, ink, _ in row if letter in "○●")
        place = strip.text.index(".")
        assert row[place][1] == mark


@pytest.mark.parametrize("width", [24, 40, 60, 200])
@pytest.mark.parametrize(
    "experiment",
    [
        ("blog", "data.source=diabetes", "network.output=linear"),
        ("iris",),
        ("circle", "data.samples=40", "data.features=x1,x2^2,sin(x1)"),
    ],
    ids=lambda e: e[-1],
)
def test_every_column_can_be_reached(experiment, width):
    dataset = snapshot(*experiment, epochs=0).dataset
    outputs = snapshot(*experiment, epochs=0).network.sizes[-1]
    first, names = 0, []
    for cell in range(99):
        table = lay_out_table(dataset, outputs, width, 10, (0, cell), 0, first)
        first = table.first_column
        if cell >= len(table.cells):
            break
        column = table.cells[cell]
        assert column in [span.column for span in table.spans]
        region = table.region(0, cell)
        assert region.right <= width or region.width > width - 8
        assert table.at(region.x, region.y, 0) == (0, cell)
        names.append(column.name)
    assert {*dataset.raw_names, *dataset.input_names, *dataset.target_names} == {*names}


def test_the_number_of_hidden_columns_is_told():
    seen = snapshot("blog", "data.source=diabetes", "network.output=linear", epochs=0)
    headings = [lines(data_table, seen, 60, 3, cursor=0, column=c)[0] for c in (0, 9)]
    names = seen.dataset.input_names
    for heading in headings:
        shown = [name for name in names if name in heading.split()]
        assert f"+{len(names) - len(shown)}" in heading
    assert "‹" not in headings[0] and "‹" in headings[1]
    heading = lines(data_table, seen, 200, 3)[0]
    assert all(name in heading for name in names)
    assert "+" not in heading and "‹" not in heading


def test_the_table_has_the_raw_columns_and_what_is_made_from_them():
    seen = snapshot("circle", "data.samples=40", "data.features=x2,x1^2")
    heading, row, *_ = lines(data_table, seen, 70, 5)
    assert heading.split()[:4] == ["#", "x1", "x2", "x1^2"]
    x1, x2, square = (float(text) for text in row.split()[1:4])
    assert square == pytest.approx(x1**2, rel=0.02)
    assert [x1, x2] == pytest.approx([*seen.dataset.raw_inputs[0]], abs=0.01)


def test_scaled_columns_show_the_numbers_of_the_file():
    seen = snapshot("iris", epochs=0)
    row = lines(data_table, seen, 90, 3)[1]
    numbers = [float(text) for text in row.split()[1:5]]
    assert numbers == pytest.approx([*seen.dataset.raw_inputs[0]])


def test_the_cell_under_the_cursor_stands_out():
    seen = snapshot("circle", "data.samples=40")
    strips = data_table(seen, 60, 6, cursor=2, column=1)
    marked = [
        (y, x)
        for y, strip in enumerate(strips)
        for x, (_, _, paper) in enumerate(cells(strip))
        if paper == DARK_PALETTE.foreground
    ]
    assert {y for y, _ in marked} == {3}
    x1, x2 = strips[0].text.index("x1") + 2, strips[0].text.index("x2") + 2
    assert x1 < marked[0][1] < marked[-1][1] < x2


def test_two_classes_too_are_told_by_name():
    seen = snapshot("circle", "data.samples=40")
    for i, line in enumerate(lines(data_table, seen, 60, 6)[1:]):
        name = seen.dataset.classes[int(seen.dataset.targets[i, 0])]
        assert line.split()[3:5] == ["○●"[seen.dataset.classes.index(name)], name]


def test_test_samples_are_told_apart_without_colour():
    seen = snapshot("circle", "data.samples=40")
    numbers = [line.split()[0] for line in lines(data_table, seen, 60, 5, first=18)[1:]]
    assert numbers == ["19", "20", "21t", "22t"]


def test_rows_begin_where_one_has_scrolled_to_and_the_cursor_is_there():
    seen = snapshot("circle", "data.samples=40")
    strips = data_table(seen, 48, 6, first=10, cursor=12)
    assert [strip.text.split()[0] for strip in strips] == ["#", "11", "12", "13", "14", "15"]
    paper = DARK_PALETTE.cursor.bgcolor.name
    rows = [any(p == paper for _, _, p in cells(strip)) for strip in strips[1:]]
    assert rows == [False, False, True, False, False]


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
        table = lay_out_table(dataset, 1, width, 12, (0, 0))
        targets = dataset.targets
        strips = draw_data_table(
            dataset, "sigmoid", table, targets, made, None, width, DARK_PALETTE
        )
        told = format_fixed(value, 6).strip()
        rows = [strip.text for strip in strips if told in strip.text]
        assert len(rows) == 4
        assert len({row.index(told) for row in rows}) == 1


@pytest.mark.parametrize("width", [30, 32, 44])
def test_target_and_prediction_are_visible_beside_an_input_of_iris(width):
    dataset = snapshot("iris", epochs=0).dataset
    table = lay_out_table(dataset, 3, width, 12, (0, 0))
    kinds = [span.column.kind for span in table.spans]
    assert kinds[0] == "raw"
    assert {"target", "class"} <= {*kinds}
    assert table.right <= width


def test_a_wrong_prediction_has_a_cross_before_it():
    seen = snapshot("circle", "data.samples=60")
    shown = lines(data_table, seen, 46, 61)[1:]
    targets = seen.dataset.class_numbers(slice(None))
    made = predictions(seen, seen.dataset.inputs)[:, 0]
    rule = seen.dataset.decision_rule(seen.network.output)
    wrong = (made > rule.threshold) != targets.astype(bool)
    assert wrong.any() and not wrong.all()
    assert ["✗" in line for line in shown] == wrong.tolist()


def test_in_a_narrow_table_inputs_lose_decimals_before_one_is_hidden():
    seen = snapshot("circle", epochs=0)
    heading, first, *_ = lines(data_table, seen, 32, 6)
    assert heading.split() == ["#", "x1", "x2", "y", "ŷ"]
    assert first.split()[1:5] == ["-4.1", "1.3", "○", "orange✗"]
    wide = lines(data_table, seen, 44, 6)
    assert wide[1].split()[1] == "-4.107"
