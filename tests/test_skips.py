"""Where everything is installed, as in ``.ci/run``, a skipped test is a failed one."""

import os
import subprocess
import sys

from tests.conftest import ROOT, SKIP_NONE

CASES = {
    "mark": "@pytest.mark.skipif(True, reason='no program A')\ndef test_it(): pass",
    "itself": "def test_it(): pytest.skip('no program B')",
    "whole": "pytest.skip('no program C', allow_module_level=True)",
}


def outcome(folder, **more):
    """The last line of a run of ``CASES``, and everything it said."""
    surroundings = {name: value for name, value in os.environ.items() if name != SKIP_NONE}
    words = ("-n0", "--continue-on-collection-errors", "-p", "tests.conftest", folder)
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "--rootdir", folder, *words),
        env={**surroundings, "PYTHONPATH": str(ROOT), **more},
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()[-1], done.stdout


def test_a_skip_is_a_failure_with_its_reason_only_where_none_may_be(tmp_path):
    for name, text in CASES.items():
        (tmp_path / f"test_{name}.py").write_text(f"import pytest\n{text}\n")
    assert "3 skipped" in outcome(tmp_path)[0]
    last, said = outcome(tmp_path, **{SKIP_NONE: "1"})
    assert "1 failed, 2 errors" in last
    assert all(f"no program {letter}" in said for letter in "ABC")


def test_the_checks_ask_for_it():
    assert f"{SKIP_NONE}=1 bash" in (ROOT / ".ci" / "run").read_text()
