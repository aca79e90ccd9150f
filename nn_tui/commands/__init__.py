"""The commands. To add one, add a module with ``add_arguments(parser)`` and ``run(arguments)``,
and an entry in ``COMMANDS``.
"""

OPEN = "open"
"""The module that runs when no command is given."""

COMMANDS: dict[str, str] = {
    "train": "Train without a screen",
    "sweep": "Train with many combinations of values, seeds and folds",
    "predict": "Predict the rows of a file with a trained model",
    "evaluate": "Evaluate a trained model on the labelled rows of a file",
    "check": "Check the gradients of a step against differences of the loss",
    "export": "Export an experiment or saved run as a script, recipe or TensorFlow Playground link",
    "learn": "Lessons: predict, try, see, understand; write and prove your own",
    "list": "List presets, data sets, and the keys and choices of a recipe",
    "runs": "List, show, rename and delete saved runs",
    "paths": "Print the paths of the settings file and the saved runs",
    "bench": "Run benchmarks on this machine",
}
"""One-line help of each command by name."""
