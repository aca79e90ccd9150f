"""nn-tui: a neural-network laboratory in the terminal.

The packages, lower layers first::

    nn                 activations … optimizers, pruning, the training step; explain, kernels
    data               datasets: built-in, generated, readers of files, preprocessing
    recipe             settings of an experiment: table of keys, presets, defaults of a data file
    training           trainer, epochs, edits, history, snapshots, undo, stopping, divergence
    files              saved runs, the exported script, weights, TensorFlow Playground links
    experiment, runs   what to open: a preset, recipe, data file or link; a saved run
    trials             sweeps: plan, worker processes, the folder of results, ranking
    lessons            goals on an experiment: files, checks, proofs, a learner's progress
    glossary           what the words on the screen mean, with formula and source
    blas_threads       one thread for NumPy's matrix products, unless the user sets a number
    settings, paths    the settings file, read and written; where files are
    tui                the screen: terminal, drawing, session, widgets, panes, screens, app
    commands, cli      the command line, one module per command; bench: benchmarks
"""


def __getattr__(name: str) -> str:
    """Return ``__version__``, looked up on first use because that is slow."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("nn-tui")
    except PackageNotFoundError:  # a source tree that is not installed
        return "0+source"
