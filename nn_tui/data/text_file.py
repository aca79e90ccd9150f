"""The lines of a text file, whatever its encoding, read as they are needed."""

import codecs
from collections.abc import Iterator
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Self

from nn_tui.data.errors import DataError

_LONGEST_LINE = 1 << 24
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TextFile:
    """Iterates over lines with their ends; UTF-8, or UTF-16 with a byte order mark.

    Raises OSError where the file cannot be opened, DataError where it is no text.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
        self.encoding = next((name for bom, name in _BOMS if start.startswith(bom)), "utf-8")
        self._bytes = path.open("rb")
        self._file = TextIOWrapper(self._bytes, encoding=self.encoding, newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def done(self) -> float:
        """Which part of the file has been read, 0..1."""
        return min(1.0, self._bytes.tell() / max(1, self.size))

    def __iter__(self) -> Iterator[str]:
        number = 0
        try:
            for number, line in enumerate(iter(partial(self._file.readline, _LONGEST_LINE), ""), 1):
                if len(line) == _LONGEST_LINE:
                    raise DataError(f"line {number:,} is longer than {_LONGEST_LINE:,} characters")
                yield line
        except UnicodeDecodeError:
            raise DataError(self._undecodable(number + 1)) from None

    def _undecodable(self, number: int) -> str:
        # The decoder works ahead of the lines: for UTF-8 the very line is found anew.
        if self.encoding == "utf-16":
            return f"from about line {number:,} on it is not UTF-16 text, though it begins so"
        with self.path.open("rb") as file:
            for place, line in enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), 1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    return f"line {place:,} is not UTF-8 text; save the file as UTF-8"
        return f"line {number:,} is not UTF-8 text; save the file as UTF-8"
