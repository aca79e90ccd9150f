"""Killed outright in the middle of training: the run is offered, and goes on to the last bit."""

import signal

from tests.terminal.coming_back import (
    SHUFFLED,
    accept,
    is_as_if_nothing_had_been,
    train_a_while,
    train_to_the_end,
)
from tests.terminal.harness import Terminal


def test_killed_and_started_again_it_ends_where_it_would_have(tmp_path):
    env = {"NN_TUI_STATE_DIR": str(tmp_path), "TMPDIR": str(tmp_path)}
    with Terminal(120, 36, SHUFFLED, env=env) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        seen = train_a_while(terminal)
        terminal.send_signal(signal.SIGKILL)
        terminal.process.wait()
    with Terminal(120, 36, env=env) as terminal:
        assert accept(terminal) >= seen - 1000  # a second's worth, at a thousand a second
        train_to_the_end(terminal)
        assert terminal.wait_exit() == 0
    is_as_if_nothing_had_been(tmp_path)


def test_refused_it_stays_where_it_is_kept(tmp_path):
    env = {"NN_TUI_STATE_DIR": str(tmp_path), "TMPDIR": str(tmp_path)}
    with Terminal(100, 30, SHUFFLED, env=env) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        train_a_while(terminal)
        terminal.hang_up()
        terminal.wait_end()
    with Terminal(100, 30, env=env) as terminal:
        terminal.wait_for("An unfinished run")
        terminal.press("escape")
        terminal.wait_gone("An unfinished run")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    with Terminal(100, 30, env=env) as terminal:
        accept(terminal)
