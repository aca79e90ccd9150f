"""The outputs that a command line names: none destroys an input, another output or other work.

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
    """A file to be written, named by ``option`` such as ``--save``.

    ``is_earlier(path)`` recognizes a file that an earlier command wrote for the same option
    and that may be overwritten without asking; ``noun`` says what such a file is.
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
        """Where it goes, for a sentence."""
        return "standard output" if self.standard else self.name

    @property
    def path(self) -> Path:
        """The file; meaningless for standard output."""
        return Path(self.name)


def check_apart(outputs: Sequence[Output], printing: str = "") -> None:
    """Raises UsageError where two outputs are one file, or both go to standard output.

    ``printing`` is the option, if any, that prints its result there.
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
    for place, output in enumerate(files):
        for other in files[place + 1 :]:
            if same_file(output.path, other.path):
                raise UsageError(
                    f"{output.option} and {other.option} name the same file; give each its own"
                )
        for number, stream in _STREAMS.items():
            if _is_stream(output.path, number):
                raise UsageError(f"{output.option} and {stream} are the same file, {output.path}")


def check_inputs_kept(outputs: Iterable[Output], inputs: Iterable[str | Path]) -> None:
    """Raises UsageError where an output, or standard output, is one of the ``inputs``."""
    for read in map(Path, inputs):
        for output in outputs:
            if not output.standard and same_file(output.path, read):
                raise UsageError(
                    f"{output.option} would overwrite {read}, which is an input; "
                    "choose another name"
                )
        for number, stream in _STREAMS.items():
            if _is_stream(read, number):
                raise UsageError(f"{stream} goes into {read}, which is an input")


def check_replaceable(outputs: Iterable[Output], force: bool) -> None:
    """Raises InputError for an existing file that is no earlier output, unless ``force``."""
    for output in outputs:
        path = output.path
        if output.standard or force or not os.path.isfile(path) or output.is_earlier(path):
            continue
        not_one = f" and is not {output.noun}" if output.noun else ""
        raise InputError(f"{path} exists{not_one}; choose another name, or --force overwrites it")


def standard_output() -> IO[bytes]:
    """A binary file of one's own on standard output, to be closed; raises OSError, InputError.

    What cannot be written is lost when it is closed, so that Python does not try again.
    """
    if sys.stdout is None:
        raise InputError("standard output is closed; name a file instead of -")
    sys.stdout.flush()
    return open(os.dup(sys.stdout.fileno()), "wb")


def write_standard(content: bytes) -> None:
    """Write to standard output; raises OSError, BrokenPipeError among them, or InputError."""
    with standard_output() as file:
        file.write(content)


def same_file(one: Path, other: Path) -> bool:
    """Whether both paths lead to one file, through links of any kind, be it there or not."""
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
    """Whether an ordinary file is where the process's stream goes."""
    try:
        there, stream = os.stat(path), os.fstat(number)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(stream.st_mode) and os.path.samestat(there, stream)


def _listed(options: Sequence[str]) -> str:
    *others, last = options
    return f"{', '.join(others)} and {last}"
