"""The extension, for the tests that need it.

It is beside its source once the package was built there (``pip install .``, ``pip install -e .``
or ``build_hook.py``). Elsewhere these tests are skipped; with NN_TUI_SKIP_NONE, as in
``.ci/run``, that is a failure.
"""

import pytest

from nn_tui.nn.kernels import extension, status


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    """Uses the extension, even if it is turned off for all other tests."""
    if not extension.is_built():
        pytest.skip("python nn_tui/nn/kernels/build_hook.py has not built the extension")
    monkeypatch.delenv(status.SWITCH, raising=False)
    assert status.describe() == "compiled"
