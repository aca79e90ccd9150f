"""The app's key bindings; those of a pane are in its class.

The line of keys shows those without a place of their own in this order, as many as fit.
"""

from textual.binding import Binding, BindingType

from nn_tui.tui.pane_layout import PANES

_PACE = Binding.Group("pace ", compact=True)
_RATE = Binding.Group("rate ", compact=True)
_SEED = Binding.Group("seed ", compact=True)
_TIME = Binding.Group("time ", compact=True)

BINDINGS: list[BindingType] = [
    Binding("space", "go", "run", id="run", tooltip="Run"),
    Binding("space", "stop", "pause", id="run", tooltip="Pause"),
    Binding("s", "train(1)", "epoch", id="epoch", tooltip="Train one epoch"),
    Binding("S", "train(10)", "10 epochs", id="epochs", show=False, tooltip="Train ten epochs"),
    Binding("x", "explain", "explain", id="explain", tooltip="Explain the next step line by line"),
    Binding(
        "left_parenthesis",
        "seed(-1)",
        "Previous seed",
        id="previous-seed",
        group=_SEED,
        tooltip="Show the seed with the next lower loss",
    ),
    Binding(
        "right_parenthesis",
        "seed(1)",
        "Next seed",
        id="next-seed",
        group=_SEED,
        tooltip="Show the seed with the next higher loss",
    ),
    Binding(
        "left_square_bracket",
        "scale(0.5)",
        "Halve",
        id="halve",
        group=_RATE,
        tooltip="Halve the learning rate, or the selected value",
    ),
    Binding(
        "right_square_bracket",
        "scale(2.0)",
        "Double",
        id="double",
        group=_RATE,
        tooltip="Double the learning rate, or the selected value",
    ),
    Binding("comma", "pace(-1)", "Slower", id="slower", group=_PACE, tooltip="Slower pace"),
    Binding("full_stop", "pace(1)", "Faster", id="faster", group=_PACE, tooltip="Faster pace"),
    Binding("u", "session('undo')", "undo", id="undo", tooltip="Undo the last change"),
    Binding(
        "ctrl+r",
        "session('redo')",
        "redo",
        id="redo",
        show=False,
        tooltip="Redo the last undone change",
    ),
    Binding(
        "less_than_sign",
        "time(-1)",
        "Back",
        id="back-in-time",
        group=_TIME,
        tooltip="Back in time",
    ),
    Binding(
        "greater_than_sign",
        "time(1)",
        "Forward",
        id="forward-in-time",
        group=_TIME,
        tooltip="Forward in time",
    ),
    Binding(
        "b",
        "session('go_to_best')",
        "best epoch",
        id="best",
        show=False,
        tooltip="Go to the epoch with the lowest validation loss, or test loss",
    ),
    Binding("U", "edits", "changes", id="edits", show=False, tooltip="List all changes"),
    Binding("p", "session('pin')", "pin", id="pin", show=False, tooltip="Pin this curve"),
    Binding(
        "P",
        "session('unpin')",
        "unpin all",
        id="unpin",
        show=False,
        tooltip="Unpin all curves",
    ),
    Binding(
        "M",
        "seeds",
        "seeds",
        id="many-seeds",
        show=False,
        tooltip="Many seeds: train the experiment with several weight seeds at once",
    ),
    Binding(
        "G",
        "sweep",
        "sweep",
        id="sweep",
        show=False,
        tooltip="Grid: vary hyperparameters, and train all combinations beside the run",
    ),
    Binding("C", "compare", "compare", id="compare", show=False, tooltip="Compare runs"),
    Binding("o", "open", "open", id="open", tooltip="Open another experiment"),
    Binding("ctrl+s", "name", "name", id="name", show=False, tooltip="Name this run"),
    Binding("w", "write", "write", id="write", tooltip="Write: script, recipe, weights …"),
    Binding(
        "a",
        "glossary",
        "about",
        id="about",
        show=False,
        tooltip="About what is under the cursor: definition, formula, source",
    ),
    Binding("A", "search_glossary", "glossary", id="glossary", show=False, tooltip="Glossary"),
    Binding("question_mark", "help", "help", id="help"),
    Binding("q", "quit", "quit", id="quit", tooltip="Quit"),
    Binding("ctrl+c", "quit", id="quit-at-once", show=False, priority=True, tooltip="Quit at once"),
    Binding("ctrl+z", "put_aside", id="suspend", show=False, tooltip="Suspend"),
    Binding("z", "zoom", "zoom", id="zoom", tooltip="Zoom the focused pane; again: all panes"),
    Binding("R", "restart", "restart", id="restart", tooltip="Restart with the same weights"),
    Binding("N", "renew", "new weights", id="new-weights", tooltip="Restart with new weights"),
    Binding("escape", "unzoom", "Back", id="back", show=False),
    Binding("tab", "focus_next", "Next pane", id="next-pane", show=False),
    Binding("shift+tab", "focus_previous", "Previous pane", id="previous-pane", show=False),
    Binding(
        "ctrl+p",
        "command_palette",
        "palette",
        id="palette",
        show=False,
        priority=True,
        tooltip="Search actions, presets and themes",
    ),
    *(
        Binding(str(i + 1), f"pane('{name}')", f"Go to {name}", id=f"go-{name}", show=False)
        for i, name in enumerate(PANES)
    ),
    Binding(
        "6",
        "lesson",
        "lesson",
        id="go-lesson",
        show=False,
        tooltip="Go to the lesson, from it to the pane of its page; without one, list the lessons",
    ),
]

PROGRAM_HELP = """
# nn-tui

A neural network, its data, its weights and its loss. `run` trains and pauses, `epoch`
trains one epoch; watch the numbers, change one, and watch again. `next-pane` or a
pane's number moves the focus; the help of the focused pane comes first.

The word at the right of a key is its name: in the settings file, whose path `nn-tui
paths` prints, `run = "g"` under `[keys]` changes the key.
"""
