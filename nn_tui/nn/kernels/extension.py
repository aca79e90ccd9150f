"""The C extension, if it is built."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn_tui.nn.kernels._replay import Program

EXACT: tuple[str, ...]
try:
    from nn_tui.nn.kernels import _replay
except ImportError:  # built without a compiler, or for another Python
    _extension: Any = None
    EXACT = ("copy",)
else:
    _extension = _replay
    EXACT = _replay.EXACT


def new_program(*parts: Any) -> "Program":
    """A ``Program`` of the extension. Raises LookupError where it refuses an operation."""
    if _extension is None:
        raise LookupError("the extension is not built")
    program: Program = _extension.Program(*parts)
    return program


def is_built() -> bool:
    """Whether the extension can be imported."""
    return _extension is not None
