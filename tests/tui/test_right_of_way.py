"""Training stands aside for a key, and not for long."""

import asyncio

from nn_tui.tui.session.pacing import KeyPriority


class Clock:
    now = 10.0

    def __call__(self):
        return self.now


async def test_training_waits_until_what_the_key_did_is_painted():
    way = KeyPriority()
    assert not way.claimed
    await way.wait()  # nobody is in the way
    way.claim()
    assert way.claimed
    waiting = asyncio.create_task(way.wait())
    await asyncio.sleep(0)
    way.frame_sent()  # a picture from before the key
    assert way.claimed and not waiting.done()
    way.key_handled()
    way.frame_sent()
    assert not way.claimed
    await waiting


async def test_a_key_that_changes_nothing_is_not_waited_for_for_ever():
    way = KeyPriority()
    way.claim()
    way.key_handled()
    await asyncio.wait_for(way.wait(), 10)
    assert not way.claimed


async def test_a_key_held_down_leaves_training_half_of_the_time():
    clock = Clock()
    way = KeyPriority(clock)
    way.claim()
    waiting = asyncio.create_task(way.wait())
    await asyncio.sleep(0)
    clock.now += 0.03
    way.key_handled()
    way.frame_sent()
    await waiting
    clock.now += 0.02
    way.claim()
    assert not way.claimed
    clock.now += 0.02
    way.claim()
    assert way.claimed
