"""BLAS has one thread, unless the user sets a number."""

import subprocess
import sys

import pytest

from nn_tui.blas_threads import VARIABLES
from tests.conftest import ROOT

_PROGRAM = """
import os
from nn_tui.cli import main
assert main(["--version"]) == 0
print([os.environ.get(name) for name in %r], len(os.listdir("/proc/self/task")))
"""


def seen(**environment):
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM % (VARIABLES,)],
        env={"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.splitlines()[-1]


def test_it_is_one_thread_by_default():
    assert seen() == f"{['1'] * len(VARIABLES)} 1"


@pytest.mark.parametrize("name", ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"])
def test_the_users_number_wins(name):
    values = ["2" if name == other else None for other in VARIABLES]
    assert seen(**{name: "2"}).startswith(str(values))
