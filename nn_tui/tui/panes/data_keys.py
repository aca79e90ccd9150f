"""The keys of the data pane."""

from textual.binding import Binding, BindingType

from nn_tui.tui.keymap import movement_bindings

_TRY_ROW: list[BindingType] = [
    Binding("enter", "pen", "pen", id="data.pen", tooltip="Drawing: pen down, pen up"),
    Binding("e", "try_row", "try", id="data.try", tooltip="Predict for inputs of your own"),
    Binding("e", "leave_row", "samples", id="data.try", tooltip="Try row: back to the samples"),
    Binding(
        "n",
        "copy",
        "next sample",
        id="data.sample",
        tooltip="Try row: copy the next sample into it",
    ),
    Binding("X", "clear", "empty", id="data.clear", tooltip="Try row: leave all values out"),
    Binding(
        "backspace",
        "erase",
        "erase",
        id="data.erase",
        show=False,
        tooltip="Try row: leave out the value, or erase the pixel",
    ),
    Binding(
        "escape",
        "leave_row",
        "Back",
        id="data.leave-row",
        show=False,
        tooltip="Try row: leave it",
    ),
]
"""Those that open the try row, and that the pane has while it is shown."""

DATA_BINDINGS: list[BindingType] = [
    Binding("v", "view", "view", id="data.view", tooltip="Table, pictures, scatter or curve"),
    Binding("enter", "edit", "edit", id="data.edit", tooltip="Edit the value"),
    *_TRY_ROW,
    Binding("W", "worst", "worst first", id="data.worst", tooltip="Worst predictions first"),
    Binding(
        "c",
        "app.columns",
        "columns",
        id="data.columns",
        tooltip="The columns of the file: inputs, target, left out",
    ),
    *movement_bindings(
        "data",
        {
            "up": "move(-1, 0)",
            "down": "move(1, 0)",
            "left": "move(0, -1)",
            "right": "move(0, 1)",
            "page-up": "page(-1)",
            "page-down": "page(1)",
            "first": "choose(0)",
            "last": "choose(-1)",
        },
        {"first": "First sample", "last": "Last sample"},
    ),
]
