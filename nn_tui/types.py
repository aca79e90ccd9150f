"""Types used in all packages."""

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
"""An array of any shape and dtype; docstrings give both."""
