"""Handlers for uncaught exceptions, which Python would print over the screen."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Handle = Callable[[BaseException], object]


@contextmanager
def stray_errors_to(handle: Handle) -> Iterator[None]:
    """Within the block, call ``handle`` with uncaught exceptions of threads and destructors.

    It is called in the thread that raised the exception.
    """
    threads, destructors = threading.excepthook, sys.unraisablehook

    def pass_on(stray: Any) -> None:  # ExceptHookArgs or UnraisableHookArgs
        error = stray.exc_value
        if error is not None and not isinstance(error, SystemExit) and not _late_signal(error):
            handle(error)

    threading.excepthook = sys.unraisablehook = pass_on
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = threads, destructors


def _late_signal(error: BaseException) -> bool:
    """Whether Python reports a signal that came just as it began to be ignored: no error."""
    return isinstance(error, OSError) and "ignored due to race condition" in str(error)


def pass_on_loop_errors(loop: asyncio.AbstractEventLoop, handle: Handle) -> None:
    """Call ``handle`` with exceptions of the loop's callbacks and of tasks never awaited."""

    def pass_on(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None:
            handle(error)

    loop.set_exception_handler(pass_on)
