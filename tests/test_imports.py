"""Imports point one way, and no headless part ever wakes the screen's libraries."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "nn_tui"

EVERYWHERE = {
    "__init__",
    "errors",
    "fileio",
    "memory",
    "order_statistics",
    "text",
    "spelling",
    "types",
}
ALLOWED = {
    "errors": set(),
    "fileio": set(),
    "memory": set(),
    "order_statistics": set(),
    "text": set(),
    "spelling": set(),
    "types": set(),
    "blas_threads": set(),
    "paths": set(),
    "settings": set(),
    "nn": set(),
    "data": {"nn"},
    "recipe": {"nn", "data"},
    "training": {"nn", "data", "recipe"},
    "files": {"nn", "data", "recipe", "training"},
    "experiment": {"nn", "data", "recipe", "files"},
    "runs": {"data", "recipe", "training", "files", "experiment"},
    "glossary": {"nn"},
    "library_definitions": set(),
    "lessons": {"nn", "data", "recipe", "training", "experiment", "trials"},
    "trials": {"blas_threads", "nn", "data", "recipe", "training", "files", "experiment"},
    "bench": {
        *("nn", "data", "recipe", "training"),
        *("files", "experiment", "runs", "blas_threads"),
    },
    "tui": {
        *("nn", "data", "recipe", "training"),
        *("files", "experiment", "runs", "lessons", "glossary", "trials"),
        *("paths", "settings"),
    },
    "commands": {"*"},
    "cli": {"blas_threads", "commands"},
    "__main__": {"cli"},
    "__init__": set(),
}
"""What each part of the package may import of the others."""

SCREEN_LIBRARIES = {"textual", "rich"}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path):
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path):
    """The full names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def target_part(name):
    """Which part of the package a full name belongs to."""
    word = name.split(".")[1]
    exists = (PACKAGE / word).is_dir() or (PACKAGE / f"{word}.py").exists()
    return word if exists else "__init__"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path):
    part = part_of(path)
    allowed = ALLOWED[part] | EVERYWHERE | {part}
    for name in imported(path):
        library = name.split(".")[0]
        if library == "nn_tui":
            assert target_part(name) in allowed or "*" in allowed, f"{part} imports {name}"
        if library in SCREEN_LIBRARIES:
            assert part == "tui", f"{part} imports {name}"
        if library == "plotext":
            assert path == PACKAGE / "tui" / "drawing" / "line_plot.py", f"{path} imports {name}"


def test_only_open_reaches_for_the_screen():
    users = {
        str(path.relative_to(PACKAGE))
        for path in modules()
        for name in imported(path)
        if name.startswith("nn_tui.tui") and part_of(path) != "tui"
    }
    assert users == {"commands/open.py"}


@pytest.mark.parametrize(
    "work",
    [
        "import nn_tui.training.trainer, nn_tui.experiment, nn_tui.files.weights",
        "import nn_tui.files.loss_csv, nn_tui.bench.measures, nn_tui.nn.predictor",
        "from nn_tui.cli import main; main(['train', 'circle', '--epochs', '3', '--quiet'])",
        "from nn_tui.cli import main; main(['list'])",
        "from nn_tui.cli import main; main(['paths'])",
        "from nn_tui.cli import main; main(['learn'])",
        "from nn_tui.cli import main; main(['nonsense'])",
        "from nn_tui.cli import main; main([])",
    ],
)
def test_headless_work_loads_no_screen_library(work):
    code = (
        f"import sys\n{work}\n"
        "found = {'textual', 'rich', 'plotext'} & set(sys.modules)\n"
        "assert not found, found"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
