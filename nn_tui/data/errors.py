"""Errors of loading a dataset."""

from nn_tui.errors import InputError


class DataError(InputError):
    """Invalid data; the message is one sentence that says what is wrong and where."""


class NoClasses(DataError):
    """Targets that cannot be classes; the message says why."""


class MissingValues(DataError):
    """Missing values in a file whose incomplete rows are not dropped.

    ``first`` is the position of the first one; ``values`` are missing in ``rows``, and
    ``left`` rows are complete.
    """

    def __init__(self, first: str, values: int, rows: int, left: int) -> None:
        where = "one row" if rows == 1 else f"{rows:,} rows"
        more = f" ({values:,} are missing in {where})" if values > 1 else ""
        self.found = f"{first}: a value is missing{more}"
        advice = (
            "drop such rows with --set data.missing=drop, or fill them in with data.missing=fill"
            if left
            else "no row is complete; --set data.missing=fill fills them in"
        )
        super().__init__(f"{self.found}; {advice}")
        self.first, self.values, self.rows, self.left = first, values, rows, left

    def in_file(self, name: str) -> "MissingValues":
        """Return the error with the name of the file."""
        return MissingValues(f"{name}: {self.first}", self.values, self.rows, self.left)


class LoadCancelled(Exception):
    """Loading was cancelled by the user."""
