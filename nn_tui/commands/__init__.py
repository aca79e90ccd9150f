"""The commands, one module each with ``add_arguments(parser)`` and ``run(arguments)``."""

OPEN = "open"
"""What ``nn-tui`` does without a command."""

COMMANDS: dict[str, str] = {
    "train": "Train without a screen",
    "export": "Write an experiment or a run as a script, a recipe or a TensorFlow Playground link",
    "list": "List presets, data sets and all that a recipe can choose from",
    "runs": "List, show, rename and delete saved runs",
    "paths": "Print where settings and runs are kept",
    "bench": "Measure the speed here and now, against others",
}
"""Commands by the name that the user types, with a line of help each."""
