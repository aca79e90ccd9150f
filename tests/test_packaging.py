"""What pyproject.toml states is so."""

import re
import tomllib

import numpy as np

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SOURCES = [path.read_text() for path in sorted((ROOT / "nn_tui").rglob("*.py"))]

SINCE = {
    r"np\.savez\([^)]*allow_pickle=": (2, 2),
    r"np\.(vecdot|astype|unique_\w+|matrix_transpose|cumulative_\w+)\(": (2, 0),
    r"np\.(matvec|vecmat)\(": (2, 2),
}
"""What the source may call, and the NumPy that has it: an older one does something else."""


def lowest(package):
    """The minimum that is stated for a package, as numbers."""
    (found,) = (d for d in PROJECT["dependencies"] if d.startswith(f"{package}>="))
    return tuple(map(int, re.search(r">=([0-9.]+)", found)[1].split(".")))


def test_the_stated_minimum_of_numpy_is_the_one_that_the_code_needs():
    used = [v for pattern, v in SINCE.items() if any(re.search(pattern, s) for s in SOURCES)]
    assert lowest("numpy") == max(used)
    assert tuple(map(int, np.__version__.split(".")[:2])) >= lowest("numpy")


def test_the_oldest_numpy_is_tested():
    assert '"numpy==${oldest:?}.*"' in (ROOT / ".ci" / "run").read_text()


def test_the_package_is_typed_and_names_its_versions_of_python():
    assert (ROOT / "nn_tui" / "py.typed").exists()
    assert PROJECT["requires-python"] == ">=3.11"
    for version in ("3.11", "3.12", "3.13"):
        assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]


def test_installing_shows_its_progress():
    assert "install -q" not in (ROOT / "README.md").read_text()
