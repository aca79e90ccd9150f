"""Loops in other languages have the losses of the trainer, or are not timed."""

import shutil
from functools import partial
from itertools import count

import numpy as np
import pytest

from nn_tui.bench import timing
from nn_tui.bench.peers import contests
from nn_tui.bench.peers.c_loop import CLoop
from nn_tui.bench.peers.task import check_losses, task_of
from nn_tui.bench.peers.v8_loop import V8Loop
from nn_tui.bench.timing import Skipped, fitting_amount
from nn_tui.bench.training_speed import start_preset, start_spiral

NETWORKS = {
    "blog": start_preset("blog"),
    "spiral": partial(start_spiral, (4, 2)),
    "full": partial(start_spiral, (4, 2), "all"),
    "deep": partial(start_spiral, (8, 8, 8)),
}
PROGRAMS = {"C": "gcc", "V8": "node"}
HERE = [name for name, program in PROGRAMS.items() if shutil.which(program)]


class NumPyLoop:
    """The task in plain NumPy."""

    def __init__(self, task, wrong=False):
        self.task, self.wrong = task, wrong
        self.layers = task.split(task.parameters.copy())

    def run(self, epochs):
        task, losses = self.task, ([], [])
        for _ in range(epochs):
            for at in range(0, len(task.train[0]), task.batch):
                self.step(*(part[at : at + task.batch] for part in task.train))
            for part, seen in zip((task.train, task.test), losses, strict=True):
                if len(part[0]):
                    seen.append(
                        ((part[1] - self.outputs(part[0])[-1]) ** 2).sum() / 2 / len(part[0])
                    )
        return tuple(map(np.array, losses))

    def outputs(self, x):
        made = [x]
        for W, b in self.layers:
            z = made[-1] @ W + (b if self.task.has_biases else 0)
            made.append(np.tanh(z) if self.task.activation == "tanh" else 1 / (1 + np.exp(-z)))
        return made

    def step(self, x, y):
        slope = (lambda a: 1 - a * a) if self.task.activation == "tanh" else (lambda a: a * (1 - a))
        made = self.outputs(x)
        delta = (y - made[-1]) * slope(made[-1])
        for (W, b), inputs in zip(self.layers[::-1], made[-2::-1], strict=True):
            below = delta @ W.T * slope(inputs)
            W += self.task.rate * inputs.T @ delta
            b += self.task.rate * delta.sum(axis=0)[: len(b)] * (2 if self.wrong else 1)
            delta = below


def test_the_task_is_what_the_trainer_does():
    for name, start in NETWORKS.items():
        check_losses(name, NumPyLoop(task_of(start())), start(), tolerance=1e-10)


def test_a_loop_with_other_losses_is_not_timed():
    start = NETWORKS["spiral"]
    with pytest.raises(
        RuntimeError, match=r"NumPy has another training loss after epoch 1: 0.[0-9]* instead of 0"
    ):
        check_losses("NumPy", NumPyLoop(task_of(start()), wrong=True), start())


@pytest.mark.parametrize("language", HERE)
def test_the_loops_of_other_languages_have_the_losses_of_the_trainer(language):
    makes = {"C": CLoop, "C that rounds differently": partial(CLoop, fast=True), "V8": V8Loop}
    for name, make in {
        "C": [("blog", "C"), ("deep", "C"), ("spiral", "C that rounds differently")],
        "V8": [("spiral", "V8"), ("deep", "V8")],
    }[language]:
        loop = makes[make](task_of(NETWORKS[name]()))
        check_losses(f"{make}, {name}", loop, NETWORKS[name]())
        if make == "V8":
            assert loop.cpu_seconds() > 0
            loop.close()
            assert loop._process.returncode == 0


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (contests.against_c, "gcc is not installed"),
        (contests.against_fast_c, "gcc is not installed"),
        (contests.against_v8, "Node, which runs V8, is not installed"),
    ],
)
def test_a_language_that_is_not_installed_is_skipped(run, sentence, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Skipped, match=f"^{sentence}$"):
        run(NETWORKS["blog"])


def test_the_amount_of_work_of_a_turn_fits_into_its_time(monkeypatch):
    used, done = [0.0], []

    def run(amount):
        done.append(amount)
        used[0] += amount * 1e-4

    amount = fitting_amount(run, 0.05, clock=lambda: used[0])
    assert 500 <= amount <= 1000
    assert done[-2:] == [amount, amount], "each amount is run once before it is timed"


def test_another_process_is_timed_by_its_own_clock():
    ticks = count()
    contest = timing.Contest(int, int, 1, 10, peer_clock=lambda: float(next(ticks)))
    assert timing.race(contest, rounds=3).peer == 10.0


@pytest.mark.skipif("C" not in HERE, reason="gcc is not installed")
def test_what_c_may_round_in_another_way_changes_nothing_of_this_process():
    CLoop(task_of(NETWORKS["blog"]()), fast=True).run(1)
    assert np.float64(5e-324) / 2 == 0 < np.float64(5e-324) * 1
