"""Run a benchmark in a process of its own.

NumPy and the peers have one thread each, and what a library does to its process (memory,
threads, processor settings) does not affect the next benchmark.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict

from nn_tui.bench.measures import MEASURES
from nn_tui.bench.timing import RaceResult, Skipped
from nn_tui.blas_threads import VARIABLES

_ONE_THREAD = dict.fromkeys(VARIABLES, "1")
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    f"from {__name__} import send_result; send_result(sys.argv[1])"
)


def measure_isolated(name: str) -> RaceResult:
    """The result of a benchmark. Raises Skipped, or RuntimeError if it fails."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _PROGRAM, name, *sys.path],
        env={**os.environ, **_ONE_THREAD},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise RuntimeError(f"benchmark {name} failed: {lines[-1] if lines else done.returncode}")
    reply = json.loads(done.stdout.splitlines()[-1])
    if "skipped" in reply:
        raise Skipped(reply["skipped"])
    return RaceResult(**reply)


def send_result(name: str) -> None:
    """Run the benchmark in this process and print its result as a line of JSON."""
    try:
        reply = asdict(MEASURES[name].run())
    except Skipped as reason:
        reply = {"skipped": str(reason)}
    print(json.dumps(reply))
