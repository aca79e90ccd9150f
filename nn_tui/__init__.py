"""nn-tui: a neural-network laboratory in the terminal."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("nn-tui")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+source"
