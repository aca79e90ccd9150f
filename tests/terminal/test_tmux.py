"""The program in tmux, as many people run it on a server."""

import shutil
import subprocess
import sys
import time

import pytest

from tests.terminal.coming_back import (
    SHUFFLED,
    is_as_if_nothing_had_been,
    train_a_while,
    train_to_the_end,
)
from tests.terminal.harness import PATIENCE, ROOT, Terminal
from tests.terminal.test_leaving import ENDLESS
from tests.terminal.test_monkey import SIZES, whole

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Tmux:
    """A tmux server of the test's own, with one window that runs a shell."""

    def __init__(self, folder, columns, rows):
        self._folder = folder
        self._base = ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]
        self._run("new-session", "-d", "-x", str(columns), "-y", str(rows), "sh")

    def _run(self, *words):
        done = subprocess.run(
            [*self._base, *words], capture_output=True, text=True, timeout=PATIENCE
        )
        return done.stdout

    def start(self, words=""):
        """Run the program in the shell, keeping its runs in the server's folder."""
        program = f"NN_TUI_STATE_DIR='{self._folder}' '{sys.executable}' -m nn_tui {words}"
        self.type(f"cd '{ROOT}' && {program}; echo code $?", "Enter")

    def type(self, *keys):
        self._run("send-keys", *keys)

    @property
    def text(self):
        return self._run("capture-pane", "-p")

    def wait_for(self, wanted):
        until = time.monotonic() + PATIENCE
        while wanted not in self.text:
            assert time.monotonic() < until, f"waiting for {wanted!r}, seeing:\n{self.text}"
            time.sleep(0.05)

    def resize(self, columns, rows):
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    @property
    def lines(self):
        """Padded to one width; tmux leaves out blanks at their ends."""
        lines = self.text.split("\n")
        return [line.ljust(max(map(len, lines))) for line in lines]

    @property
    def digits(self):
        """Whether the first line tells a number."""
        return any(character.isdigit() for character in self.text.split("\n")[0])

    def client(self):
        """The command line of a client that attaches."""
        return (*self._base, "attach-session")

    def close(self):
        self._run("kill-server")


@pytest.fixture(params=[(160, 45), (120, 36), (80, 24)], ids=lambda size: "x".join(map(str, size)))
def tmux(request, tmp_path):
    made = Tmux(tmp_path, *request.param)
    made.start()
    yield made
    made.close()


def test_the_blogs_fifty_epochs_a_change_a_restart_and_the_way_out(tmux):
    tmux.wait_for("epoch 0")
    tmux.type("Space")
    tmux.wait_for("Finished 50 epochs")
    tmux.wait_for("loss 0.012557")
    tmux.type("]")
    tmux.wait_for("learning rate is 2")
    tmux.type("R")
    tmux.wait_for("epoch 0")
    tmux.type("q")
    tmux.wait_for("code 0")
    assert "Loss" not in tmux.text


def test_every_size_while_it_trains(tmp_path):
    server = Tmux(tmp_path, 200, 60)
    try:
        server.start(" ".join(ENDLESS))
        server.wait_for("5 Loss")
        server.type("Space")
        for size, panes in [*SIZES.items(), *reversed(SIZES.items())]:
            server.resize(*size)
            until = time.monotonic() + PATIENCE
            while whole(server.lines) != panes or not server.digits:
                assert time.monotonic() < until, (size, server.text)
                time.sleep(0.05)
        server.type("q")
        server.wait_for("code 0")
    finally:
        server.close()


def test_training_goes_on_while_nobody_is_attached(tmp_path):
    server = Tmux(tmp_path, 120, 36)
    try:
        words = " ".join(ENDLESS)
        server.start(words)
        with Terminal(120, 36, command=server.client()) as terminal:
            terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
            terminal.press("space")
            terminal.wait_for(lambda t: t.epoch > 0)
            epoch = terminal.epoch
            terminal.type("\x02d")
            assert terminal.wait_exit() == 0
            assert terminal.modes_on == set()
        # Killed instead of detached, and from another window than before.
        with Terminal(80, 24, command=server.client()) as terminal:
            terminal.wait_for(lambda t: t.epoch > epoch and "4 Network" in t.panes())
            epoch = terminal.epoch
            terminal.process.kill()
        with Terminal(120, 36, command=server.client()) as terminal:
            terminal.wait_for(lambda t: t.epoch > epoch)
            terminal.press("space")
            terminal.wait_for("paused")
            terminal.press("q")
            terminal.wait_for("code 0")
    finally:
        server.close()


def test_detached_and_attached_again_it_ends_where_it_would_have(tmp_path):
    server = Tmux(tmp_path, 120, 36)
    try:
        server.start(" ".join(SHUFFLED))
        with Terminal(120, 36, command=server.client()) as terminal:
            terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
            epoch = train_a_while(terminal)
            terminal.type("\x02d")
            assert terminal.wait_exit() == 0
        with Terminal(120, 36, command=server.client()) as terminal:
            terminal.wait_for(lambda t: t.epoch > epoch)
            terminal.press("space")
            terminal.wait_for("paused")
            terminal.process.kill()
        with Terminal(120, 36, command=server.client()) as terminal:
            terminal.wait_for("paused")
            train_to_the_end(terminal)
            terminal.wait_for("code 0")
    finally:
        server.close()
    is_as_if_nothing_had_been(tmp_path)
