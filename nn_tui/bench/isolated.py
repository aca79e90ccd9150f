"""A measure taken in a process of its own.

There NumPy and its peers have one thread each, and what one peer's library does to a
process (memory, threads, settings of the processor) does not reach the next measure.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict

from nn_tui.bench.measures import MEASURES
from nn_tui.bench.timing import RaceResult, Skipped

_ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from nn_tui.bench.isolated import answer; answer(sys.argv[1])"
)


def measure_isolated(name: str) -> RaceResult:
    """The outcome of the measure. Raises Skipped, and RuntimeError if it fails."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _PROGRAM, name, *sys.path],
        env={**os.environ, **_ONE_THREAD},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise RuntimeError(f"the measure {name} failed: {said[-1] if said else done.returncode}")
    answered = json.loads(done.stdout.splitlines()[-1])
    if "skipped" in answered:
        raise Skipped(answered["skipped"])
    return RaceResult(**answered)


def send_result(name: str) -> None:
    """Take the measure here and print what it gave as a line of JSON."""
    try:
        said = asdict(MEASURES[name].take())
    except Skipped as reason:
        said = {"skipped": str(reason)}
    print(json.dumps(said))
