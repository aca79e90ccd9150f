"""A sweep on a real terminal: its processes disturb nothing, and end with the program."""

import sys
from pathlib import Path

import pytest

from nn_tui.files.runs.run_store import RunStore
from nn_tui.trials.sweep_folder import SweepFolder
from tests.terminal.harness import Terminal
from tests.test_cli_sweep import children, until

PROGRAM = (sys.executable, "-m", "nn_tui")  # whose worker processes are spawned


@pytest.mark.parametrize("way", ["ctrl+c", "kill"])
def test_leaving_while_it_runs_keeps_what_is_trained_and_ends_its_processes(tmp_path, way):
    words = ("circle", "--set", "training.epochs=500", "--state-dir", str(tmp_path))
    with Terminal(120, 36, words, cwd=tmp_path, command=PROGRAM) as terminal:
        terminal.wait_for("space trains")
        terminal.press("G", "enter")
        terminal.wait_for(lambda t: " of 15 trials" in t.text and " 0 of 15" not in t.text)
        workers = children(terminal.process.pid, "spawn_main")
        assert workers
        assert "swe" in terminal.lines[0] and "Error" not in terminal.text
        if way == "kill":
            terminal.process.kill()
        else:
            terminal.press(way)
            terminal.wait_exit()
            terminal.wait_end()
            assert terminal.modes_on == set() and terminal.settings_changed is False
            assert terminal.after_leaving.startswith("nn-tui: circle is saved at epoch 0")
            assert "leaked" not in terminal.after_leaving
        until(lambda: not any(Path(f"/proc/{worker}/exe").exists() for worker in workers))
    (run,) = RunStore(tmp_path / "runs").entries()
    (sweep,) = run.folder.sweeps.iterdir()
    _, _, outcomes = SweepFolder(sweep).read()
    assert 0 < len(outcomes) <= 15
