"""The line at the top."""

from dataclasses import replace

import pytest

from nn_tui.tui.drawing.status_bar import Status, draw_compact_status, draw_status
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE, cells, lines, snapshot, status, with_metrics


def line(seen, width, **options):
    return lines(status, seen, width, 1, **options)[0]


@pytest.mark.parametrize("epoch", [0, 50, 12_345, 60_000, 1_234_567_890])
@pytest.mark.parametrize("loss", [0.109859, 1.234e-09, 1234.5])
def test_epoch_and_loss_show_in_any_width_that_can_hold_them(epoch, loss):
    seen = replace(snapshot(), epoch=epoch, train_loss=loss)
    told = {0.109859: "0.109859", 1.234e-09: "1.234e-9", 1234.5: "1234.500"}[loss]
    for width in range(16, 200):
        drawn = line(seen, width)
        if width >= len(f"{epoch:,} loss {told}"):
            assert f"{epoch:,}" in drawn, width
            assert f"loss {told}" in drawn, width


def test_a_wide_line_tells_what_is_trained_and_how():
    drawn = line(snapshot(), 120)
    assert drawn.split()[:7] == ["‖", "paused", "blog", "3-4-1", "sigmoid", "·", "sgd"]
    assert drawn.rstrip().endswith("10/s")


@pytest.mark.parametrize("width", range(20, 130))
@pytest.mark.parametrize("name", ["blog", "spiral"])
def test_no_word_is_cut(width, name):
    whole = {word.strip("(") for word in line(snapshot(name), 200).split()}
    words = [word.strip("(") for word in line(snapshot(name), width).split()]
    assert {*words} - {"3"} <= whole  # 3 of 3/600 where the epochs are left out
    shape = {"blog": "3-4-1", "spiral": "2-16-16-1"}[name]
    assert width < 80 or shape in words


def test_the_line_names_the_batch_size_of_a_run_with_mini_batches():
    assert " · adam 0.01 · batch 25 " in line(snapshot("spiral"), 160)
    assert "batch" not in line(snapshot("blog"), 160)


def test_what_is_left_out_first_is_least_important():
    parts = {
        "word": "baseline",
        "speed": "full speed",
        "baseline": "(",
        "accuracy": "accuracy",
        "epochs": "/600",
        "test": " test ",
    }
    met = []
    for width in range(160, 20, -1):
        drawn = line(snapshot("spiral"), width)
        missing = [name for name, text in parts.items() if text not in drawn]
        assert missing == [*parts][: len(missing)], width
        met.append(len(missing))
        assert "epoch" in drawn and "loss" in drawn
    assert met == sorted(met)
    assert {*met} == {0, 1, 2, 3, 4, 5, 6}


def test_samples_without_classes_have_no_accuracy():
    assert "accuracy" not in line(snapshot("sine"), 200)
    assert "test" not in line(snapshot("blog"), 200)


def test_nothing_moves_while_numbers_change():
    places = set()
    for epoch, loss, accuracy in (
        (1, 0.1, 0.5),
        (999, 0.012, 0.996),
        (12_345, 3e-9, 1.0),
        (999_999, 4321.0, float("nan")),
    ):
        metrics = {"train_accuracy": accuracy, "test_accuracy": accuracy}
        seen = snapshot("spiral", "training.epochs=1000000")
        seen = replace(seen, epoch=epoch, train_loss=loss, test_loss=loss, metrics=metrics)
        drawn = line(seen, 160)
        places.add(tuple(map(drawn.index, ("/1,000,000", "loss", "test", "accuracy", "%", "full"))))
    assert len(places) == 1


@pytest.mark.parametrize(
    ("options", "changes", "word"),
    [
        ({}, {}, "paused"),
        ({}, {"epoch": 0}, "ready"),
        ({"running": True}, {}, "running"),
        ({"finished": True}, {}, "done"),
        ({"running": True}, {"diverged": "epoch 7 diverged"}, "diverged"),
    ],
)
def test_the_state_is_told_by_a_word_and_a_glyph(options, changes, word):
    drawn = line(replace(snapshot(), **changes), 100, **options)
    assert drawn.split()[1] == word
    assert drawn.split()[0] in "▶‖✓✗"


def test_a_run_that_ends_with_a_rising_loss_is_not_called_done():
    drawn = line(replace(snapshot(), rising="the loss has risen"), 100, finished=True)
    assert "▲ rising" in drawn
    assert "done" not in drawn


def test_a_diverged_run_is_told_in_another_colour():
    good = cells(status(snapshot(), 100, running=True)[0])
    assert good[1][1] == cells(status(snapshot(), 100)[0])[1][1]
    bad = cells(status(replace(snapshot(), diverged="it did"), 100, running=True)[0])
    assert good[1][1] != bad[1][1]


def test_at_full_speed_the_speed_is_what_was_measured():
    fast = replace(snapshot("blog", "view.pace=0"), epochs_per_second=152_300.0)
    assert "152k/s" in line(fast, 100, running=True)
    assert "full speed" in line(fast, 100)


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ((30, 4), ["epoch 12,345 loss 0.085661"]),
        ((20, 4), ["12,345 loss 0.085661"]),
        ((12, 3), ["epoch 12,345", "loss 0.0857"]),
        ((10, 3), ["12,345", "0.0857"]),
        ((12, 1), ["12,345 0.08…"]),
    ],
)
def test_the_smallest_windows_tell_epoch_and_loss(size, told):
    seen = replace(snapshot(), epoch=12_345, train_loss=0.085661)
    assert [
        s.text.rstrip() for s in draw_compact_status(seen, DrawArea(*size, DARK_PALETTE))
    ] == told


def test_accuracy_stands_beside_that_of_the_most_frequent_class():
    good = with_metrics(snapshot("iris"), train_accuracy=0.98, test_accuracy=0.9)
    drawn = line(good, 160)
    assert "accuracy 98.0 / 90.0 % (baseline 26.6)" in drawn
    assert "accuracy 98.0 / 90.0 % (26.6)" in line(good, 120)
    assert "(" not in line(good, 90)


def test_r2_stands_beside_the_losses_of_numbers():
    def drawn(**scores):
        told = Status("hills", False, False, scores)
        return draw_status(snapshot("hills"), told, 160, DARK_PALETTE).text

    assert "R²  0.990" in drawn(r2=0.9904)
    assert "R² -0.200" in drawn(r2=-0.2)
    assert "R²      –" in drawn()
