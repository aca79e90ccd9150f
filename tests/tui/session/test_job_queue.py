"""Jobs in their order, and a sleep that a job ends."""

import asyncio
import threading

import pytest

from nn_tui.tui.session.job_queue import JobQueue


async def test_jobs_are_returned_in_their_order():
    jobs, done = JobQueue(), []
    for name in "abc":
        jobs.put(lambda name=name: done.append(name))
    while jobs.pending:
        jobs.get()()
    assert done == ["a", "b", "c"]


async def test_wait_idle_ends_when_the_queue_is_idle_or_cleared():
    jobs = JobQueue()
    for end in (jobs.mark_idle, jobs.clear):
        jobs.put(print)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(jobs.wait_idle(), 0.01)
        end()
        await asyncio.wait_for(jobs.wait_idle(), 60)
    assert not jobs.pending


async def test_wait_processed_ends_with_the_jobs_or_after_its_time():
    jobs = JobQueue()
    await asyncio.wait_for(jobs.wait_processed(60), 30)
    jobs.put(print)
    await jobs.wait_processed(0.01)
    waits = asyncio.create_task(jobs.wait_processed(60))
    await asyncio.sleep(0)
    assert not waits.done()
    jobs.mark_processed()
    await asyncio.wait_for(waits, 30)


async def test_sleep_ends_with_a_job_or_after_its_time():
    jobs = JobQueue()
    assert await jobs.sleep(0.01)
    jobs.put(print)
    assert not await jobs.sleep(60)
    jobs.clear_wake()
    assert await jobs.sleep(0.01)


async def test_another_thread_can_end_a_sleep():
    jobs = JobQueue()
    thread = threading.Thread(target=jobs.waker())
    thread.start()
    assert not await asyncio.wait_for(jobs.sleep(None), 60)
    thread.join()


def test_a_waker_does_nothing_once_the_loop_is_closed():
    async def waker():
        return JobQueue().waker()

    asyncio.run(waker())()


def test_only_a_cancellable_job_is_cancelled_and_only_from_within():
    jobs = JobQueue()
    assert not jobs.cancel()
    with jobs.cancellable() as cancelled:
        assert not cancelled()
        assert jobs.cancel()
        assert cancelled()
    assert not jobs.cancel()
