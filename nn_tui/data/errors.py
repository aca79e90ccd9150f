"""What loading samples may end in besides a dataset."""

from nn_tui.errors import InputError


class DataError(InputError):
    """One sentence: what is wrong with the samples, and where (line and column)."""


class NoClasses(DataError):
    """Why the targets are not classes."""


class MissingValues(DataError):
    """Rows have gaps and are not to be left out.

    ``first`` says where the first gap is; ``values`` are missing in ``rows``, and ``left``
    rows have none.
    """

    def __init__(self, first: str, values: int, rows: int, left: int) -> None:
        where = "one row" if rows == 1 else f"{rows:,} rows"
        more = f" ({values:,} are missing in {where})" if values > 1 else ""
        self.found = f"{first}: a value is missing{more}"
        advice = (
            "fill it in, or leave such rows out with --set data.missing=drop"
            if left
            else "fill it in: without such rows there would be none"
        )
        super().__init__(f"{self.found}; {advice}")
        self.first, self.values, self.rows, self.left = first, values, rows, left

    def in_file(self, name: str) -> "MissingValues":
        """The same, of a file with that name."""
        return MissingValues(f"{name}: {self.first}", self.values, self.rows, self.left)


class LoadCancelled(Exception):
    """The person asked to stop loading."""
