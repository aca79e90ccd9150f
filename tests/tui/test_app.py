"""What keys do, at the sizes of the design; nothing runs here, all is stepped."""

import asyncio

import numpy as np
import pytest
from textual.color import Color
from textual.widgets import Input

from nn_tui.recipe.presets import PRESETS
from nn_tui.tui.appearance import Appearance
from nn_tui.tui.pane_layout import PANES
from nn_tui.tui.screens.help import HelpScreen
from nn_tui.tui.terminal.terminal_app import TerminalApp
from nn_tui.tui.widgets.message_lines import InfoLine, StatusLine
from tests.tui.screen import opened

SIZES = {
    (160, 45): {*PANES},
    (120, 36): {*PANES},
    (80, 24): {"hyperparameters", "network", "loss"},
    (59, 17): {"hyperparameters"},
    (20, 5): {"hyperparameters"},
    (19, 4): set(),
}
at_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
MIDDLE, SMALL = (120, 36), (80, 24)


def start_weights(seen):
    return seen.app.snapshot.weights["W0"].tolist()


async def move_to(seen, key):
    """Put the cursor of the hyperparameter pane on a field."""
    await seen.press("2")
    pane = seen.app.query_one("#hyperparameters")
    pane.stand_on(key)
    await seen.settled()
    assert pane.field.key == key


# The start


@at_every_size
async def test_it_opens_with_epoch_loss_and_the_panes_there_is_room_for(size):
    async with opened("blog", size) as seen:
        assert seen.panes == SIZES[size]
        assert "0.109859" in seen.lines[0]
        assert "epoch 0" in seen.lines[0] or size[0] < 26
        assert seen.cells() == seen.painted_anew()
        for name in SIZES[size]:
            pane = seen.app.query_one(f"#{name}")
            inside = [
                line[pane.content_region.x : pane.content_region.right] for line in seen.lines
            ]
            inside = inside[pane.content_region.y : pane.content_region.bottom]
            assert any(line.strip() for line in inside), name


async def test_the_first_message_names_the_most_important_keys():
    async with opened() as seen:
        assert seen.info == "space trains, s one epoch, ? helps, q saves and quits"
        assert seen.info in seen.text


async def test_the_footer_names_the_most_important_keys_even_at_80_columns():
    async with opened("blog", (80, 24)) as seen:
        for key in ("space run", "s epoch", "x explain", "enter edit", "? help", "q quit"):
            assert key in seen.lines[-1]


# Training


