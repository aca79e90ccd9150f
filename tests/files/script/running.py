"""Scripts run by a plain Python that can import nothing but NumPy and its own library."""

import json
import subprocess
import sys

import numpy as np

from nn_tui.files.script.script import script_of
from nn_tui.nn.architecture import views
from nn_tui.training.trainer import Trainer

PLAIN = """
import contextlib, io, json, sys

class OnlyNumPy:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top != "numpy" and top not in sys.stdlib_module_names:
            raise ImportError(f"a script imports {name}")

sys.meta_path.insert(0, OnlyNumPy())
import numpy as np

done = []
for path in sys.argv[1:]:
    printed, scope = io.StringIO(), {"__name__": "__main__"}
    with contextlib.redirect_stdout(printed), open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), scope)
    arrays = {
        name: [str(value.dtype), value.shape, value.tobytes().hex()]
        for name, value in scope.items()
        if name[0] in "Wb" and name[1:].isdigit()
    }
    done.append([printed.getvalue(), arrays])
print(json.dumps(done))
"""


def carried_out(texts, folder):
    """What each script printed, and its weights by name, all run by one process."""
    paths = [folder / f"script{i}.py" for i in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", PLAIN, *map(str, paths)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def assert_ends_alike(runs, folder):
    """Every script of ``runs``, pairs of a run and its trainer, ends with the run's weights.

    Returns the texts, and what they printed.
    """
    texts = [script_of(run, trainer.epoch) for run, trainer in runs]
    outcomes = carried_out(texts, folder)
    for (run, trainer), (_, arrays) in zip(runs, outcomes, strict=True):
        assert_same(run, trainer, arrays)
    return texts, [printed for printed, _ in outcomes]


def assert_same(run, trainer: Trainer, arrays):
    state = trainer.runner.loop.state
    wanted = {
        name: [str(value.dtype), list(value.shape), value.tobytes().hex()]
        for name, value in views(state.parameters, trainer.network).items()
    }
    assert arrays.keys() == wanted.keys()
    for name, (dtype, shape, content) in wanted.items():
        assert arrays[name][:2] == [dtype, shape]
        there = np.frombuffer(bytes.fromhex(arrays[name][2]), dtype)
        here = np.frombuffer(bytes.fromhex(content), dtype)
        assert there.tobytes() == here.tobytes(), (
            f"{name} of {run.name} differs by up to {np.abs(there - here).max()}:\n{run.recipe}\n"
            + "\n".join(map(str, run.edits))
        )
