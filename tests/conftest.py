"""What tests of many parts need."""

import gc
import itertools
import os
import signal
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

from nn_tui.paths import first_start
from tests.forked import Program, start_program

ROOT = Path(__file__).parents[1]

SKIP_NONE = "NN_TUI_SKIP_NONE"
"""In the environment where everything that a test could need is installed."""

# As the program itself has it: pictures are sent at once. Textual reads it when imported.
os.environ["TEXTUAL_FPS"] = "250"

for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    # A shell ignores these for what it runs in the background, and programs inherit it.
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)

# A slow machine is no failure; and what passed once passes again, with the same examples.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "Program | subprocess.Popen[str]"]
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


_SLOW = (
    *("bench/", "files/runs/", "files/script/", "hostile/", "terminal/", "tui/"),
    *(
        "nn/test_gradients.py",
        "test_cli",
        "test_memory.py",
        "test_names.py",
        "test_output_and_loss.py",
    ),
    *("test_data_files.py", "test_playground_runs.py", "test_untrusted_input.py", "test_skips.py"),
    *("training/test_keyframes.py", "training/test_memory_estimate.py", "training/test_slices.py"),
    *("training/test_step_through.py", "training/test_stopping.py", "training/test_timeline.py"),
)
_QUICK = (
    *(
        "files/runs/test_old_runs.py",
        "files/runs/test_run_folder.py",
        "tui/drawing/",
        "tui/session/",
    ),
    *("tui/test_layers.py", "tui/test_registered.py"),
)
_SLOW_PICTURES = ("any_numbers", "every_picture", "loss_chart", "step_pictures", "value_axis")
"""Places below ``tests``: those of the first, without those of the second, are marked slow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ``-m "not slow"`` leaves out."""
    tests = ROOT / "tests"
    for item in items:
        place = item.path.relative_to(tests).as_posix() if tests in item.path.parents else ""
        slow = place.startswith(_SLOW) and not place.startswith(_QUICK)
        if slow or item.path.stem.removeprefix("test_") in _SLOW_PICTURES:
            item.add_marker("slow")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests of the program on a terminal wait a lot."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from looking through all tests again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be missing, a test that was skipped has failed."""
    report = yield
    return _with_nothing_skipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same of a file of tests that was skipped as a whole."""
    report = yield
    return _with_nothing_skipped(report)


def _with_nothing_skipped(report: Report) -> Report:
    if report.skipped and SKIP_NONE in os.environ:
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def new_state_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The next folder for a test's runs; beside one another, so that none is looked for."""
    parent = tmp_path_factory.mktemp("states")
    return map(parent.joinpath, map(str, itertools.count()))


@pytest.fixture(autouse=True)
def state_dir(new_state_dir: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program under test keeps its runs, instead of in the tester's home.

    It was started there before, so it does not begin with its first minute.
    """
    folder = next(new_state_dir)
    folder.mkdir()
    first_start(folder)
    monkeypatch.setenv("NN_TUI_STATE_DIR", str(folder))
    return folder


@pytest.fixture
def start_cli(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, state_dir: Path
) -> Iterator[Start]:
    """Starts ``nn-tui`` with the given words in an empty folder, as its own process.

    Fails the test if any of them leaves a crash file.
    """
    temporary = tmp_path_factory.mktemp("temporary")
    started: list[Program | subprocess.Popen[str]] = []

    def start(*words: str, **environment: str) -> "Program | subprocess.Popen[str]":
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), **environment}
        process = start_program(words, cwd=tmp_path, env=env)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    crashes = [*temporary.rglob("nn-tui-crash-*"), *state_dir.rglob("nn-tui-crash-*")]
    assert [crash.read_text() for crash in crashes] == []


@pytest.fixture
def run_cli(start_cli: Start) -> Run:
    """Runs ``nn-tui`` as ``start_cli`` starts it, to its end."""

    def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        process = start_cli(*words, **environment)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    return run
