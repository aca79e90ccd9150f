"""Errors of loading a dataset."""

from collections.abc import Sequence

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


class ColumnError(DataError):
    """A column of a file that cannot be used as it is read.

    ``is_target`` is whether it is the target, ``is_other`` whether cells are not like the others;
    ``others`` are the other columns.
    """

    def __init__(
        self,
        message: str,
        column: str,
        is_target: bool,
        is_other: bool = False,
        others: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.column, self.is_target, self.is_other = column, is_target, is_other
        self.others = tuple(others)

    def among(self, columns: Sequence[str]) -> "ColumnError":
        """Return the error with the names of all columns."""
        others = [name for name in columns if name != self.column]
        return ColumnError(str(self), self.column, self.is_target, self.is_other, others)

    def in_file(self, name: str) -> "ColumnError":
        """Return the error with the name of the file."""
        message = f"{name}: {self}"
        return ColumnError(message, self.column, self.is_target, self.is_other, self.others)


class LoadCancelled(Exception):
    """Loading was cancelled by the user."""
