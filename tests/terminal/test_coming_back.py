"""Killed outright in the middle of training: the run is offered, and goes on to the last bit."""

import re
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


def test_a_persons_file_may_go_and_the_run_is_opened_by_its_id_from_anywhere(tmp_path):
    env = {"NN_TUI_STATE_DIR": str(tmp_path / "state"), "TMPDIR": str(tmp_path)}
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    path = tmp_path / "here" / "mine.csv"
    path.write_text("a,b,y\n1,2,3\n2,1,0\n0,1,1\n")
    rate = ("--set", "training.learning_rate=0.01")
    with Terminal(100, 30, ("mine.csv", *rate), env=env, cwd=path.parent) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("S")
        terminal.wait_for(lambda t: t.epoch == 10)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        run = re.search(r"nn-tui (\S+) continues it", terminal.after_leaving)[1]
    path.unlink()
    with Terminal(100, 30, (run,), env=env, cwd=tmp_path / "there") as terminal:
        terminal.wait_for(lambda t: t.epoch == 10 and "mine" in t.text)
        terminal.press("s")
        terminal.wait_for(lambda t: t.epoch == 11)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert f"saved at epoch 11; nn-tui {run} continues it" in terminal.after_leaving