@pytest.mark.parametrize("size", [*SIZES][:3], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_stepping_moves_the_counter_and_every_pane(size):
    async with opened("blog", size) as seen:
        await seen.press("s")
        before = {name: draw(seen, name) for name in seen.panes}
        await seen.press("S")
        assert "epoch 11" in seen.lines[0]
        for name in seen.panes - {"hyperparameters"}:
            assert draw(seen, name) != before[name], name
        assert seen.cells() == seen.painted_anew()


def draw(seen, name):
    pane = seen.app.query_one(f"#{name}")
    pane.lay_out(*pane.content_size)
    return [[*strip] for strip in pane.draw(*pane.content_size)]


async def test_what_it_trains_is_what_the_blog_trains():
    x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    y = np.array([[0, 0, 1, 1]]).T
    rng = np.random.RandomState(1)
    w0, w1 = 2 * rng.random_sample((3, 4)) - 1, 2 * rng.random_sample((4, 1)) - 1
    for _ in range(50):
        l1 = 1 / (1 + np.exp(-(x @ w0)))
        l2 = 1 / (1 + np.exp(-(l1 @ w1)))
        l2_delta = (y - l2) * (l2 * (1 - l2))
        l1_delta = l2_delta @ w1.T * (l1 * (1 - l1))
        w1 += l1.T @ l2_delta
        w0 += x.T @ l1_delta
    async with opened() as seen:
        await seen.press(*"SSSSS")
        for row in w0:
            for weight in row:
                assert f"{weight:+.3f}" in seen.text
        predictions = 1 / (1 + np.exp(-(1 / (1 + np.exp(-(x @ w0))) @ w1)))
        for value in predictions[:, 0]:
            assert f"{value:.3f}" in seen.text


# Hyperparameters


async def test_the_learning_rate_is_typed():
    async with opened("blog", MIDDLE) as seen:
        await seen.press("S", "2", "enter")
        assert "allowed: a number above 0" in seen.info
        await seen.type("0.25")
        assert seen.app.session.recipe.training.learning_rate == 0.25
        assert seen.info == "learning rate is 0.25"
        assert "sgd 0.25" in seen.lines[0]
        assert "epoch 10" in seen.lines[0]


async def test_escape_leaves_the_value_as_it_was():
    async with opened() as seen:
        await seen.press("enter", "7", "escape")
        assert seen.app.session.recipe.training.learning_rate == 1.0
        assert isinstance(seen.app.focused, type(seen.app.query_one("#hyperparameters")))
        assert not seen.app.query_one("#hyperparameters ValueInput", Input).display


async def test_halving_and_doubling_from_any_pane():
    async with opened() as seen:
        for pane in "1345":
            await seen.press(pane, "left_square_bracket")
        assert seen.app.session.recipe.training.learning_rate == 1 / 16
        await seen.press("right_square_bracket", "right_square_bracket")
        assert seen.app.session.recipe.training.learning_rate == 1 / 4


async def test_brackets_pressed_at_once_all_count():
    async with opened() as seen:
        for _ in range(4):
            seen.app.action_scale(0.5)
        await seen.settled()
        assert seen.app.session.recipe.training.learning_rate == 1 / 16


async def test_steps_pressed_at_once_all_count():
    async with opened() as seen:
        await move_to(seen, "network.seed")
        for _ in range(4):
            seen.app.query_one("#hyperparameters").action_step(1)
            await seen.pilot.pause(0)
        await seen.settled()
        assert seen.app.session.recipe.network.seed == 5


async def test_brackets_change_the_number_under_the_cursor():
    async with opened() as seen:
        await move_to(seen, "training.epochs")
        await seen.press("right_square_bracket")
        assert seen.app.session.recipe.training.epochs == 100
        assert seen.app.session.recipe.training.learning_rate == 1.0


async def test_hidden_layers_are_typed():
    async with opened("blog", MIDDLE) as seen:
        await seen.press("S")
        await move_to(seen, "network.hidden")
        await seen.press("enter")
        await seen.type("5,3")
        assert seen.app.snapshot.network.sizes == (3, 5, 3, 1)
        assert seen.info == "hidden layers is 5, 3: restarted; u undoes it"
        assert "3-5-3-1" in seen.lines[0]
        assert "epoch 0" in seen.lines[0]
        assert seen.cells() == seen.painted_anew()


async def test_the_activation_is_chosen_from_a_list():
    async with opened("blog", MIDDLE) as seen:
        await move_to(seen, "network.activation")
        await seen.press("enter")
        await seen.pilot.pause()
        assert "tanh" in seen.text
        await seen.press(*"tanh")
        await seen.pilot.pause(0.3)  # the list is searched a moment after the last key
        await seen.press("enter")
        assert seen.app.snapshot.network.activation == "tanh"
        assert seen.cells() == seen.painted_anew()


async def test_arrows_step_through_choices_numbers_and_flags():
    async with opened() as seen:
        await move_to(seen, "network.activation")
        await seen.press("right")
        assert seen.app.snapshot.network.activation == "tanh"
        await seen.press("left", "h")
        assert seen.app.snapshot.network.activation == "linear"
        await move_to(seen, "network.bias")
        await seen.press("enter")
        assert seen.app.snapshot.network.bias
        await move_to(seen, "training.batch_size")
        await seen.press("l", "l")
        assert seen.app.session.recipe.training.batch_size == 2


@pytest.mark.parametrize(
    ("key", "text", "allowed"),
    [
        ("training.learning_rate", "abc", "it must be a number above 0"),
        ("training.learning_rate", "-1", "it must be a number above 0"),
        ("training.learning_rate", "1e400", "it must be a number above 0"),
        ("network.hidden", "4,,2", "it must be comma-separated layer sizes"),
        ("data.source", "nowhere", "nowhere"),
    ],
)
async def test_a_wrong_value_leaves_the_last_good_one_and_says_why(key, text, allowed):
    async with opened() as seen:
        await seen.press("S")
        before = seen.app.session.recipe
        await move_to(seen, key)
        await seen.press("enter")
        await seen.type(text)
        assert key in seen.info
        assert allowed in seen.info
        assert seen.app.session.recipe == before
        assert seen.app.snapshot.epoch == 10
        await seen.press("escape", "s")
        assert seen.app.snapshot.epoch == 11


async def test_a_refused_value_stays_in_the_editor():
    async with opened() as seen:
        await seen.press("enter")
        await seen.type("0.x5")
        editor = seen.app.query_one("#hyperparameters ValueInput", Input)
        assert seen.app.focused is editor
        assert editor.value == "0.x5"
        assert "is not allowed" in seen.info
        await seen.press("left", "backspace", "enter")
        assert seen.app.focused.id == "hyperparameters"
        assert seen.app.session.recipe.training.learning_rate == 0.5


async def test_no_message_moves_the_panes():
    async with opened("blog", (80, 24)) as seen:
        before = {pane.id: pane.region for pane in seen.app.query("Pane")}
        for sentence, bad in (("word " * 60, True), ("word " * 30, False), ("a word", False)):
            seen.app.show_message(sentence, bad)
            await seen.pilot.pause()
            lines = seen.lines[-2 if sentence == "a word" else -3 : -1]
            assert all("word" in line for line in lines)
            assert {pane.id: pane.region for pane in seen.app.query("Pane")} == before
            assert "quit" in seen.lines[-1]
            assert seen.cells() == seen.painted_anew()


@pytest.mark.parametrize(
    ("key", "told"), [("]", "learning rate is 2"), ("[", "learning rate is 0.5")]
)
async def test_a_change_after_the_last_epoch_names_the_epoch_from_which_it_applies(key, told):
    async with opened() as seen:
        await seen.train(49)
        await seen.press(key)
        assert seen.info == told
        await seen.press(key, "s", key)
        assert seen.info.endswith(" from epoch 51 on; space continues")


async def test_the_tooltip_has_the_whole_message():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("enter")
        await seen.type("-1")
        assert seen.app.query_one("#info").tooltip == seen.info


async def test_typing_a_value_runs_no_commands():
    async with opened() as seen:
        await move_to(seen, "data.source")
        await seen.press("enter")
        await seen.type("circle")  # c, i, r, l and e are keys too, and q would be
        assert seen.app.snapshot.dataset.name == "circle"
        assert seen.app.snapshot.network.sizes == (2, 4, 1)


async def test_pace_changes_in_steps_up_to_full_speed():
    async with opened() as seen:
        met = []
        for key in ["full_stop"] * 5 + ["comma"] * 7:
            await seen.press(key)
            met.append(seen.app.session.recipe.view.pace)
        assert met == [30, 100, 1000, 0, 0, 1000, 100, 30, 10, 3, 1, 1]
        assert seen.info == "pace: 1 epoch per second"


# Beginning again


async def test_restart_has_the_same_weights_and_new_weights_are_others():
    async with opened("blog", MIDDLE) as seen:
        start = start_weights(seen)
        await seen.press("S", "left_square_bracket", "R")
        assert start_weights(seen) == start
        assert "epoch 0" in seen.lines[0]
        assert seen.app.session.recipe.training.learning_rate == 0.5
        await seen.press("S", "N")
        assert start_weights(seen) != start
        assert "epoch 0" in seen.lines[0]
        other = start_weights(seen)
        await seen.press("R")
        assert start_weights(seen) == other


@pytest.mark.parametrize("name", ["circle", "blog-xor"])
async def test_another_experiment_opens_from_the_list(name):
    async with opened("blog", (100, 30)) as seen:
        await seen.press("o")
        await seen.pilot.pause()
        assert next(iter(PRESETS.values())).help in seen.text
        await seen.press(*name)
        await seen.pilot.pause(0.3)
        await seen.press("enter")
        assert seen.app.session.name == name
        assert seen.app.session.recipe == PRESETS[name].recipe
        assert name in seen.lines[0]
        assert "epoch 0" in seen.lines[0]
        await seen.press("s")
        assert seen.app.snapshot.epoch == 1
        assert seen.cells() == seen.painted_anew()


# Panes


async def test_numbers_and_tab_focus_panes_and_show_them():
    async with opened("blog", MIDDLE) as seen:
        for number, name in enumerate(PANES, 1):
            await seen.press(str(number))
            assert seen.app.focused.id == name
            assert name in seen.panes
            assert seen.cells() == seen.painted_anew()
        met = []
        for key in ("tab",) * 5 + ("shift+tab",) * 5:
            await seen.press(key)
            met.append(seen.app.focused.id)
        assert met == [*PANES, *PANES[3::-1], "loss"]


async def test_a_zoomed_pane_has_the_window():
    async with opened("blog", SMALL) as seen:
        for number, name in enumerate(PANES, 1):
            await seen.press(str(number))
            before = seen.panes
            await seen.press("z")
            assert seen.panes == {name} == {seen.app.focused.id}
            assert seen.app.focused.region.size == (80, 21)
            assert seen.cells() == seen.painted_anew()
            await seen.press("z")
            assert seen.panes == before
        await seen.press("z", "1")
        assert seen.panes == {"data"}
        await seen.press("escape")
        assert seen.panes == {"data", "weights", "loss"} or len(seen.panes) == 3
        assert seen.cells() == seen.painted_anew()


async def test_a_pane_keeps_the_focus_in_a_window_that_is_too_small():
    async with opened("blog", (80, 24)) as seen:
        for number, name in (("1", "data"), ("4", "network")):
            await seen.press(number)
            for size in ((19, 4), (50, 12), (1, 1), SMALL):
                await seen.resize(*size)
                if size[0] >= 20:
                    assert seen.app.focused.id == name
                    assert name in seen.panes


async def test_the_focused_pane_stays_visible_when_the_window_shrinks():
    async with opened("blog", (160, 45)) as seen:
        await seen.press("2", "shift+tab")
        assert seen.app.focused.id == "data"
        for size, panes in SIZES.items():
            await seen.resize(*size)
            assert len(seen.panes) == len(panes)
            if panes:
                assert "data" in seen.panes
                assert seen.app.focused.id == "data"


async def test_the_loss_axis_and_the_views_of_a_small_experiment():
    async with opened("circle", (160, 45), "data.samples=60") as seen:
        await seen.press("S", "5")
        linear = draw(seen, "loss")
        await seen.press("y")
        assert draw(seen, "loss") != linear
        assert "log axis" in seen.text
        assert "diagram" in seen.text
        assert "l1.1" in "".join(line[103:] for line in seen.lines)
        await seen.press("4", "v")
        assert "decision boundary" in seen.text
        await seen.press("v", "v")
        assert "decision boundary" not in seen.text
        assert seen.cells() == seen.painted_anew()


async def test_long_tables_and_matrices_scroll():
    async with opened("circle", (120, 36), "network.hidden=8,8,8,8,8,8,8") as seen:
        await seen.press("1", "end")
        assert " 500t" in seen.text
        await seen.press("home", "down", "j", "k")
        assert seen.app.chosen_sample == 1
        await seen.press("3")
        top = draw(seen, "weights")
        assert "▾ W" in seen.text
        await seen.press(*["pagedown", "down"] * 6)
        assert "▴ W0" in seen.text
        await seen.press(*["pageup", "up"] * 9)
        assert draw(seen, "weights") == top


async def test_a_click_focuses_a_pane_and_selects_a_row():
    async with opened() as seen:
        await seen.pilot.click("#weights", offset=(5, 5))
        assert seen.app.focused.id == "weights"
        pane = seen.app.query_one("#hyperparameters")
        row = next(y for y, line in enumerate(seen.lines) if "hidden layers" in line)
        await seen.pilot.click("#hyperparameters", offset=(4, row - pane.region.y))
        assert seen.app.focused is pane
        assert pane.field.key == "network.hidden"
        assert "network.hidden" in seen.info


async def test_every_binding_has_a_name_of_its_own():
    async with opened() as seen:
        names = {}
        for node in (seen.app, *seen.app.query("Pane")):
            for binding in node.BINDINGS:
                known = names.setdefault(binding.id, (node, binding.key))
                assert not binding.id or known == (node, binding.key), binding
        assert None not in {b.id for b in (*seen.app.BINDINGS, *seen.app.focused.BINDINGS)}


# Help, palette, colours


async def test_help_lists_every_key_and_closes():
    async with opened("blog", MIDDLE) as seen:
        await seen.press("3", "question_mark")
        assert isinstance(seen.app.screen, HelpScreen)
        assert "blue" in seen.text.lower()
        told = str(seen.app.screen.query_one("ScrolledText").content)
        for key in ("space", "s", "S", ",", ".", "[", "]", "R", "N", "o", "?", "q", "ctrl+c", "z"):
            assert any(line.split()[:1] == [key] for line in told.splitlines()), key
        for key in ("escape", "q", "question_mark"):
            await seen.press(key)
            assert not isinstance(seen.app.screen, HelpScreen)
            await seen.press("question_mark")
        await seen.press("escape")
        assert seen.cells() == seen.painted_anew()


async def test_changes_behind_the_help_are_visible_when_it_closes():
    async with opened() as seen:
        await seen.press("question_mark")
        await seen.train(50)
        await seen.press("escape")
        assert "epoch 50" in seen.lines[0]
        assert seen.cells() == seen.painted_anew()


async def test_every_key_is_in_the_palette_too():
    async with opened() as seen:
        titles = {c.title.lower() for c in seen.app.get_system_commands(seen.app.screen)}
        for binding in seen.app.BINDINGS:
            assert (binding.tooltip or binding.description).lower() in titles


@pytest.mark.parametrize(
    ("first", "theme"),
    [
        ("nn-dark", "nn-light"),
        ("nn-dark", "ansi-dark"),
        ("nn-dark", "ansi-light"),
        ("nn-dark", "textual-dark"),
        ("textual-dark", "nn-light"),  # it is the first before any is asked for
    ],
)
async def test_another_theme_recolours_everything(first, theme):
    async with opened(appearance=Appearance(first)) as seen:
        await seen.press("S")
        before = seen.cells()
        seen.app.theme = theme
        await seen.pilot.pause()
        await seen.pilot.pause()
        assert seen.cells() != before
        assert seen.cells() == seen.painted_anew()
        surface = seen.app.get_css_variables()["surface"]
        assert seen.app.query_one("#loss").styles.background == Color.parse(surface)
        left = seen.app.query_one("#network").region.x  # its maps have glyphs of their own
        assert _texts(seen.cells(), left) == _texts(before, left)


def _texts(cells, left):
    """The text of the panes up to a column, without the chart's grid lines: ansi has none."""
    return [[c.text.replace("┈", " ") for c in row[:left]] for row in cells][1:30]


@pytest.mark.parametrize(("link", "frames"), [(None, 15), ("192.0.2.1 5 192.0.2.2 22", 10)])
async def test_over_ssh_there_are_fewer_frames_per_second(link, frames, monkeypatch):
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    if link:
        monkeypatch.setenv("SSH_CONNECTION", link)
    async with opened() as seen:
        assert seen.app.session.slices.frame_seconds == 1 / frames


# Leaving and failing


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_it_leaves_with_exit_code_0(key):
    async with opened() as seen:
        await seen.pilot.press(key)
        assert seen.app.return_code == 0
        assert seen.app.return_value == 0


@pytest.mark.parametrize("key", ["q", "ctrl+z"])
async def test_the_last_answer_is_awaited_before_suspending(key, monkeypatch):
    left = []
    async with opened() as seen:
        link = seen.app.flow_control

        def leave(*_):
            left.append(link.asks or link.awaits_answer)

        monkeypatch.setattr(TerminalApp, "action_suspend_process", leave)
        monkeypatch.setattr(type(seen.app), "exit", leave)
        link.asked()
        asyncio.get_running_loop().call_later(0.05, link.answered)
        await seen.pilot.press(key)
        while not left:
            await asyncio.sleep(0.01)
        monkeypatch.undo()
        assert left == [False]
        seen.app.terminal_resumed()
        assert link.asks


async def test_a_snapshot_after_the_exit_does_no_harm():
    async with opened() as seen:
        seen.app.discard_input()
        await seen.app.query_one(StatusLine).remove()
        await seen.app.query_one(InfoLine).remove()
        await seen.train(1)
        assert seen.app.session.trainer.epoch == 1
        assert seen.app._exception is None


@pytest.mark.parametrize("before", ["question_mark", "enter", "o", "ctrl+p"])
async def test_ctrl_c_leaves_from_anywhere(before):
    async with opened() as seen:
        await seen.press(before)
        await seen.pilot.press("ctrl+c")
        assert seen.app.return_value == 0
