"""Makes the pictures in this folder: ``python screenshots/make.py``, from the top folder.

Every picture is the program itself, driven by the keys given here, so it shows what a
person would see. The same version makes the same bytes, but for the seconds that training
took, in the comparison. With names, only those are made.
"""

import asyncio
import re
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.pilot import Pilot

from nn_tui import experiment
from nn_tui.lessons.catalog import shipped_lesson
from nn_tui.runs import new_timeline
from nn_tui.tui.app import NnTui
from nn_tui.tui.base_app import BACKGROUND

FOLDER = Path(__file__).parent.absolute()
_PATIENCE = 120.0
_READING = 0.5
"""Seconds in which the curves of a sweep are read."""

LARGE, MIDDLE, SMALL = (160, 45), (120, 36), (80, 24)


@dataclass(frozen=True)
class Picture:
    """A file's name, the experiment, the window's size, and what is done before it is taken.

    ``acts`` are keys to press, and numbers of epochs to train. ``lesson`` is opened first.
    """

    name: str
    experiment: str
    size: tuple[int, int]
    acts: tuple[str | int, ...] = ()
    theme: str = "nn-dark"
    settings: tuple[str, ...] = ()
    welcome: bool = False
    lesson: str = ""


_SLOWER, _FASTER = "left_square_bracket", "right_square_bracket"
_THREE_RATES = (200, "p", "R", _SLOWER, _SLOWER, 200, "p", "R", *(_FASTER,) * 4, 200)

_OVERFIT = (
    *("data.noise=0.4", "data.samples=400", "data.test_fraction=0.9", "data.seed=1"),
    *("network.hidden=16,16", "network.init=xavier", "training.optimizer=adam"),
    *("training.learning_rate=0.02", "training.batch_size=10", "training.epochs=400"),
)

_DEEP = ("network.hidden=8,8,8,8,8", "network.activation=sigmoid")
_TWO_UNITS = ("2", "down", "down", "left", "left")
_TO_THE_END = ("training.epochs=20000", "training.stop_loss=0.01", "view.pace=0")

_XOR_DONE = (
    "enter",
    "down",
    "enter",
    *("enter",) * 2,
    "a",
    "2",
    "enter",
    "4",
    "enter",
    "space",
    "6",
)
_BLANK_LINE = (*("enter",) * 3, "a", "x", "e", *"l1_error*(l1*(1-l1))")

PICTURES = (
    Picture("blog", "blog", LARGE, (50, "5")),
    Picture("blog-80x24", "blog", SMALL, (50, "5", "c", "left", "left", "left")),
    Picture("circle", "circle", LARGE, (80, "4")),
    Picture("spiral", "spiral", LARGE, (600, "4")),
    Picture("digits", "digits", LARGE, (20, "3")),
    Picture("spiral-80x24", "spiral", SMALL, (600, "4")),
    Picture("digits-80x24", "digits", SMALL, (20, "5")),
    Picture("loss-digits", "digits", LARGE, (40, "5")),
    Picture("loss-hills", "hills", LARGE, (100, "5")),
    Picture("loss-xor", "blog-xor", LARGE, (5000, "5")),
    Picture("loss-overfit", "circle", LARGE, (400, "5"), settings=_OVERFIT),
    Picture("loss", "moons", LARGE, (*_THREE_RATES, "5", "y", "c", *("left",) * 30)),
    Picture("compare", "moons", MIDDLE, (*_THREE_RATES, "C")),
    Picture(
        "seeds",
        "blog-xor",
        LARGE,
        (*_TWO_UNITS, "M", "enter", "space", "5"),
        settings=_TO_THE_END,
    ),
    Picture("health", "circle", MIDDLE, (20, "3", *("v",) * 4, "z"), settings=_DEEP),
    Picture(
        "sweep",
        "circle",
        LARGE,
        ("2", "G", _FASTER, _FASTER, "plus", "enter", _FASTER, "enter"),
        settings=("network.hidden=4", "training.epochs=100"),
    ),
    Picture("loss-curve", "blog", LARGE, (10, "3", "right", "c")),
    Picture("landscape", "blog-xor", MIDDLE, (2000, "5", "v", "v", "v", "z")),
    Picture("open", "blog", MIDDLE, (50, "o")),
    Picture("sample-path", "blog", MIDDLE, (10, "x", "d", *("down",) * 6)),
    Picture("explain", "blog", MIDDLE, ("x", "tab", "down", "right")),
    Picture("iris-light", "iris", LARGE, (100, "4"), theme="nn-light"),
    Picture("first-minute", "blog", MIDDLE, ("enter",), welcome=True),
    Picture("lesson", "blog", LARGE, _XOR_DONE, lesson="xor"),
    Picture("lesson-explain", "blog", MIDDLE, _BLANK_LINE, lesson="backpropagation"),
    Picture("about", "blog", MIDDLE, (50, "3", "v", "a")),
    Picture("help", "blog", SMALL, ("question_mark",)),
)


async def take(picture: Picture) -> str:
    """The picture as SVG text."""
    opened = experiment.load_experiment(picture.experiment, picture.settings)
    app = NnTui(new_timeline(opened), welcome=picture.welcome)
    async with app.run_test(size=picture.size) as pilot:
        app.theme = picture.theme
        await _settled(pilot, app)
        if picture.lesson:
            app.open_lesson(shipped_lesson(picture.lesson).path)
            while app.lessons.lesson is None:
                await asyncio.sleep(0.01)
            await _settled(pilot, app)
        for act in picture.acts:
            if isinstance(act, int):
                app.session.train(act)
            else:
                await pilot.press(act)
            await _settled(pilot, app)
        return _same_names(app.export_screenshot(title="nn-tui"))


async def _settled(pilot: Pilot[object], app: NnTui) -> None:
    await pilot.pause()
    await asyncio.wait_for(app.session.settled(), _PATIENCE)
    while app.session.sweep_progress:
        await asyncio.sleep(0.05)
    await asyncio.sleep(_READING if app.session.sweeps.results else 0)
    await pilot.pause()
    while working := [w for w in app.workers if w.group == BACKGROUND and not w.is_finished]:
        await asyncio.wait_for(app.workers.wait_for_complete(working), _PATIENCE)
        await pilot.pause()


def _same_names(svg: str) -> str:
    """Rich names its styles by a hash of its own making; any one name will do."""
    return re.sub(r"terminal-\d+", "terminal", svg)


def main(names: list[str]) -> None:
    """Make the pictures of those names, or all."""
    for picture in PICTURES:
        if not names or picture.name in names:
            path = FOLDER / f"{picture.name}.svg"
            with TemporaryDirectory() as empty, chdir(empty):  # no file of ours to open
                path.write_text(asyncio.run(take(picture)))
            print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
