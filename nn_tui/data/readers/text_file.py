"""The lines of a text file, in whatever encoding it is."""

import codecs
import io
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from nn_tui.data.errors import DataError
from nn_tui.data.readers.byte_source import open_table

_LONGEST_LINE = 1 << 24
_BUFFER = 1 << 16
_PIECE = 1 << 14
"""Characters that are read at once: few, so that ``done`` tells how far the lines are."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _western(byte: int) -> str:
    """Return the character of a byte in Windows-1252, or in Latin-1 if it has none there."""
    return bytes((byte,)).decode("cp1252", "replace").replace("\ufffd", chr(byte))


_WESTERN = {0xDC00 + byte: _western(byte) for byte in range(0x80, 0x100)}
"""What each byte that is not UTF-8 means; the decoder marks it by a lone surrogate."""

_MARK = re.compile("[\udc80-\udcff]")
_NOT_IN_TEXT = frozenset(map(chr, range(32))) - frozenset("\t\n\v\f\r\x1a\x1b")


class TextFile:
    """Iterates over lines with their ends; UTF-8, UTF-16, UTF-32, or Windows-1252.

    UTF-16 and UTF-32 need a byte order mark. The file may be compressed. ``notes`` are complete
    once all lines are read. Raises OSError if the file cannot be opened, DataError if it is not
    text.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._source = open_table(path)
        self.size = self._source.size
        """The size of the file on disk, in bytes."""
        start = self._source.start[:4]
        self.encoding = next((name for bom, name in _BOMS if start.startswith(bom)), "utf-8")
        marked = self.encoding.startswith("utf-8")
        self._file = io.TextIOWrapper(
            io.BufferedReader(self._source, _BUFFER),
            encoding=self.encoding,
            errors="surrogateescape" if marked else "strict",
            newline="",
        )
        self._western = 0

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
    def compressed(self) -> bool:
        """Whether the text is longer than the file on disk."""
        return bool(self._source.compression)

    @property
    def done(self) -> float:
        """The fraction of the file that has been read, 0..1."""
        return self._source.done

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed about the encoding."""
        if not self._western:
            return ()
        return (
            f"the file is not UTF-8 text (line {self._western:,}); it was read as Windows-1252 "
            "(Latin-1)",
        )

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._pieces())

    def _pieces(self) -> Iterator[list[str]]:
        """Yield the lines with their ends, many at a time."""
        rest, number = "", 0
        try:
            # A line that goes on is looked through once, however long it is.
            while piece := self._file.read(max(_PIECE, len(rest))):
                text = rest + piece
                lines = io.StringIO(text, newline="").readlines()
                # The last line may go on, and after \r there may be a \n.
                rest = "" if lines[-1].endswith("\n") else lines.pop()
                yield lines if text.isascii() else self._without_marks(lines, number)
                number += len(lines)
                if len(rest) >= _LONGEST_LINE:
                    raise DataError(
                        f"line {number + 1:,} is longer than {_LONGEST_LINE:,} characters"
                    )
        except UnicodeDecodeError:
            raise DataError(
                f"from about line {number + 1:,} on it is not {self.encoding.upper()} text, "
                "despite its start"
            ) from None
        if rest:
            yield self._without_marks([rest], number)

    def _without_marks(self, lines: list[str], before: int) -> list[str]:
        """Return the lines with characters for the bytes that are not UTF-8.

        ``before`` is the number of lines before them.
        """
        for number, line in enumerate(lines):
            if _MARK.search(line):
                line_number = before + number + 1
                if not _NOT_IN_TEXT.isdisjoint(line):
                    raise DataError(
                        f"line {line_number:,} is not text; name a file of text or NumPy arrays"
                    )
                self._western = self._western or line_number
                lines[number] = line.translate(_WESTERN)
        return lines
