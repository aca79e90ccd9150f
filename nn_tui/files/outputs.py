"""Outputs named on the command line, and checks that they overwrite no input or other file.

``-`` is standard output.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nn_tui.errors import InputError, UsageError

_STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_STREAMS = {1: "standard output", 2: "standard error"}


@dataclass(frozen=True)
class Output:
    """A file to write, named by ``option`` such as ``--save``.

    ``is_earlier(path)`` recognizes the output of an earlier command with the same option,
    which may be overwritten without ``--force``; ``noun`` describes such a file.
    """

    option: str
    name: str
    noun: str = ""
    is_earlier: Callable[[Path], bool] = lambda path: False
    binary: bool = False

    @property
    def standard(self) -> bool:
        """Whether it goes to standard output."""
        return self.name in _STANDARD_OUTPUT

    @property
    def shown(self) -> str:
        """The destination, for messages."""
        return "standard output" if self.standard else self.name

    @property
    def path(self) -> Path:
        """The file; meaningless for standard output."""
        return Path(self.name)


def check_apart(outputs: Sequence[Output], printing: str = "") -> None:
    """Raise UsageError if two outputs are the same file, or both are standard output.

    ``printing`` is the option, if any, that prints a result on standard output.
    """
    standard = [output.option for output in outputs if output.standard]
    if printing:
        standard.append(printing)
    if len(standard) > 1:
        raise UsageError(
            f"{_listed(standard)} cannot share standard output; name a file for one of them"
        )
    for output in outputs:
        if output.standard and output.binary and sys.stdout is not None and sys.stdout.isatty():
            raise UsageError(
                f"{output.option} - writes a binary file; redirect standard output, as in "
                f"{output.option} - > weights.npz"
            )
    files = [output for output in outputs if not output.standard]
    for i, output in enumerate(files):
        for other in files[i + 1 :]:
            if same_file(output.path, other.path):
                raise UsageError(
                    f"{output.option} and {other.option} name the same file; give each its own"
                )
        for number, stream in _STREAMS.items():
            if _is_stream(output.path, number):
                raise UsageError(f"{output.option} and {stream} are the same file, {output.path}")


def check_inputs_kept(outputs: Iterable[Output], inputs: Iterable[str | Path]) -> None:
    """Raise UsageError if an output, or standard output, is one of the ``inputs``."""
    for read in map(Path, inputs):
        for output in outputs:
            if not output.standard and same_file(output.path, read):
                raise UsageError(
                    f"{output.option} would overwrite {read}, which is an input; "
                    "choose another name"
                )
        for number, stream in _STREAMS.items():
            if _is_stream(read, number):
                raise UsageError(f"{stream} is redirected to {read}, which is an input")


def check_replaceable(outputs: Iterable[Output], force: bool) -> None:
    """Raise InputError for an existing file that is not an earlier output, unless ``force``."""
    for output in outputs:
        path = output.path
        if output.standard or force or not os.path.isfile(path) or output.is_earlier(path):
            continue
        unlike = f" and is not {output.noun}" if output.noun else ""
        raise InputError(f"{path} exists{unlike}; choose another name, or --force overwrites it")


def standard_output() -> IO[bytes]:
    """Open a duplicate of standard output as a binary file. Raises OSError or InputError.

    Data that cannot be written is dropped on close, so that Python does not retry at exit.
    """
    if sys.stdout is None:
        raise InputError("standard output is closed; name a file instead of -")
    sys.stdout.flush()
    return open(os.dup(sys.stdout.fileno()), "wb")


def write_standard(content: bytes) -> None:
    """Write to standard output. Raises OSError (such as BrokenPipeError) or InputError."""
    with standard_output() as file:
        file.write(content)


def same_file(one: Path, other: Path) -> bool:
    """Whether both paths refer to the same file, existing or not, links resolved."""
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):  # at least one does not exist
        return _resolved(one) == _resolved(other)


def _resolved(path: Path) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return os.path.abspath(path)


def _is_stream(path: Path, number: int) -> bool:
    """Whether the file descriptor ``number`` is redirected to the regular file ``path``."""
    try:
        file, stream = os.stat(path), os.fstat(number)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(stream.st_mode) and os.path.samestat(file, stream)


def _listed(options: Sequence[str]) -> str:
    *others, last = options
    return f"{', '.join(others)} and {last}"
