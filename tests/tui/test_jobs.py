"""What was asked for: in order, with rests that end as soon as there is something."""

import asyncio
import threading

import pytest

from nn_tui.tui.session.job_queue import JobQueue


async def test_what_was_asked_for_first_is_done_first():
    jobs, done = JobQueue(), []
    for name in "abc":
        jobs.put(lambda name=name: done.append(name))
    while jobs.pending:
        jobs.get()()
    assert done == ["a", "b", "c"]


async def test_all_is_settled_only_when_it_is_done_or_dropped():
    jobs = JobQueue()
    for end in (jobs.mark_idle, jobs.clear):
        jobs.put(print)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(jobs.wait_idle(), 0.01)
        end()
        await asyncio.wait_for(jobs.wait_idle(), 60)
    assert not jobs.pending


async def test_one_may_wait_for_what_was_asked_for_but_not_for_ever():
    jobs = JobQueue()
    await asyncio.wait_for(jobs.wait_processed(60), 30)
    jobs.put(print)
    await jobs.wait_processed(0.01)
    waits = asyncio.create_task(jobs.wait_processed(60))
    await asyncio.sleep(0)
    assert not waits.done()
    jobs.mark_processed()
    await asyncio.wait_for(waits, 30)


async def test_a_rest_ends_by_what_is_asked_for_and_else_by_its_time():
    jobs = JobQueue()
    assert await jobs.sleep(0.01)
    jobs.put(print)
    assert not await jobs.sleep(60)
    jobs.clear_wake()
    assert await jobs.sleep(0.01)


async def test_another_thread_may_end_a_rest():
    jobs = JobQueue()
    thread = threading.Thread(target=jobs.waker())
    thread.start()
    assert not await asyncio.wait_for(jobs.sleep(None), 60)
    thread.join()


def test_what_wakes_after_the_end_of_the_loop_does_nothing():
    async def waker():
        return JobQueue().waker()

    asyncio.run(waker())()


def test_only_what_says_so_can_be_stopped_and_not_by_what_came_before():
    jobs = JobQueue()
    assert not jobs.cancel()
    with jobs.cancellable() as cancelled:
        assert not cancelled()
        assert jobs.cancel()
        assert cancelled()
    assert not jobs.cancel()
