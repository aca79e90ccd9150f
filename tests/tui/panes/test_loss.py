"""The keys of the loss pane, as a person presses them."""

from dataclasses import replace

import pytest

from nn_tui.tui.panes.loss import LossPane
from tests.tui.screen import opened, until


def pane(seen):
    return seen.app.query_one(LossPane)


def readout(seen):
    return next(line for line in seen.lines if "━ train" in line)


def note(seen):
    """What the lower border says of the axis and the view."""
    return pane(seen).border_subtitle.split(" · accuracy ")[0]


def crosshair(seen):
    """The epoch below the crosshair, or None."""
    rows = [strip.text for strip in pane(seen)._strips]
    axis = next(row for row in rows if "└" in row)
    if "┴" not in axis:
        return None
    label = rows[rows.index(axis) + 1]
    column = axis.index("┴")
    start = max(label.rfind(" ", 0, column), 0)
    return int(label[start : column + 9].split()[0].replace(",", ""))


async def test_the_crosshair_moves_along_the_curve_and_shows_its_values():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(50)
        losses = seen.app.snapshot.losses.train_low
        await seen.press("5", "c")
        assert crosshair(seen) == 50
        assert "arrows move the crosshair" in seen.info
        await seen.press("h", "left")
        assert crosshair(seen) == 48
        assert f"train {losses[48]:.6f}" in readout(seen)
        await seen.press("H")
        assert crosshair(seen) == 38
        await seen.press("l", "right", "L")
        assert crosshair(seen) == 50
        await seen.press("L")
        assert crosshair(seen) == 50
        assert f"train {losses[50]:.6f}" in readout(seen)
        await seen.press(*"HHHHHHHH")
        assert crosshair(seen) == 0
        assert f"train {losses[0]:.6f}" in readout(seen)


async def test_many_epochs_in_a_column_are_one_step():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(4000)
        await seen.press("5", "c", "h")
        step = 4000 - crosshair(seen)
        assert step == round(pane(seen)._chart.frame.epochs_per_column)
        await seen.press("H")
        assert 4000 - crosshair(seen) == 11 * step


async def test_escape_leaves_the_crosshair_first_and_then_the_zoom():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(50)
        await seen.press("5", "z", "c")
        assert seen.panes == {"loss"}
        await seen.press("escape")
        assert crosshair(seen) is None
        assert seen.panes == {"loss"}
        await seen.press("escape")
        assert len(seen.panes) > 1


async def test_enter_at_the_crosshair_asks_for_its_epoch(monkeypatch):
    async with opened("blog", (160, 45)) as seen:
        await seen.train(50)
        asked = []
        post = LossPane.post_message

        def note(self, message):
            if isinstance(message, LossPane.GoTo):
                asked.append(message.epoch)
            return post(self, message)

        monkeypatch.setattr(LossPane, "post_message", note)
        await seen.press("5", "enter")
        assert asked == []
        await seen.press("c", "h", "h", "h", "enter")
        assert asked == [47]


async def test_without_a_crosshair_an_arrow_brings_it():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(50)
        await seen.press("5", "left")
        assert crosshair(seen) == 50
        await seen.press("c")
        assert crosshair(seen) is None


async def test_without_a_curve_the_crosshair_says_what_it_needs():
    async with opened("blog", (160, 45)) as seen:
        await seen.press("5", "v", "v", "c")
        assert "the crosshair needs a curve" in seen.info
        await seen.press("plus", "minus", "0", "m", "v", "v", "y", "h", "L", "enter", "escape")
        assert "curve appears here" in seen.text


async def test_zooming_shows_fewer_epochs_and_panning_moves_them():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(1000)
        await seen.press("5", "+")
        assert pane(seen)._chart.frame.epochs == (500, 1000)
        assert note(seen) == "loss · linear axis · following"
        await seen.press("h")
        assert pane(seen)._chart.frame.epochs == (475, 975)
        assert note(seen) == "loss · linear axis · zoomed"
        await seen.press("H", "right")
        assert pane(seen)._chart.frame.epochs == (250, 750)
        await seen.press("-")
        assert pane(seen)._chart.frame.epochs == (0, 1000)
        await seen.press("+", "+", "0")
        assert pane(seen)._chart.frame.epochs == (0, 1000)


