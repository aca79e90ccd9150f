"""Keys are handled one after the other, and an interrupt discards those that wait."""

import asyncio

from textual.events import Key

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
