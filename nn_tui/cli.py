"""Command-line entry point; a command's modules are imported only when it runs."""

import argparse
import errno
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from nn_tui.blas_threads import use_one_thread
from nn_tui.commands import COMMANDS, OPEN
from nn_tui.commands.console import print_message, silence
from nn_tui.errors import InputError, UsageError, internal_error
from nn_tui.spelling import suggest

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

SUCCESS, CRASHED, USAGE, BAD_INPUT = 0, 1, 2, 3
_INTERRUPTED, _BROKEN_PIPE = 128 + 2, 128 + 13
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (``sys.argv`` by default) and return the exit code.

    0 success, 1 internal error, 2 usage error, 3 bad input, 4 diverged, 128 + n on signal n.
    """
    _replace_unencodable_characters()
    use_one_thread()
    if not sys.warnoptions:  # overflow is reported as a message, where it matters
        warnings.filterwarnings("ignore", category=RuntimeWarning)
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run_command(words)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except InputError as error:
        print_message(str(error))
        return USAGE if isinstance(error, UsageError) else BAD_INPUT
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        silence(sys.stdout)
        return _BROKEN_PIPE
    except MemoryError:
        print_message("not enough memory for this experiment; use less data or smaller layers")
        return BAD_INPUT
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL and not error.filename:
            silence(sys.stdout)
            print_message(f"cannot write the output: {error.strerror}")
            return BAD_INPUT
        return _report_crash(error, words)


def _run_command(words: list[str]) -> int:
    name = words[0] if words and words[0] in COMMANDS else OPEN
    module = import_module(f"nn_tui.commands.{name}")
    parser = _parser(name)
    if name == OPEN and len(words) > 1:
        parser.suggested_command = next(iter(suggest(words[0], COMMANDS)), "")
    module.add_arguments(parser)
    try:
        parsed = parser.parse_args(words if name == OPEN else words[1:])
    except SystemExit as exit:  # how argparse ends --help, --version and usage errors
        return exit.code if isinstance(exit.code, int) else USAGE
    code: int = module.run(parsed)
    return code


class _Parser(argparse.ArgumentParser):
    """argparse with one-line usage errors.

    ``suggested_command`` is the command whose name is closest to the first word, if any.
    """

    suggested_command = ""

    def error(self, message: str) -> NoReturn:
        mistyped = self.suggested_command and message.startswith("unrecognized arguments")
        hint = f"did you mean {self.prog} {self.suggested_command}? " if mistyped else ""
        print_message(f"{message}; {hint}see {self.prog} --help")
        raise SystemExit(USAGE)

    def print_help(self, file: "SupportsWrite[str] | None" = None) -> None:
        print(self.format_help(), end="", file=file)  # argparse would hide a write error


def _parser(name: str) -> _Parser:
    if name != OPEN:
        return _Parser(prog=f"nn-tui {name}", description=COMMANDS[name] + ".", allow_abbrev=False)
    commands = "\n".join(f"  nn-tui {name:8}{help}" for name, help in COMMANDS.items())
    parser = _Parser(
        prog="nn-tui",
        usage="nn-tui [EXPERIMENT] [--set KEY=VALUE …]\n       nn-tui COMMAND …",
        description="A neural-network laboratory in the terminal. Opens EXPERIMENT on the screen.",
        epilog=f"commands (each has its own --help):\n{commands}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version",
        action=_Version,
        help="print the version, and whether training is compiled, and exit",
    )
    return parser


class _Version(argparse.Action):
    """Print the version and what runs the steps; both are looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from nn_tui.commands.version import version_line

        print(version_line())
        raise SystemExit(SUCCESS)


def _replace_unencodable_characters() -> None:
    # A locale without η or × gets a question mark instead of an error.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _report_crash(error: Exception, words: list[str]) -> int:
    from nn_tui.commands.crash_report import write_crash_file

    print_message(internal_error(error, write_crash_file(error, words)))
    return CRASHED
