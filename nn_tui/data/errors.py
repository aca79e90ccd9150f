"""What loading samples may end in besides a dataset."""

from nn_tui.errors import InputError


class DataError(InputError):
    """One sentence: what is wrong with the samples, and where (line and column)."""


class LoadCancelled(Exception):
    """The person asked to stop loading."""
