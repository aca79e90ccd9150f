"""Opening the screen where there is none, and with what cannot be opened."""

import os
import pty
import subprocess
import sys
import threading

import pytest

from nn_tui.recipe.presets import PRESETS


def in_terminal(words, stdin=True, stdout=True, stderr=True, **environment):
    """The exit code and what was written to a pseudo terminal and to a pipe."""
    ours, theirs = pty.openpty()
    written = []

    def collect():
        try:
            while chunk := os.read(ours, 4096):
                written.append(chunk)
        except OSError:  # the other end is closed
            pass

    reader = threading.Thread(target=collect)
    reader.start()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "nn_tui", *words],
            stdin=theirs if stdin else subprocess.DEVNULL,
            stdout=theirs if stdout else subprocess.PIPE,
            stderr=theirs if stderr else subprocess.PIPE,
            env={**os.environ, "TERM": "xterm-256color", **environment},
            timeout=60,
        )
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)
    piped = (done.stdout or b"") + (done.stderr or b"")
    return done.returncode, b"".join(written).decode(), piped.decode()


def test_without_a_terminal_the_error_is_one_line_without_escapes(run_cli):
    done = run_cli(TERM="xterm-256color")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "nn-tui: standard input is not a terminal; "
        "the screen needs a terminal, nn-tui train does not\n"
    )


@pytest.mark.parametrize(
    ("stream", "name"),
    [("stdin", "standard input"), ("stdout", "standard output"), ("stderr", "standard error")],
)
def test_every_standard_stream_must_be_a_terminal(stream, name):
    code, drawn, piped = in_terminal((), **{stream: False})
    assert code == 2
    assert f"{name} is not a terminal" in drawn + piped
    assert "\x1b" not in drawn + piped


@pytest.mark.parametrize(("term", "reason"), [("dumb", "TERM is dumb"), ("", "TERM is not set")])
def test_a_dumb_terminal_is_refused(term, reason):
    code, drawn, _ = in_terminal((), TERM=term)
    assert code == 2
    assert reason in drawn
    assert "nn-tui train" in drawn
    assert "\x1b" not in drawn


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("blg",), "did you mean blog?"),
        (("trian",), "did you mean train?"),
        (("zzzz",), f"The presets are {', '.join(PRESETS)};"),
        (("blog", "--set", "network.hidden=-1"), "network.hidden = -1 is not allowed"),
        (("--set", "training.lerning_rate=1"), "did you mean training.learning_rate?"),
        (("nowhere.toml",), "there is no file nowhere.toml"),
        (("https://example.org/a.csv",), "is a web address; nn-tui downloads nothing"),
    ],
)
def test_an_invalid_experiment_is_reported_before_drawing(run_cli, words, wanted):
    done = run_cli(*words)
    assert done.returncode == 3
    assert wanted in done.stderr
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stdout + done.stderr


SPY = """
import os, sys, types
launch = types.ModuleType("nn_tui.tui.launch")
def run(timeline, saver, unfinished, settings, report, mouse, welcome, *told, **shown):
    run = timeline.run
    print(run.name, run.recipe.network.hidden, run.dataset.samples, settings.theme,
          settings.ascii, "textual" in sys.modules,
          os.environ.get("TEXTUAL_DISABLE_KITTY_KEY"), flush=True)
    return 0
launch.run = run
tui = types.ModuleType("nn_tui.tui")
tui.launch = launch
sys.modules["nn_tui.tui"], sys.modules["nn_tui.tui.launch"] = tui, launch
class Terminal:
    def isatty(self): return True
from nn_tui.cli import main
sys.stdin.isatty = sys.stdout.isatty = sys.stderr.isatty = lambda: True
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def own(tmp_path):
    """A folder of settings, with a theme in them."""
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "config.toml").write_text('[screen]\ntheme = "nn-light"\n')
    return tmp_path


@pytest.mark.parametrize(("link", "wanted"), [("1.2.3.4 5 6.7.8.9 22", "1"), ("", "None")])
def test_the_screen_gets_the_experiment_and_over_ssh_the_plain_keyboard(own, link, wanted):
    environment = {k: v for k, v in os.environ.items() if k != "TEXTUAL_DISABLE_KITTY_KEY"}
    done = subprocess.run(
        [sys.executable, "-c", SPY, "blog-xor", "--set", "network.hidden=8", "--ascii"],
        env={**environment, "TERM": "xterm", "SSH_CONNECTION": link, "XDG_CONFIG_HOME": str(own)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout == f"blog-xor (8,) 4 nn-light True False {wanted}\n"


def test_a_mistyped_command_with_arguments_is_corrected(run_cli):
    done = run_cli("trian", "spiral", "--epochs", "3")
    assert done.returncode == 2
    assert "did you mean nn-tui train? see nn-tui --help" in done.stderr
    assert done.stderr.count("\n") == 1
