"""The app as the terminal sees it: everything it overrides of Textual is here, and delegates."""

import asyncio
import os
import signal
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.driver import Driver
from textual.events import Event, Resize
from textual.widgets import Input

from nn_tui.errors import internal_error
from nn_tui.tui.terminal.driver import TerminalDriver
from nn_tui.tui.terminal.error_hooks import stray_errors_to
from nn_tui.tui.terminal.error_log import EventLog
from nn_tui.tui.terminal.flow_control import FlowControl, idle, metered
from nn_tui.tui.terminal.input_queue import InputQueue, QueueMarker
from nn_tui.tui.terminal.painter import Painter

_POLL = 0.02
_PATIENCE = 0.3
"""Seconds to wait for the terminal's last answer before it is given back."""


class TerminalApp(App[int]):
    """An app that never waits for its terminal, sends few bytes, and leaves it in order.

    It has an input queue, a painter, flow control, an event log and a driver. Subclasses
    override the methods under "Hooks".
    """

    def __init__(self, **options: Any) -> None:
        self.flow_control = FlowControl()
        super().__init__(**options)
        self.event_log = EventLog()
        self._input_queue = InputQueue(self, self._dispatch, self.event_dispatched)
        self._painter = Painter(self, self.flow_control, lambda: self.terminal_ready)
        self._stray_error_seen = False

    # Hooks

    def key_received(self) -> None:
        """Called when a key or mouse event was read, by the input thread."""

    def interrupt_received(self) -> None:
        """Called when Ctrl+C was read, by the input thread, ahead of all waiting events."""

    def event_dispatched(self, event: Event) -> None:
        """Called when the handling of a typed event begins."""

    def frame_sent(self) -> None:
        """Called after each frame."""

    def save_and_report(self) -> str:
        """Save what must not be lost; return a message about it, or an empty string.

        Called when a signal or an internal error ends the program, inside the signal's
        handler: it must not wait for anything that may not come, and be done in half a second.
        """
        return ""

    def report_error(self, error: BaseException, advice: str = "") -> str:
        """Log an internal ``error``; return a message, which ends with ``advice``."""
        return internal_error(error, None, advice)

    # Input

    async def on_event(self, event: Event) -> None:
        """Handle an event, a typed one when everything typed before it is done."""
        await self._input_queue.put(event)

    async def _dispatch(self, event: Event) -> None:
        self.event_log.note_event(event, lambda: isinstance(self.focused, Input))
        await super().on_event(event)

    def on_queue_marker(self, event: QueueMarker) -> None:
        """Everything posted before the marker is done."""
        event.arrived.set()

    @property
    def events_waiting(self) -> int:
        """The number of events not handled yet; for any thread."""
        return self.message_queue_size + self._input_queue.waiting

    @property
    def input_busy(self) -> bool:
        """Whether a typed event is not done yet."""
        return self._input_queue.busy

    @property
    def quitting(self) -> bool:
        """Whether the program ends, and input is discarded."""
        return self._input_queue.closed

    def discard_input(self) -> None:
        """Handle no more typed events: the program ends."""
        self._input_queue.closed = True

    async def run_action(self, action: Any, *place: Any, **places: Any) -> bool:
        """Log the action's name and run it."""
        name = action.partition("(")[0] if isinstance(action, str) else action[1]
        self.event_log.note(f"action {name}")
        return await super().run_action(action, *place, **places)

    # Output

    def get_driver_class(self) -> type[Driver]:
        """A driver that never waits, and whose writes are measured."""
        return metered(TerminalDriver, self.flow_control)

    @property
    def terminal_ready(self) -> bool:
        """Whether a frame that is sent now is seen soon."""
        return idle(self._driver) and self.flow_control.ready

    @property
    def terminal_spare(self) -> bool:
        """Whether there is room for a frame that nobody waits for."""
        return idle(self._driver) and self.flow_control.spare

    def terminal_answered(self) -> None:
        """The terminal has taken everything up to the last status request."""
        self.flow_control.answered()

    def on_resize(self, event: Resize) -> None:
        """Send everything: the content of a resized terminal is unknown."""
        self._painter.repaint_all()

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is None:
            return  # no cell changes
        if self._painter.prepare(renderable):
            super()._display(screen, renderable)
            self.frame_sent()
            self._painter.sent()

    # Suspending

    async def action_put_aside(self) -> None:
        """Suspend; the shell must not receive an answer of the terminal."""
        self.flow_control.pause_requests()
        await self.await_last_answer()
        self.action_suspend_process()

    def action_suspend_process(self) -> None:
        """Suspend the whole job, which may be more than one process."""
        if isinstance(self._driver, TerminalDriver):
            os.killpg(0, signal.SIGTSTP)

    def terminal_resumed(self) -> None:
        """The program continues after it was suspended: send status requests and everything."""
        self.flow_control.resume_requests()
        self._painter.repaint_all()

    async def await_last_answer(self) -> None:
        """Wait a moment for an answer that the terminal may still send."""
        for _ in range(round(_PATIENCE / _POLL)):
            if not self.flow_control.awaits_answer:
                return
            await asyncio.sleep(_POLL)

    # Errors and exit

    def run_to_the_end(self, mouse: bool = True) -> int:
        """Run; return the exit code, once the terminal is restored.

        Raises the exception that ended the program, from whatever thread or callback; before
        that, ``save_and_report`` is called.
        """
        try:
            with stray_errors_to(self.stray_error):
                return self._run_quietly(mouse)
        except BaseException:
            if isinstance(driver := self._driver, TerminalDriver):
                driver.restore()
                driver.say(self.save_before_exit())
                if driver.signals:
                    driver.signals.last_words = None  # the caller has the exception
            raise

    def _run_quietly(self, mouse: bool) -> int:
        """Run; raise the exception that ended the app, where Textual would print it."""
        code = self.run(mouse=mouse)
        failure: Exception | None = getattr(self, "_exception", None)
        if failure is not None:
            failure.add_note(str(self.event_log))
            raise failure
        return code or 0

    def _fatal_error(self) -> Any:
        self._close_messages_no_wait()

    def fail(self, error: BaseException) -> None:
        """End the program because of ``error``."""
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def stray_error(self, error: BaseException) -> None:
        """End the program because of an uncaught ``error``; from any thread.

        If the event loop is blocked, for instance by a thread that has just died, the
        signal handler restores the terminal and saves.
        """
        if self._stray_error_seen or self.quitting:
            return
        self._stray_error_seen = True
        if isinstance(driver := self._driver, TerminalDriver) and driver.signals:
            with suppress(RuntimeError):  # the loop is closed
                driver.call_in_loop(self.fail, error)
            driver.signals.last_words = lambda: self.report_error(error)
            driver.signals.exit_within_a_second(1)

    def save_before_exit(self) -> str:
        """``save_and_report``; if that fails, a message about what is lost."""
        try:
            return self.save_and_report()
        except Exception as error:
            return f"unsaved changes are lost: {error}"

    def exit_within_a_second(self) -> None:
        """Ensure that the program ends by then, even if the terminal takes no more output."""
        if isinstance(driver := self._driver, TerminalDriver) and driver.signals:
            driver.signals.exit_within_a_second(0)
