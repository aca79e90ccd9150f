"""The crosshair, the window and the smoothing of the loss chart."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.training.curve import Curve
from nn_tui.tui.drawing.chart_view import ChartView, EpochWindow
from nn_tui.tui.drawing.loss_chart import LossChart
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE, KEYS, lines, loss, text
from tests.tui.drawing.losses import TRAIN, behind, crosshair, curve, inked, pin


def test_the_crosshair_reads_every_curve_at_its_epoch():
    seen = curve(np.linspace(1, 0, 101), np.linspace(2, 1, 101))
    pins = (pin("slow", np.linspace(4, 3, 51), np.linspace(6, 5, 51)), pin("short", [0.5, 0.25]))
    drawn = crosshair(seen, 25, pins=pins, width=120)
    legend = " ".join(" ".join(drawn[:2]).split())
    assert "train 0.750000" in legend
    assert "test 1.750000" in legend
    assert "slow 3.500000 ╍ 5.500000" in legend
    assert "short -" in legend
    assert "25" in drawn[-1].split()


@pytest.mark.parametrize("size", [(100, 20), (42, 7), (42, 9)])
def test_the_row_above_says_which_epoch_its_values_are_of(size):
    seen = curve(np.linspace(1, 0, 1001), np.linspace(2, 1, 1001))
    rows = {}
    for epoch in (5, 50, 1000):
        drawn = crosshair(seen, epoch, *size)
        rows[epoch] = " ".join(drawn[:2])
        assert f"at epoch {epoch:,} " in drawn[0]
        assert f"train {1 - epoch / 1000:.6f}" in rows[epoch]
        assert f"test {2 - epoch / 1000:.5f}" in rows[epoch]
    assert len({row.index("train") for row in rows.values()}) == 1  # nothing dances
    assert "at epoch" not in text(loss, seen, *size)


def test_a_column_of_the_crosshair_is_that_of_its_epoch():
    seen = curve(np.linspace(1, 0, 101))
    drawn = crosshair(seen, 0)
    assert drawn[-2].index("┴") == 8
    drawn = crosshair(seen, 100)
    frame = LossChart(
        seen, (), ChartView(crosshair=100), DrawArea(100, 20, DARK_PALETTE), KEYS
    ).frame
    assert drawn[-2].index("┴") == 8 + frame.column(100)
    upright = [line[8 + frame.column(100)] for line in drawn[1:-2]]
    assert len(upright) - 2 <= upright.count("│") < len(upright)


def test_where_a_point_covers_many_epochs_the_crosshair_tells_their_range():
    first = np.arange(0, 100, 10.0)
    low, high = np.linspace(1, 0.1, 10), np.linspace(2, 1.1, 10)
    buckets = Curve(first, first + 9, {"train_loss": (low, (low + high) / 2, high)})
    seen = replace(curve(np.zeros(100)), losses=buckets)
    assert "train 0.900000…1.900000" in crosshair(seen, 15)[0]


def test_the_crosshair_stops_where_a_loss_was_computed():
    seen = curve(np.linspace(1, 0, 11))
    epochs = np.arange(11) * 10.0
    seen = replace(seen, epoch=100, losses=replace(seen.losses, first=epochs, last=epochs))
    chart = LossChart(seen, (), ChartView(), DrawArea(100, 20, DARK_PALETTE), KEYS)
    assert chart.start == 100
    assert chart.stop(51, 1) == 60
    assert chart.stop(59, -1) == 50


def test_in_a_window_elsewhere_the_crosshair_begins_in_its_middle():
    seen = curve(np.linspace(1, 0, 1001))
    chart = LossChart(
        seen, (), ChartView(window=EpochWindow(100, 300)), DrawArea(100, 20, DARK_PALETTE), KEYS
    )
    assert 240 <= chart.start <= 260


def test_the_label_of_the_crosshair_is_never_cut_off_nor_runs_into_another():
    seen = curve(np.linspace(1, 0, 100_001))
    for epoch in (0, 700, 50_000, 99_000, 100_000):
        for width in (20, 40, 100):
            labels = crosshair(seen, epoch, width)[-1].split()
            assert f"{epoch:,}" in labels
            assert all(label == "epoch" or int(label.replace(",", "")) >= 0 for label in labels)


def test_a_window_shows_its_epochs_only_and_fits_their_losses():
    seen = curve(np.r_[np.full(900, 5.0), np.linspace(0.02, 0.01, 101)])
    drawn = lines(loss, seen, 90, 20, view=ChartView(window=EpochWindow(100, 1000)))
    epochs = [int(label.replace(",", "")) for label in drawn[-1].split()[1:]]
    assert (epochs[0], epochs[-1]) == (900, 1000)
    labels = [float(line.split("┤")[0]) for line in drawn if "┤" in line]
    assert 0.005 < min(labels) < max(labels) < 0.03
    view = ChartView(window=EpochWindow(100, 1000))
    frame = LossChart(seen, (), view, DrawArea(90, 20, DARK_PALETTE), KEYS).frame
    points = inked(loss(seen, 90, 20, view=view), TRAIN)
    right = 8 + frame.column(1000)
    assert (min(x for x, _ in points), max(x for x, _ in points)) == (8, right)


def test_a_window_without_numbers_says_how_to_leave_it():
    seen = curve(np.r_[np.full(50, 0.5), np.full(50, np.nan)])
    drawn = text(loss, seen, 60, 12, view=ChartView(window=EpochWindow(20, 90)))
    assert "No finite loss in these epochs; 0 shows all epochs." in drawn


def test_smoothing_keeps_what_was_measured_in_sight_behind():
    noise = np.random.default_rng(1).random(400)
    seen = curve(0.5 + 0.4 * noise)
    raw = behind(TRAIN)
    plain = loss(seen, 90, 30)
    smooth = loss(seen, 90, 30, view=ChartView(strength=2))
    assert len(inked(smooth, raw)) > 200
    rough, calm = ({y for _, y in inked(strips, TRAIN)} for strips in (plain, smooth))
    assert len(calm) < len(rough) / 2
    assert "smoothed over 12 epochs" in LossChart(
        seen, (), ChartView(strength=2), DrawArea(90, 30, DARK_PALETTE), KEYS
    ).note(60)


def test_what_the_border_says_fits_it_and_names_the_view_first():
    seen = curve(np.linspace(1, 0.1, 801))
    view = ChartView("loss", frozenset({("loss", True)}), strength=1, window=EpochWindow(400))
    chart = LossChart(seen, (), view, DrawArea(90, 30, DARK_PALETTE), KEYS)
    assert chart.note(60) == "loss · log axis · following · smoothed over 4 epochs"
    assert chart.note(20) == "loss · log axis"
    assert chart.note(3) == "loss"
