"""What is kept of an internal error, in place of a traceback on the screen."""

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = ("nn-tui", "numpy", "textual", "plotext")


def write_crash_file(error: BaseException, arguments: Sequence[str]) -> str | None:
    """Write traceback and versions into the temporary folder; the file's name, if it worked."""
    text = "\n".join(
        [
            f"nn-tui {' '.join(arguments)}".rstrip(),
            f"Python {sys.version.split()[0]} on {platform.platform()}",
            *(f"{name} {_version(name)}" for name in _PACKAGES),
            "",
            "".join(traceback.format_exception(error)),
        ]
    )
    try:
        number, path = tempfile.mkstemp(prefix="nn-tui-crash-", suffix=".txt")
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return None
    return path


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
