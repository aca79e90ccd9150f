"""The bytes of a data file: unpacked if it is compressed."""

import io
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Self, cast

from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.readers.foreign_formats import foreign_format, kind_of_archive
from nn_tui.memory import format_bytes
from nn_tui.text import make_printable, quoted

_GZIP, _BZIP2, _XZ, _ZIP = b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
NUMPY_ARRAY = b"\x93NUMPY"
"""The first bytes of an NPY file."""

_FREE_BYTES = 1 << 26
_MOST_RATIO = 100
"""A file that unpacks to more than this many times its size, and to more than 64 MiB, is refused:
a table seldom exceeds 30, a decompression bomb reaches 1,000 and more."""

_START_BYTES = 1 << 12


class ByteSource(io.RawIOBase):
    """The unpacked bytes of a data file, as a raw stream; a context manager.

    ``size`` is that of the file on disk, in bytes, and ``start`` are the first unpacked bytes.
    Raises OSError, and DataError for a damaged or an encrypted file, for an archive that is no
    single compressed file, and for one that unpacks to far too much.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("rb")
        try:
            self.size = path.stat().st_size
            self._unpacked = 0
            self._stream, self.compression = _unpacking(self._file)
            self.start = b""
            while len(self.start) < _START_BYTES and (more := self._next(_START_BYTES)):
                self.start += more
            self._pushed_back = self.start
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()

    @property
    def done(self) -> float:
        """The fraction of the file on disk that has been read, 0..1."""
        return min(1.0, self._file.tell() / max(1, self.size))

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Read at most as many bytes as ``buffer`` has; 0 at the end."""
        chunk = self._pushed_back[: len(buffer)] or self._next(len(buffer))
        self._pushed_back = self._pushed_back[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _next(self, most: int) -> bytes:
        try:
            chunk = self._stream.read(most)
        except EOFError:
            raise DataError(f"it is cut off: the {self.compression} data end too early") from None
        except Exception as error:
            # For damaged data, the decompressors raise exceptions of many types.
            from_disk = isinstance(error, OSError) and error.errno is not None
            if from_disk or not self.compression:
                raise
            raise DataError(f"the {self.compression} data are damaged ({_reason(error)})") from None
        self._unpacked += len(chunk)
        most = max(_FREE_BYTES, _MOST_RATIO * self._file.tell())
        if self.compression and self._unpacked > most:
            raise DataError(
                f"it unpacks to more than {format_bytes(most)}, over {_MOST_RATIO} times its size; "
                "if this is right, unpack it and open the unpacked file"
            )
        return chunk


def _reason(error: Exception) -> str:
    return quoted(make_printable(str(error)) or type(error).__name__, 60)[1:-1]


def open_table(path: Path) -> ByteSource:
    """Open a file of text. Raises what ``ByteSource`` does, and DataError for no text."""
    source = ByteSource(path)
    try:
        kind = foreign_format(source.start)
        if kind:
            raise DataError(f"it {_contains(source)} {kind}")
        if source.compression and source.start.startswith((NUMPY_ARRAY, _ZIP, _EMPTY_ZIP)):
            what = "a NumPy array" if source.start.startswith(NUMPY_ARRAY) else "a zip archive"
            raise DataError(f"it contains {what}; unpack it first")
        if source.compression and source.start.startswith((_GZIP, _BZIP2, _XZ)):
            raise DataError("it is compressed twice; unpack it first")
    except BaseException:
        source.close()
        raise
    return source


def _contains(source: ByteSource) -> str:
    return "contains" if source.compression else "is"


def is_packed_table(path: Path) -> bool:
    """Return whether a file is a zip archive of something other than NumPy arrays."""
    with path.open("rb") as file:
        if not file.read(4).startswith((_ZIP, _EMPTY_ZIP)):
            return False
        import zipfile  # imported on first use, like the other formats: start-up time

        try:
            with zipfile.ZipFile(file) as archive:
                return not any(name.endswith(".npy") for name in archive.namelist())
        except Exception:  # a damaged archive, see above
            return False


def _unpacking(file: IO[bytes]) -> tuple[IO[bytes], str]:
    """Return a stream of the unpacked bytes, and the compression; empty for a plain file."""
    start = file.read(6)
    file.seek(0)
    if start.startswith(_GZIP):
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=file)), "gzip"
    if start.startswith(_BZIP2) and start[3:4].isdigit():
        import bz2

        return bz2.BZ2File(file), "bzip2"
    if start.startswith(_XZ):
        import lzma

        return lzma.LZMAFile(file), "xz"
    if start.startswith((_ZIP, _EMPTY_ZIP)):
        return _only_member(file), "zip"
    return file, ""


def _only_member(file: IO[bytes]) -> IO[bytes]:
    """Return the stream of the only file in a zip archive."""
    import zipfile

    try:
        archive = zipfile.ZipFile(file)
        kind = kind_of_archive(archive.namelist())
        if kind:
            raise DataError(f"it is {kind}")
        members = [info for info in archive.infolist() if _is_content(info.filename)]
        if not members:
            raise DataError("it is a zip archive without a file in it")
        if len(members) > 1:
            names = joined_names([quoted(info.filename, 30)[1:-1] for info in members], 4)
            raise DataError(
                f"it is a zip archive of {len(members):,} files ({names}); unpack it and open one"
            )
        if members[0].flag_bits & 1:
            raise DataError("it is an encrypted zip archive; unpack it first")
        return archive.open(members[0])
    except DataError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise DataError(f"the zip archive is damaged ({_reason(error)})") from None


def _is_content(name: str) -> bool:
    """Return whether a member is a file of the user's, not a folder or what macOS adds."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.endswith("/")
        and not any(part == "__MACOSX" or part.startswith(".") for part in parts)
    )
