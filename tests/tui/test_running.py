"""Whether training runs is known in one place: status line and footer follow the session."""

import threading
from contextlib import contextmanager

import pytest

from nn_tui.errors import InputError
from nn_tui.tui.app import NnTui
from tests.tui.screen import opened, until

ENDLESS = ("training.epochs=0", "view.pace=5")


@contextmanager
def held_up(monkeypatch, owner, name):
    """A method of the timeline that does not return before the block is left."""
    released = threading.Event()
    real = getattr(owner, name)

    def waits(*arguments, **options):
        released.wait(60)
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, waits)
    try:
        yield
    finally:
        released.set()


PAUSES = {
    "undo": ("session('undo')", "undo"),
    "redo": ("session('redo')", "redo"),
    "back in time": ("time(-1)", "go_to"),
}


@pytest.mark.parametrize("what", PAUSES)
async def test_what_pauses_the_session_shows_as_paused_while_it_is_still_at_work(what, monkeypatch):
    action, method = PAUSES[what]
    async with opened("blog-xor", (160, 45), *ENDLESS) as seen:
        app = seen.app
        await seen.train(20)
        app.action_go()
        await seen.pilot.pause()
        assert "running" in seen.lines[0] and "space pause" in seen.lines[-1]
        with held_up(monkeypatch, app.session.timeline, method):
            await app.run_action(action)
            await until(lambda: "paused" in seen.lines[0])
            assert not app.session.running
            assert "space run" in seen.lines[-1]
        await seen.settled()
        assert "paused" in seen.lines[0] and "space run" in seen.lines[-1]


def test_only_the_session_knows_whether_training_runs():
    assert not hasattr(NnTui, "running")


@pytest.mark.parametrize(
    ("error", "reported"),
    [(InputError("not like this"), False), (ValueError("broadcast"), True), (KeyError(1), True)],
    ids=lambda value: type(value).__name__,
)
async def test_only_an_input_error_in_a_job_is_the_users_mistake(error, reported):
    reports = []

    def job():
        raise error

    def made(timeline):
        return NnTui(timeline, report=lambda error: reports.append(error) or "a file")

    async with opened("blog", made=made) as seen:
        seen.app.session.worker.request(job)
        await seen.settled()
        assert bool(reports) == reported == seen.app.session.failed
        assert ("internal error" in seen.text) == reported
        assert reported or seen.info == "not like this"
