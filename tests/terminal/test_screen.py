"""The program on a real terminal, used as a person uses it."""

import re
import sys

import pytest

from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.presets import PRESETS
from nn_tui.tui.drawing.hyperparameter_rows import ListView, recipe_rows
from tests.terminal.harness import PANE_TITLES, Terminal

SIZES = {
    (160, 45): {*PANE_TITLES},
    (120, 36): {*PANE_TITLES},
    (80, 24): {"2 Hyperparameters", "4 Network", "5 Loss"},
}


@pytest.fixture
def start(tmp_path):
    """Opens terminals with the program in them; a crash file fails the test."""
    open_ones = []

    def opened(columns, rows, *words, ready=True, **options):
        folders = dict.fromkeys(("TMPDIR", "HOME", "NN_TUI_STATE_DIR"), str(tmp_path))
        options["env"] = {**folders, **options.get("env", {})}
        terminal = Terminal(columns, rows, words, cwd=tmp_path, **options)
        open_ones.append(terminal)
        if ready:
            terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        return terminal

    yield opened
    for terminal in open_ones:
        terminal.close()
        assert b"Traceback" not in terminal.received
    assert [crash.read_text() for crash in tmp_path.rglob("nn-tui-crash-*")] == []


def weights(terminal):
    """The numbers of W0 on the screen; where they are not visible, the rows of the diagram."""
    numbers = re.findall(r"[+-]\d\.\d{3}", "\n".join(terminal.pane("3 Weights")[2:]))[:12]
    return numbers or terminal.pane("4 Network")


def loss(terminal):
    return terminal.find(r"loss ([\d.e+-]+)")


def type_value(terminal, text):
    """Type into the field under the cursor, in place of what is there."""
    terminal.press("enter")
    terminal.wait_for("allowed: ")
    terminal.type(text)
    terminal.press("enter")


def go_to(terminal, key):
    """Put the cursor of the hyperparameter pane on a field outside of the groups."""
    rows = [row.key for row in recipe_rows(PRESETS["blog"].recipe, ListView())]
    terminal.press("2", "home", *["down"] * rows.index(key))
    about = re.compile(rf" {key}\W|: {re.escape(FIELDS[key].help)}")
    terminal.wait_for(lambda t: about.search(t.lines[-2]))


# The whole way, at each size


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_an_experiment_from_start_to_quit(start, size):
    terminal = start(*size)
    terminal.wait_for(lambda t: t.panes() == SIZES[size] and len(weights(t)) >= 10)
    assert terminal.modes_on >= {"alternate screen", "cursor hidden"}
    first, first_loss = weights(terminal), loss(terminal)
    shown = {title: terminal.pane(title) for title in terminal.panes()}

    # Running: the counter moves, and so do weights, data and the loss.
    terminal.press("space")
    terminal.wait_for("running")
    terminal.wait_for(lambda t: t.epoch > 2)
    terminal.press(".", ".")
    if size[0] > 80:  # there is no room for the speed
        terminal.wait_for("100/s")
    terminal.wait_for("Finished 50 epochs; space continues for 50 more")
    terminal.wait_for(lambda t: t.epoch == 50 and "done" in t.lines[0])
    assert weights(terminal) != first
    assert float(loss(terminal)) < float(first_loss) / 5
    for title in SIZES[size] - {"2 Hyperparameters"}:
        assert terminal.pane(title) != shown[title], title
    terminal.press("space")
    terminal.wait_for("Finished 100 epochs")
    terminal.wait_for(lambda t: t.epoch == 100)

    # The learning rate, typed and by brackets.
    type_value(terminal, "0.5")
    terminal.wait_for("learning rate is 0.5")
    terminal.press("[")
    terminal.wait_for("learning rate is 0.25")
    terminal.press("]", "]")
    terminal.wait_for("learning rate is 1")
    assert terminal.epoch == 100

    # Values that cannot be: the last good one stays, and a sentence says why.
    for wrong in ("abc", "-1", "1e400"):
        type_value(terminal, wrong)
        terminal.wait_for(f"training.learning_rate = {wrong} is not allowed")
        terminal.wait_for("a number above 0")
        terminal.press("escape")  # out of the editor, where it stays to be mended
        terminal.wait_gone("esc leave")
        terminal.wait_for(
            lambda t: any("learning rate" in line and " 1 " in line for line in t.lines)
        )

    # Restart with the same weights; with others.
    terminal.press("R")
    terminal.wait_for(lambda t: t.epoch == 0 and weights(t) == first)
    terminal.press("N")
    terminal.wait_for(lambda t: t.epoch == 0 and weights(t) != first and len(weights(t)) >= 10)

    # Another network.
    go_to(terminal, "network.activation")
    terminal.press("enter")
    terminal.wait_for("leaky_relu")
    terminal.type("tanh")
    terminal.wait_gone("leaky_relu")
    terminal.press("enter")
    terminal.wait_for("activation is tanh: restarted")
    terminal.wait_for("tanh ·" if size[0] > 80 else "‹tanh›")
    go_to(terminal, "network.hidden")
    type_value(terminal, "5,3")
    terminal.wait_for("hidden layers is 5, 3: restarted")
    terminal.wait_for("3-5-3-1")
    type_value(terminal, "4,,2")
    terminal.wait_for("network.hidden = 4,,2 is not allowed")
    assert "3-5-3-1" in terminal.text
    terminal.press("escape")
    terminal.wait_gone("esc leave")
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == 1)

    # Zoom, help, another experiment.
    terminal.press("3", "z")
    terminal.wait_for(lambda t: t.panes() == {"3 Weights"})
    terminal.press("z")
    back = {*PANE_TITLES} if size[0] >= 100 else {"3 Weights", "4 Network", "5 Loss"}
    terminal.wait_for(lambda t: t.panes() == back)
    terminal.press("?")
    terminal.wait_for("esc closes")
    terminal.press("escape")
    terminal.wait_gone("esc closes")
    terminal.press("o")
    terminal.wait_for("Presets")
    terminal.type("circle")
    terminal.wait_gone("exclusive or")
    terminal.press("enter")
    terminal.wait_for("circle  2-4-2-1")
    terminal.press("4")
    terminal.wait_for(lambda t: any("●" in line for line in t.pane("4 Network")))

    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.modes_on == set()
    assert not terminal.settings_changed
    assert terminal.after_leaving == ""


