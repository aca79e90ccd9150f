"""A training loop in C, compiled for one network with all that a compiler may do."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from nn_tui.bench.peers.task import TrainingTask
from nn_tui.bench.timing import Skipped
from nn_tui.types import Array

_SOURCE = Path(__file__).with_name("c_loop.c")
_FLAGS = ("-O3", "-march=native", "-fPIC")
_FAST = ("-ffast-math", "-fno-tree-slp-vectorize")
"""It may add in any order and use a vector of tanh with less accurate values: another rounding.
The second flag keeps GCC 12 from wrong sums; it is no slower."""


class CLoop:
    """``task`` in C; where ``fast``, it may round in another way. Raises Skipped without gcc."""

    def __init__(self, task: TrainingTask, fast: bool = False) -> None:
        self._task = task
        self._parameters = task.parameters.copy()
        samples = (*task.train, *task.test)
        self._samples = [np.ascontiguousarray(array, np.float64) for array in samples]
        self._train = _compiled(task, _FAST if fast else ())

    def run(self, epochs: int) -> tuple[Array, Array]:
        """Train on; the mean losses of training and test samples, each (epochs,)."""
        tested = len(self._task.test[0]) > 0
        train, test = np.empty(epochs), np.empty(epochs if tested else 0)
        arrays = [array.ctypes for array in (*self._samples, self._parameters, train, test)]
        size = self._task.sizes[0]
        self._train(epochs, ctypes.c_double(self._task.rate), size, *arrays)
        return train, test


def _compiled(task: TrainingTask, flags: tuple[str, ...]) -> "ctypes._NamedFuncPointer":
    compiler = shutil.which("gcc")
    if compiler is None:
        raise Skipped("gcc is not installed")
    calls = [f"X({i},{n},{m},{at})" for i, (n, m, at) in enumerate(task.layers)]
    values = {
        "LAYERS(X)": " ".join(calls),
        "BACKWARDS(X)": " ".join(reversed(calls)),
        "DEPTH": len(calls),
        "OUTPUTS": task.sizes[-1],
        "WIDEST": max(task.sizes),
        "BIAS": int(task.has_biases),
        "TANH": int(task.activation == "tanh"),
        "BATCH": task.batch,
        "TRAIN": len(task.train[0]),
        "TEST": len(task.test[0]),
    }
    defined = [f"-D{name}={value}" for name, value in values.items()]
    with tempfile.TemporaryDirectory(prefix="nn-tui-bench-") as folder:
        compiled, library = Path(folder, "loop.o"), Path(folder, "loop.so")
        # Linked without -ffast-math: with it, loading the library makes the whole process
        # take subnormal numbers for zero.
        compiling = [*_FLAGS, *flags, *defined, "-c", "-o", str(compiled), str(_SOURCE)]
        for words in (compiling, ["-shared", "-o", str(library), str(compiled), "-lm"]):
            done = subprocess.run([compiler, *words], capture_output=True, text=True)
            if done.returncode:
                why = done.stderr.strip().splitlines()[-1]
                raise Skipped(f"gcc does not compile the loop: {why}")
        function = ctypes.CDLL(str(library)).train
    function.restype = None
    count, number, array = ctypes.c_long, ctypes.c_double, ctypes.c_void_p
    function.argtypes = [count, number, ctypes.c_int, *[array] * 7]
    return function
