"""Keys are handled one after the other, and an interrupt discards those that wait."""

import asyncio

import pytest
from textual.events import Key
from textual.message_pump import MessagePump

from nn_tui.tui.terminal.input_queue import InputQueue


class AppOfNoScreen:
    """An app in which a key has no consequences; what is to be called later is kept."""

    focused = screen = None
    screen_stack = ()

    def __init__(self):
        self.later = []

    def call_later(self, callback):
        self.later.append(callback)
        return True


async def until_idle(queue):
    while queue._current is not None and not queue._current.done():
        await asyncio.sleep(0)


async def test_an_interrupt_between_two_keys_discards_the_second_and_harms_no_later_one():
    app, handled = AppOfNoScreen(), []

    async def dispatch(event):
        handled.append(event.key)

    queue = InputQueue(app, dispatch, lambda event: None)
    await queue.put(Key("a", "a"))
    await queue.put(Key("b", "b"))
    await until_idle(queue)
    (next_key,) = app.later  # the turn of b, which an interrupt overtakes
    await queue.put(Key("ctrl+c", None))
    await next_key()
    assert handled == ["a", "ctrl+c"]
    assert not queue.busy
    await queue.put(Key("c", "c"))
    assert handled == ["a", "ctrl+c", "c"]


class Pane(MessagePump):
    """A widget that takes a message and passes on what is allowed."""

    def __init__(self):
        super().__init__()
        self._running = True
        self.taken = []

    def post_message(self, message):
        self.taken.append(message)
        return True


class AppOfOnePane(AppOfNoScreen):
    def __init__(self):
        super().__init__()
        self.focused = Pane()
        self.screen_stack = (self.focused,)


async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)


@pytest.fixture
async def one_key_handled():
    app, handled = AppOfOnePane(), []

    async def dispatch(event):
        handled.append(event.key)

    queue = InputQueue(app, dispatch, lambda event: None)
    await queue.put(Key("a", "a"))
    await queue.put(Key("b", "b"))
    await until(lambda: app.focused.taken)
    return app, queue, handled


async def test_a_key_waits_until_everything_before_it_is_done_however_long(one_key_handled):
    app, _, handled = one_key_handled
    await asyncio.sleep(1.5)  # as on a machine that has much else to do
    assert app.later == []
    for done in range(3):
        await until(lambda done=done: len(app.focused.taken) > done)
        app.focused.taken[done].arrived.set()
    await until(lambda: app.later)
    assert handled == ["a"]


async def test_a_key_waits_no_longer_for_a_widget_that_is_removed(one_key_handled):
    app, *_ = one_key_handled
    app.focused._running = False
    await until(lambda: app.later)
    assert len(app.focused.taken) == 3
