"""``nn-tui sweep``: processes, what is printed, kills and Ctrl+C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nn_tui.cli import main
from nn_tui.commands.sweep_report import SweepReport
from nn_tui.trials.process_executor import ProcessExecutor
from nn_tui.trials.runner import TrialRunner
from nn_tui.trials.sweep_folder import SweepFolder
from tests.conftest import ROOT
from tests.trials.test_sweep_folder import facts, plan, sweep


def test_processes_train_each_trial_as_train_does(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["iris", "--epochs", "10", "--set", "data.validation_fraction=0.2"]
    vary = ["--vary", "training.learning_rate=0.001..0.1:3:log", "--vary", "network.hidden=2|4,2"]
    assert main(["sweep", *words, *vary, "--seeds", "2", "--jobs", "2", "--json", "--quiet"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["total"], len(report["trials"]), report["measure"]) == (
        12,
        12,
        "validation_loss",
    )
    for trial in (report["trials"][0], report["trials"][-1]):
        values = [f"{key}={value}" for key, value in trial["values"].items()]
        sets = [word for v in (*values, f"network.seed={trial['seed']}") for word in ("--set", v)]
        assert main(["train", *words, *sets, "--json"]) == 0
        alone = json.loads(capsys.readouterr().out)
        for name in ("train_loss", "test_loss", "validation_loss"):
            assert trial[name] == alone[name]
        assert trial["metrics"] == alone["metrics"]["test"]
        assert trial["baseline"] == alone["metrics"]["baseline"]
    medians = [setting["median"] for setting in report["settings"]]
    assert medians == sorted(medians)
    assert report["best"] == report["settings"][0]

    assert main(["sweep", "--show", report["folder"]]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("iris: 12 trials")
    head = " ".join(lines[2].split())
    assert head == "learning rate hidden layers validation loss lowest highest accuracy"
    (starred,) = (line for line in lines[-3:] if "★" in line)
    assert starred.split()[0] == report["best"]["values"]["training.learning_rate"]
    assert main(["sweep", *words, *vary, "--seeds", "2", "--jobs", "1"]) == 0  # nothing to train
    assert capsys.readouterr().out.splitlines()[0].split(";")[0] == lines[0].split(";")[0]


def test_lines_of_the_step_vary_like_other_keys(tmp_path, capsys):
    vary = ["--vary", "lines.l1_delta=l1_error|l1_error * 2", "--epochs", "5", "--jobs", "1"]
    folder = str(tmp_path / "s")
    assert main(["sweep", "blog", *vary, "--output", folder]) == 0
    shown = capsys.readouterr().out
    assert main(["sweep", "--show", folder]) == 0
    for text in (shown, capsys.readouterr().out):
        assert "line l1_delta" in text and "l1_error * 2" in text


def test_a_blank_that_is_varied_is_trained_where_it_is_written(tmp_path, capsys):
    words = ["blog", "--epochs", "3", "--jobs", "1", "--output", str(tmp_path / "s")]
    vary = ["--vary", "lines.l1_delta=?|l1_error", "--set", "lines.l1_delta=?"]
    assert main(["sweep", *words, *vary, "--json", "--quiet"]) == 0
    trials = json.loads(capsys.readouterr().out)["trials"]
    assert {t["values"]["lines.l1_delta"]: t["status"] for t in trials} == {
        "?": "failed",
        "l1_error": "done",
    }


def test_a_killed_process_loses_no_trial():
    made = plan("training.learning_rate=0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8", seeds=3)
    trials = [*made.trials()]
    alone = TrialRunner({})
    expected = [alone.run(trial, lambda: False) for trial in trials]
    executor = ProcessExecutor(2)
    try:
        outcomes = []
        for outcome in executor.run(alone, trials, lambda: False):
            if not outcomes:
                os.kill(next(iter(children(os.getpid(), "spawn_main"))), signal.SIGKILL)
            outcomes.append(outcome)
    finally:
        executor.close()
    assert facts(outcomes) == facts(expected)
    assert len(outcomes) == len(trials)


def children(pid, command=""):
    """The processes that a process has started, whose command line has ``command``."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            line = Path(f"/proc/{child}/cmdline").read_text()
            found += [child] if command in line else []
    return found


def until(condition, running=None):
    while not condition():
        assert running is None or running.poll() is None, "it has ended"
        time.sleep(0.02)


def lines_of(table):
    return table.read_bytes().count(b"\n") if table.exists() else 0


def test_killed_and_interrupted_the_same_command_continues(tmp_path, capsys):
    table = tmp_path / "s" / "trials.csv"
    words = ["blog", "--vary", "training.learning_rate=0.1..4:40", "--epochs", "4000"]
    words += ["--jobs", "2", "--output", str(tmp_path / "s")]
    command = [sys.executable, "-m", "nn_tui", "sweep", *words]

    def start():
        return subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    with start() as running:
        until(lambda: lines_of(table) > 3, running)
        workers = children(running.pid, "spawn_main")
        running.kill()
    assert len(workers) == 2
    until(lambda: not any(Path(f"/proc/{worker}/exe").exists() for worker in workers))
    kept = lines_of(table)
    assert kept < 41

    with start() as running:
        until(lambda: lines_of(table) > kept, running)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        printed, _ = running.communicate()
    done = lines_of(table) - 1
    if done < 40:  # else it was faster than the signal
        assert running.returncode == 130
        assert f"{done} of 40 kept in {tmp_path / 's'}; the same command continues" in printed

    assert main(["sweep", *words, "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == lines_of(table) - 1 == 40
    made = plan(
        "training.learning_rate=0.1..4:40", base=plan().base.with_value("training.epochs", 4000)
    )
    expected = sweep(tmp_path / "alone", made).outcomes.values()
    assert facts(SweepFolder(tmp_path / "s").read()[2]) == facts(expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["blog"], "a sweep varies something"),
        (["blog", "--seeds", "2", "--epochs", "5", "--vary", "training.epochs=1,2"], "the same"),
        (["blog", "--seeds", "2", "--jobs", "0"], "from 1 to 1,024"),
        (["blog", "--folds", "5"], "blog has 4"),
        (["blog", "--show", "x"], "varies nothing"),
        (["--show", "."], "not the folder of a sweep"),
        (["blog", "--seeds", "2", "--set", "lines.l1_delta=?"], "l1_delta is blank; a sweep needs"),
    ],
)
def test_what_is_no_sweep_is_refused_in_a_sentence(words, expected, capsys):
    assert main(["sweep", *words]) in (2, 3)
    assert expected in capsys.readouterr().err


def test_the_report_says_how_far_it_can_be_trusted(tmp_path):
    outcomes = [*sweep(tmp_path / "s", plan(seeds=2)).outcomes.values()]
    text = SweepReport("blog", tmp_path, ["training.learning_rate"], outcomes, 9).text()
    assert text.startswith("blog: 8 of 9 trials")
    assert "always predicting the same has accuracy 50.0 %" in text
    assert "that was tried" not in text  # the best, 10, is between others
    *_, one, ten, most = (line.count("█") for line in text.splitlines())
    assert (one > ten, ten, most) == (True, 1, 40)

    text = SweepReport("blog", tmp_path, ["training.learning_rate"], outcomes[:6], 9).text()
    assert "the best learning rate is the largest that was tried" in text
