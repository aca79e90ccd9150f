"""What the engine may know of: nothing above it."""

import subprocess
import sys

import pytest

PARTS = {
    "nn_tui.nn.step": ["nn_tui.training", "nn_tui.data", "nn_tui.recipe.recipe", "nn_tui.tui"],
    "nn_tui.nn.predictor": ["nn_tui.training", "nn_tui.data", "nn_tui.recipe.recipe", "nn_tui.tui"],
    "nn_tui.training.trainer": ["nn_tui.files", "nn_tui.tui", "nn_tui.commands"],
}
NEVER = ["textual", "rich", "plotext"]


@pytest.mark.parametrize("module", PARTS)
def test_imports_point_down_only(module):
    show = f"import sys, {module}; print(*sys.modules)"
    made = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    loaded = set(made.stdout.split())
    assert module in loaded
    assert not loaded & {*PARTS[module], *NEVER}