async def test_zoomed_to_the_latest_epochs_it_follows_the_run():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(1000)
        await seen.press("5", "+", "+")
        await seen.train(600)
        first, last = pane(seen)._chart.frame.epochs
        assert last - first == 250
        assert first < 1600 <= last


async def test_smoothing_goes_from_none_to_more_and_back():
    async with opened("spiral", (160, 45), "data.samples=60") as seen:
        await seen.train(60)
        await seen.press("5")
        said = []
        for _ in range(4):
            await seen.press("m")
            said.append(note(seen))
        assert said == [
            "loss · linear axis · striped where curves meet · smoothed over 1 epoch",
            "loss · linear axis · striped where curves meet · smoothed over 1.8 epochs",
            "loss · linear axis · striped where curves meet · smoothed over 6 epochs",
            "loss · linear axis · striped where curves meet",
        ]


async def test_the_log_key_switches_the_axis_and_back_to_automatic():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(50)
        await seen.press("5", "y")
        assert note(seen) == "loss · log axis"
        assert pane(seen)._view.log is True
        await seen.press("y")
        assert note(seen) == "loss · linear axis"
        assert pane(seen)._view.log is None


async def test_the_views_cycle_and_keep_the_crosshair():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(40)
        await seen.train(10)
        await seen.press("5", "c", "H", "v")
        assert note(seen) == "accuracy · linear axis"
        await seen.press("v")
        assert note(seen) == "gradient norm · full batch · linear axis"
        await seen.press("v")
        assert "landscape" in seen.text
        await seen.press("v")
        assert note(seen) == "loss · linear axis"
        assert crosshair(seen) == 40


async def test_after_a_restart_the_crosshair_is_gone_and_the_new_run_is_in_sight():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(1000)
        await seen.press("5", "c", "+", "+", "H", "R")
        await seen.train(20)
        assert crosshair(seen) is None
        assert pane(seen)._chart.frame.epochs == (0, 20)


async def test_a_click_on_the_curves_puts_the_crosshair_there():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(50)
        loss = pane(seen)
        frame = loss._chart.frame
        column = frame.column(20)
        await seen.pilot.click(LossPane, offset=(1 + frame.left + column, 1 + frame.top + 2))
        await seen.pilot.pause()
        assert seen.app.focused is loss
        assert abs(crosshair(seen) - 20) <= 1
        await seen.press("escape")
        await seen.pilot.click(LossPane, offset=(3, 1 + frame.top + 2))
        await seen.pilot.pause()
        assert crosshair(seen) is None


@pytest.mark.parametrize("size", [(200, 60), (80, 24), (60, 18), (40, 12), (20, 8), (20, 5)])
async def test_every_key_works_at_every_size(size):
    async with opened("spiral", size, "data.samples=40") as seen:
        await seen.train(30)
        seen.app.snapshot = replace(seen.app.snapshot, ahead=seen.app.snapshot.losses)
        await seen.press("5", *"cyhmH+lv-vm0vcLm", "escape")
        assert seen.cells() == seen.painted_anew()


async def test_at_a_slow_pace_all_panes_show_the_epoch_of_the_status_line():
    async with opened("blog", (160, 45)) as seen:
        await seen.press("5")
        app, trainer = seen.app, seen.app.session.trainer
        assert app.snapshot.recipe.view.pace == 10
        app.session.running = True
        for epoch in range(1, 8):
            trainer.run_epochs(1)
            app.snapshot = app.session.timeline.snapshot()
            app.query_one("#status").repaint()
            await seen.pilot.pause()
            loss = f"{app.snapshot.train_loss:.6f}"
            assert f"epoch {epoch}/" in seen.lines[0] and loss in seen.lines[0]
            weight = f"{app.snapshot.weights['W0'][0, 0]:+.3f}"
            shown = (f"train {loss}", weight)  # a busy machine may draw them a moment later
            await until(lambda shown=shown: all(part in seen.text for part in shown))
        app.session.running = False


async def test_the_crosshair_shows_its_epoch_in_a_small_window_too():
    async with opened("iris", (80, 24)) as seen:
        await seen.train(3)
        await seen.press("5", "c", "h")
        assert "at epoch 2 " in seen.text
        assert "enter go to epoch" in seen.lines[-1]
        losses = seen.app.snapshot.losses
        assert f"train {losses.train_low[2]:.6f}" in seen.text
        assert f"test {losses.test_low[2]:.6f}" in seen.text
