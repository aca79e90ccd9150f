"""The blog's experiment, with the loss of every epoch recorded, against others' loops."""

from collections.abc import Callable

from nn_tui import experiment
from nn_tui.bench.blog_libraries import BlogTorch, ScikitLearn
from nn_tui.bench.blog_loops import NonlinLoop, PlainLoop
from nn_tui.bench.timing import Contest
from nn_tui.training.trainer import Trainer

_BLOG_EPOCHS = 8192
_EPOCHS_OF_LIBRARIES = 400


def against_plain_loop() -> Contest:
    """Epochs of the trainer and of ``PlainLoop``."""
    return _blog_contest(PlainLoop().run, _BLOG_EPOCHS)


def against_nonlin_loop() -> Contest:
    """Epochs of the trainer and of ``NonlinLoop``."""
    return _blog_contest(NonlinLoop().run, _BLOG_EPOCHS)


def against_classifier() -> Contest:
    """Epochs of the trainer and of scikit-learn's ``MLPClassifier``."""
    return _blog_contest(ScikitLearn("MLPClassifier").run, _EPOCHS_OF_LIBRARIES)


def against_regressor() -> Contest:
    """Epochs of the trainer and of scikit-learn's ``MLPRegressor``."""
    return _blog_contest(ScikitLearn("MLPRegressor").run, _EPOCHS_OF_LIBRARIES)


def against_torch() -> Contest:
    """Epochs of the trainer and of PyTorch."""
    return _blog_contest(BlogTorch().run, _EPOCHS_OF_LIBRARIES)


def _blog_contest(run: Callable[[int], None], peer_epochs: int) -> Contest:
    opened = experiment.load_experiment("blog")
    trainer = Trainer(opened.recipe, opened.dataset)
    return Contest(
        lambda: trainer.run_epochs(_BLOG_EPOCHS),
        lambda: run(peer_epochs),
        _BLOG_EPOCHS,
        peer_epochs,
    )
