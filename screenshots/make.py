"""Makes the pictures in this folder: ``python screenshots/make.py``, from the top folder.

Every picture is the program itself, driven by the keys given here, so it shows what a
person would see. The same version makes the same bytes.
"""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from nn_tui import experiment
from nn_tui.sitting import begin
from nn_tui.tui.app import NnTui

FOLDER = Path(__file__).parent
_PATIENCE = 120.0


@dataclass(frozen=True)
class Picture:
    """A file's name, the experiment, the window's size, the keys, and epochs before them."""

    name: str
    experiment: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    epochs: int = 0
    theme: str = "nn-dark"


PICTURES = (
    Picture("blog", "blog", (160, 45), epochs=50),
    Picture("blog-80x24", "blog", (80, 24), ("1",), epochs=50),
    Picture("circle", "circle", (160, 45), ("4",), epochs=80),
    Picture("spiral", "spiral", (160, 45), ("4",), epochs=600),
    Picture("digits", "digits", (160, 45), ("3",), epochs=20),
    Picture("iris-light", "iris", (120, 36), ("1", "4"), epochs=100, theme="nn-light"),
    Picture("help", "blog", (80, 24), ("question_mark",)),
)


async def take(picture: Picture) -> str:
    """The picture as SVG text."""
    opened = experiment.load(picture.experiment)
    app = NnTui(begin(opened))
    async with app.run_test(size=picture.size) as pilot:
        app.theme = picture.theme
        await pilot.pause()
        if picture.epochs:
            app.session.train(picture.epochs)
            await asyncio.wait_for(app.session.settled(), _PATIENCE)
        await pilot.press(*picture.keys)
        await pilot.pause()
        return _same_names(app.export_screenshot(title="nn-tui"))


def _same_names(svg: str) -> str:
    """Rich names its styles by a hash of its own making; any one name will do."""
    return re.sub(r"terminal-\d+", "terminal", svg)


def main() -> None:
    """Make all pictures."""
    for picture in PICTURES:
        path = FOLDER / f"{picture.name}.svg"
        path.write_text(asyncio.run(take(picture)))
        print(path.name)


if __name__ == "__main__":
    main()