# Leaving


@pytest.mark.parametrize("while_", ["paused", "running", "helped", "typing"])
def test_ctrl_c_leaves_at_once_and_the_terminal_is_as_before(start, while_):
    terminal = start(80, 24, "blog-xor", "--set", "training.epochs=0")
    if while_ == "running":
        terminal.press("space")
        terminal.wait_for(lambda t: t.epoch > 100)
    elif while_ == "helped":
        terminal.press("?")
        terminal.wait_for("esc closes")
    elif while_ == "typing":
        terminal.press("enter")
        terminal.wait_for("allowed: ")
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 0
    assert terminal.modes_on == set()
    assert not terminal.settings_changed
    assert ("is saved at epoch" in terminal.after_leaving) == (while_ == "running")


BROKEN = """
import sys
from nn_tui.cli import main
from nn_tui.tui.panes.loss import LossPane

def draw(self, width, height):
    if self.snapshot is not None and self.snapshot.epoch > 0:
        raise ZeroDivisionError("made to fail")
    return []

LossPane.draw = draw
sys.exit(main(sys.argv[1:]))
"""


def test_a_failure_within_leaves_the_terminal_and_says_where_the_details_are(start, tmp_path):
    terminal = start(80, 24, command=(sys.executable, "-c", BROKEN))
    terminal.press("s")
    assert terminal.wait_exit() == 1
    assert terminal.modes_on == set()
    assert not terminal.settings_changed
    assert "internal error, ZeroDivisionError: made to fail" in terminal.after_leaving
    (crash,) = tmp_path.rglob("nn-tui-crash-*")
    report = crash.read_text()
    assert "ZeroDivisionError: made to fail" in report
    assert "is a terminal, 80 x 24" in report and "TERM=xterm-256color" in report
    assert re.search(r"s ago  key s\n.*s ago  action train\n", report)
    crash.unlink()


BROKEN_ONCE = """
import sys
from nn_tui.cli import main
from nn_tui.training.trainer import Trainer

real, failures = Trainer.run_for, iter([1])

def run_for(trainer, *words):
    real(trainer, *words)
    for _ in failures:
        raise ZeroDivisionError("made to fail")

Trainer.run_for = run_for
sys.exit(main(sys.argv[1:]))
"""


def test_training_that_fails_leaves_the_screen_and_space_starts_it_again(start, tmp_path):
    terminal = start(80, 24, command=(sys.executable, "-c", BROKEN_ONCE))
    terminal.press("s")
    terminal.wait_for("internal error, ZeroDivisionError: training stopped; space")
    (crash,) = tmp_path.rglob("nn-tui-crash-*")
    report = crash.read_text()
    assert "ZeroDivisionError: made to fail" in report and "action train" in report
    terminal.press("space")
    terminal.wait_gone("internal error")
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == 1)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    crash.unlink()


# While it trains flat out


