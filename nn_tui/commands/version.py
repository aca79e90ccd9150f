"""What ``nn-tui --version`` prints."""

from nn_tui import __version__
from nn_tui.nn.kernels import status


def version_line() -> str:
    """The version, and what runs the steps of training."""
    return f"nn-tui {__version__}, kernels: {status.describe()}"
