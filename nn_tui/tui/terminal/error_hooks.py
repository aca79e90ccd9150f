"""No exception goes astray: those that Python would print over the screen are handed on."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Handle = Callable[[BaseException], object]


@contextmanager
def stray_errors_to(handle: Handle) -> Iterator[None]:
    """Within the block ``handle`` gets what no thread and no destructor has caught.

    It is called in the thread where that happened.
    """
    threads, destructors = threading.excepthook, sys.unraisablehook

    def handed_on(stray: Any) -> None:  # ExceptHookArgs or UnraisableHookArgs
        if stray.exc_value is not None and not isinstance(stray.exc_value, SystemExit):
            handle(stray.exc_value)

    threading.excepthook = sys.unraisablehook = handed_on
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = threads, destructors


def hand_on_errors_of(loop: asyncio.AbstractEventLoop, handle: Handle) -> None:
    """Have ``handle`` called for errors in the loop's callbacks, and in tasks nobody awaits."""

    def handed_on(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None:
            handle(error)

    loop.set_exception_handler(handed_on)