def test_a_key_shows_its_effect_while_it_trains_flat_out(start):
    terminal = start(120, 36, "blog-xor", "--set", "training.epochs=0", "--set", "view.pace=0")
    terminal.press("space")
    terminal.wait_for(lambda t: t.epoch > 1000)
    terminal.press("?")
    terminal.wait_for("esc closes")
    terminal.press("escape")
    terminal.wait_gone("esc closes")
    for number, title in (("4", "4 Network"), ("3", "3 Weights")):
        terminal.press(number)
        terminal.wait_for(lambda t, title=title: title in t.panes())
    epoch = terminal.epoch
    terminal.press("[")
    terminal.wait_for("learning rate is 0.5")
    terminal.wait_for(lambda t: t.epoch > epoch)
    terminal.press("space")
    terminal.wait_for("paused")
    stopped = terminal.epoch
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == stopped + 1)
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_large_network_answers_and_leaves_too(start):
    large = ("--set", "network.hidden=500,500", "--set", "data.samples=5000")
    terminal = start(80, 24, "circle", *large, "--set", "training.epochs=0")
    terminal.press("space")
    terminal.wait_for("running")
    terminal.press("?")
    terminal.wait_for("esc closes")
    terminal.press("escape")
    terminal.wait_gone("esc closes")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_run_that_blows_up_says_so_and_stays_open(start):
    linear = ("network.activation=linear", "network.output=linear", "training.learning_rate=20")
    terminal = start(120, 36, *(word for setting in linear for word in ("--set", setting)))
    terminal.press("space")
    terminal.wait_for("diverged")
    terminal.wait_for("[ goes back to the best epoch")
    terminal.press("R")
    terminal.wait_for(lambda t: t.epoch == 0 and "ready" in t.lines[0])


# The window


def test_it_follows_the_windows_size(start):
    terminal = start(160, 45)
    for size in ((80, 24), (120, 36), (59, 17), (160, 45)):
        terminal.resize(*size)
        panes = SIZES.get(size, {"2 Hyperparameters"})
        terminal.wait_for(lambda t, panes=panes: t.panes() == panes and "epoch 0" in t.lines[0])
    terminal.resize(25, 3)
    terminal.wait_for(lambda t: t.panes() == set() and "0 loss 0.109859" in t.lines[0])
    terminal.resize(80, 24)
    terminal.wait_for(lambda t: t.panes() == SIZES[80, 24])
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == 1)


def test_a_smaller_window_gets_no_row_that_it_does_not_have(start):
    terminal = start(60, 18)
    terminal.press("4")
    terminal.wait_for("arrows choose a unit")
    terminal.resize(30, 8)
    terminal.wait_for(lambda t: "? help  q quit" in t.lines[-1])
    sent = len(terminal.received)  # what was on its way before that may have had more rows
    terminal.press("v", "v")
    terminal.look_for(0.5)
    rows = re.findall(rb"\x1b\[(\d+)(?:;\d+)?H", terminal.received[sent:])
    assert {int(row) for row in rows} <= {*range(1, 9)}
    assert terminal.lines[-1].rstrip().endswith("? help  q quit")


def test_a_click_goes_to_a_pane(start):
    terminal = start(80, 24)
    x, y = 60, next(y for y, line in enumerate(terminal.lines) if "5 Loss" in line) + 3
    terminal.type(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")
    terminal.wait_for("┍━ 5 Loss ━")  # the heavy edge of the focus


def test_over_a_link_that_may_drop_the_keyboard_stays_in_its_plain_mode(start):
    terminal = start(80, 24, env={"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"})
    assert "keyboard protocol" not in terminal.modes_on
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.modes_on == set()


@pytest.mark.parametrize(
    "env", [{"TERM": "xterm", "COLORTERM": ""}, {"NO_COLOR": "1"}], ids=["16 colours", "no colour"]
)
def test_it_is_legible_on_terminals_of_few_colours(start, env):
    terminal = start(120, 36, env=env)
    terminal.press("S")
    terminal.wait_for(lambda t: t.epoch == 10)
    terminal.wait_for(lambda t: len(weights(t)) >= 10)
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_file_with_a_column_that_cannot_be_used_is_asked_about(start, run_cli, tmp_path):
    rows = "".join(f"{i},{i % 7},{i % 5}\n" for i in range(60))
    (tmp_path / "odd.csv").write_text(f"a,b,y\n{rows}tall,1,2\n")
    terminal = start(80, 24, "odd.csv", ready=False)
    terminal.wait_for("leave the column out")
    terminal.press("enter")
    terminal.wait_for(lambda t: re.search(r"odd.csv +1-", t.lines[0]))
    done = run_cli("odd.csv")
    assert (done.returncode, done.stdout) == (3, "")
    assert "'tall' is not a number" in done.stderr
