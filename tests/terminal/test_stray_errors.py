"""An exception in any thread ends the program in order: saved, told in a sentence, code 1."""

import sys

import pytest

from nn_tui.files.runs.run_store import RunStore
from tests.terminal.harness import Terminal

ENDLESS = ("blog-xor", "--set", "training.epochs=0", "--set", "view.pace=0")

PROGRAM = """
import asyncio, sys, threading
from nn_tui.cli import main
from nn_tui.tui.app import NnTui
from nn_tui.tui.terminal.input_filters import InputFilter
from nn_tui.tui.terminal.output import NonBlockingOutput
from nn_tui.files.runs.autosave import Autosaver

armed = []

def fails(*_):
    raise ZeroDivisionError("made to fail")

def when_armed(owner, name, thread):
    real = getattr(owner, name)
    def method(self, *rest):
        return (fails if armed and threading.current_thread().name == thread else real)(self, *rest)
    setattr(owner, name, method)

async def failing():
    fails()

class Dying:
    __del__ = fails

{patch}
sys.exit(main(sys.argv[1:]))
"""

ARM = "NnTui.action_restart = lambda app: armed.append(1)\n"
PATCHES = {
    "input": ARM + "when_armed(InputFilter, '__call__', 'textual-input')",
    "output": ARM + "when_armed(NonBlockingOutput, 'write', 'textual-output')",
    "saving": ARM + "when_armed(Autosaver, '_write', 'saver')",
    "another thread": "NnTui.action_restart = lambda app: threading.Thread(target=fails).start()",
    "a callback": "NnTui.action_restart = lambda app: app.call_soon(fails)\n"
    "NnTui.call_soon = lambda app, call: asyncio.get_running_loop().call_soon(call)",
    "a task": "NnTui.action_restart = lambda app: print(asyncio.create_task(failing()), file=None)",
    "a destructor": "NnTui.action_restart = lambda app: Dying()",
    "a key": "NnTui.action_restart = fails",
    "no more output, and a loop that waits for it": (
        "when_armed(NonBlockingOutput, 'write', 'textual-output')\n"
        "NnTui.action_restart = lambda app: "
        "(armed.append(1), [app._driver.write(' ') for _ in range(1000)])"
    ),
}


@pytest.mark.parametrize("where", PATCHES)
def test_an_exception_ends_the_program_in_order(where, tmp_path):
    command = (sys.executable, "-c", PROGRAM.format(patch=PATCHES[where]))
    folders = dict.fromkeys(("TMPDIR", "HOME", "NN_TUI_STATE_DIR"), str(tmp_path))
    with Terminal(120, 36, ENDLESS, folders, command, cwd=tmp_path) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("space")
        terminal.wait_for(lambda t: t.epoch > 0)
        seen = terminal.epoch
        terminal.press("R")
        if where == "input":
            terminal.press("j")
        assert terminal.wait_exit() == 1
        assert terminal.modes_on == set()
        assert not terminal.settings_changed
        assert b"Traceback" not in terminal.received
        told = terminal.after_leaving.split("\n")
        (entry,) = RunStore(tmp_path / "runs").entries()
        assert entry.checkpoint.epoch >= seen and entry.unfinished
        epoch = f"{entry.checkpoint.epoch:,}"
        assert told[0].startswith(f"nn-tui: blog-xor is saved at epoch {epoch}; nn-tui")
        assert told[1].startswith(
            "nn-tui: internal error, ZeroDivisionError: made to fail; details"
        )
        assert len(told) == 2
        (crash,) = tmp_path.rglob("nn-tui-crash-*")
        assert "in fails" in crash.read_text()
