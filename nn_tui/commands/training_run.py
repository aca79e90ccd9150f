"""Train a run to its end, with its losses in a file and its progress on stderr."""

from contextlib import ExitStack
from dataclasses import dataclass, field

from nn_tui.commands.progress import TrainingProgress
from nn_tui.commands.stop_request import StopRequest
from nn_tui.commands.train_report import Ending
from nn_tui.errors import InputError
from nn_tui.files.loss_csv import LossCsvFile, baseline_columns, loss_columns
from nn_tui.files.model import description, model_of
from nn_tui.files.outputs import Output
from nn_tui.files.weights import write_weights
from nn_tui.text import make_printable
from nn_tui.training.epoch_scores import EpochScores
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer

_SLICE_SECONDS = 0.1


@dataclass
class TrainedRun:
    """A run at its end; ``saved`` are sentences on the files written, ``problems`` on others.

    ``pipe_closed`` is true if the reader of a pipe closed it.
    """

    snapshot: Snapshot
    ending: Ending
    saved: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    pipe_closed: bool = False


def train_and_save(
    timeline: Timeline | None,
    trainer: Trainer,
    last_epoch: int,
    outputs: tuple[Output | None, Output | None],
    interruption: StopRequest,
    progress: TrainingProgress,
) -> TrainedRun:
    """Train up to ``last_epoch`` or until it stops; write the weights and the losses.

    ``timeline`` is that of a run that may return to its best epoch. ``outputs`` are those of
    the weights and of the losses. Raises InputError if the file of the losses cannot be opened.
    """
    save, history_output = outputs
    with ExitStack() as stack:
        history = None
        if history_output:
            history = stack.enter_context(_loss_file(history_output, trainer))
        _train_to(timeline or trainer, trainer, last_epoch, history, interruption, progress)
        ending = Ending(trainer.epoch, trainer.seconds, trainer.stopped)
        if timeline is not None and timeline.restore_best():
            ending = ending.restored(trainer.snapshot())
        run = TrainedRun(trainer.snapshot(), ending)
        if save:
            try:
                path = None if save.standard else save.path
                write_weights(path, run.snapshot.weights, description(model_of(run.snapshot)))
                run.saved.append(f"weights saved to {make_printable(save.shown)}")
            except InputError as error:
                run.problems.append(str(error))
    if history:
        run.pipe_closed = history.pipe_closed
        if history.error:
            run.problems.append(history.error)
        else:
            name = make_printable(history.name)
            run.saved.append(f"losses saved to {name}, {history.rows:,} rows")
    return run


def _loss_file(output: Output, trainer: Trainer) -> LossCsvFile:
    """The file of the losses, metrics and scores, of epoch 0 so far and then of each."""
    start, scores = trainer.snapshot(), EpochScores(trainer.dataset, trainer.network.output)
    columns = (*loss_columns(trainer.history.names, start.classifies), *scores.columns)
    baseline = baseline_columns(trainer.dataset, trainer.network.output) | scores.baseline()
    history = LossCsvFile(output, columns, baseline)
    first = trainer.history.curve()
    values = {name.removesuffix("_loss"): band[0] for name, band in first.bands.items()}
    made = [predictions[None] for predictions in trainer.runner.loop.predictions]
    history.append(first.first, {**values, **scores.of(made)})
    trainer.runner.recorder.scoring = scores.of
    trainer.listeners.append(history.append)
    return history


def _train_to(
    runner: Timeline | Trainer,
    trainer: Trainer,
    last_epoch: int,
    history: LossCsvFile | None,
    interruption: StopRequest,
    progress: TrainingProgress,
) -> None:
    """Train up to ``last_epoch``, until it stops by itself, or until the epoch of a signal ends."""
    while trainer.epoch < last_epoch and not _should_stop(trainer, history, interruption):
        runner.run_for(_SLICE_SECONDS, last_epoch)
        if progress.shown and trainer.epoch < last_epoch:
            progress.draw(trainer.snapshot())
    if trainer.snapshot().progress:
        trainer.run_epochs(1)  # finish the epoch, so that saved weights are those of a whole one
    trainer.listeners.clear()
    progress.clear()


def _should_stop(trainer: Trainer, history: LossCsvFile | None, interruption: StopRequest) -> bool:
    failed = history is not None and bool(history.error)
    return failed or bool(trainer.diverged or trainer.stopped or interruption.signal)
