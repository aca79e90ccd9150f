"""The blog's experiment against the blog's own loop."""

from nn_tui import experiment
from nn_tui.bench.blog_loops import NonlinLoop, PlainLoop
from nn_tui.bench.race import Contest
from nn_tui.training.trainer import Trainer

_EPOCHS = 8192


def against_plain_loop() -> Contest:
    """Epochs of the trainer and of ``PlainLoop``."""
    return _contest(PlainLoop())


def against_nonlin_loop() -> Contest:
    """Epochs of the trainer and of ``NonlinLoop``."""
    return _contest(NonlinLoop())


def _contest(loop: PlainLoop | NonlinLoop) -> Contest:
    opened = experiment.load("blog")
    trainer = Trainer(opened.recipe, opened.dataset)
    return Contest(lambda: trainer.run_epochs(_EPOCHS), lambda: loop.run(_EPOCHS), _EPOCHS)
