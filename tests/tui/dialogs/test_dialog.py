"""An error in a worker of a modal screen is reported, and the screen says so and stays usable."""

import ast
import inspect
from pathlib import Path

import pytest
from textual.app import App

import nn_tui.tui
from nn_tui.files.runs.run_store import RunStore
from nn_tui.tui.app import NnTui
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.screens import export, open, open_items
from tests.tui.screen import opened, until


def fails(*_, **__):
    raise ZeroDivisionError("made to fail")


async def failed(seen, reports):
    """Wait until a worker has failed and the screen has said so."""
    await until(lambda: reports)
    await seen.pilot.pause()
    assert "internal error, ZeroDivisionError: made to fail" in seen.text
    assert "details are in a file" in seen.text
    (error,) = reports
    assert "Last events" in error.__notes__[0]


@pytest.fixture
def reports():
    return []


@pytest.fixture
def opening(tmp_path, reports, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = RunStore(tmp_path / "runs")
    return lambda: opened(
        "blog", store=store, report=lambda error: reports.append(error) or "a file"
    )


@pytest.mark.parametrize("where", ["files", "runs"])
async def test_reading_what_can_be_opened(where, opening, reports, monkeypatch):
    monkeypatch.setattr(open_items, where, fails)
    async with opening() as seen:
        await seen.press("o")
        await failed(seen, reports)
        assert "loading" not in seen.text and "could not be read" in seen.text
        await seen.press(*"iris", "enter")
        assert seen.app.session.name == "iris"


@pytest.mark.parametrize("key", ["u", "i"])
async def test_what_is_done_with_a_saved_run(key, opening, reports, monkeypatch):
    monkeypatch.setattr(open, "run_details", fails)
    monkeypatch.setattr(RunStore, "restore", fails)
    async with opening() as seen:
        await seen.train(3)
        await until(lambda: seen.app.session.saver.store.entries())
        await seen.press("o", "tab", key)
        await failed(seen, reports)
        await seen.press("escape")
        await seen.train(1)
        assert seen.app.snapshot.epoch == 4


async def test_writing_a_file(opening, reports, monkeypatch):
    monkeypatch.setattr(export, "write_export", fails)
    async with opening() as seen:
        await seen.press("w", "enter", "enter")
        await failed(seen, reports)
        await seen.press("escape", "escape")
        assert seen.app.screen is seen.app.screen_stack[0]


async def test_finding_more_to_choose_from(opening, reports):
    chosen = []
    async with opening() as seen:
        screen = ChoiceDialog("Pick", "one", [Choice("first")], chosen.append, later=fails)
        seen.app.push_screen(screen)
        await failed(seen, reports)
        await seen.press("enter")
        assert chosen == [("first",)]


def test_every_class_with_workers_reports_their_errors():
    """Textual ends the program without a word of ours, or says nothing, where one does not."""
    source = Path(nn_tui.tui.__file__).parent
    found = {}
    for path in source.rglob("*.py"):
        for made in ast.walk(ast.parse(path.read_text())):
            if isinstance(made, ast.ClassDef):
                decorators = [
                    ast.unparse(decorator)
                    for method in ast.walk(made)
                    if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
                    for decorator in method.decorator_list
                ]
                works = [text for text in decorators if text.startswith("work")]
                if works or "run_worker(" in ast.unparse(made):
                    found[made.name] = works
    assert {"NnTui", "OpenScreen", "ExportScreen", "ChoiceDialog"} <= {*found}
    for name, works in found.items():
        assert all("exit_on_error=False" in text for text in works), name
    classes = {kind.__name__: kind for kind in subclasses(App) | subclasses(Dialog)}
    assert "exit_on_error=False" in inspect.getsource(BaseApp.run_in_background)
    del found["BaseApp"]  # its workers are the app's
    reporting = (NnTui, Dialog)
    assert [name for name in found if not issubclass(classes[name], reporting)] == []


def subclasses(kind):
    found = {kind}
    for below in kind.__subclasses__():
        found |= subclasses(below)
    return found


async def test_an_error_in_the_background_is_reported_and_training_goes_on(monkeypatch):
    monkeypatch.setattr("nn_tui.training.worst_first.worst_first", fails)
    reports = []
    options = {"report": lambda error: reports.append(error) or "a file"}
    async with opened("blog-xor", (120, 36), "training.epochs=0", **options) as seen:
        await seen.press("1", "W")
        await until(lambda: reports)
        await until(lambda: "internal error, ZeroDivisionError" in seen.text)
        assert "training stopped" not in seen.text
        await seen.press("s")
        assert seen.app.session.trainer.epoch == 1
