"""The report of ``nn-tui train``, as text or JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from nn_tui.commands.json_values import finite
from nn_tui.commands.progress import per_second
from nn_tui.commands.score_tables import class_lines, score_lines
from nn_tui.text import percent
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.metrics import METRICS
from nn_tui.training.scores import advice, score_table
from nn_tui.training.snapshot import Snapshot

_MOST_TABLE_SAMPLES = 8
_MOST_TABLE_COLUMNS = 8


class Ending(NamedTuple):
    """The last epoch that was trained, the time spent training, and why training stopped.

    ``stopped`` is a sentence, empty at the last epoch that was asked for.
    """

    epoch: int
    seconds: float
    stopped: str = ""

    def restored(self, snapshot: Snapshot) -> "Ending":
        """That of a run which ends with the weights of the earlier ``snapshot``."""
        back = f"the weights are those of epoch {snapshot.epoch:,}, the best"
        return self._replace(stopped="; ".join(filter(None, (self.stopped, back))))


def report_json(name: str, snapshot: Snapshot, ending: Ending) -> str:
    """One JSON object; null where a value does not apply or is not finite."""
    table = score_table(snapshot)
    return json.dumps(
        {
            "experiment": name,
            "epoch": snapshot.epoch,
            "train_loss": finite(snapshot.train_loss),
            "test_loss": finite(snapshot.test_loss),
            **_validation_loss(snapshot),
            **_metrics(snapshot),
            "seconds": ending.seconds,
            "epochs_per_second": _rate(ending),
            "diverged": bool(snapshot.diverged),
            **_stopping(snapshot, ending),
            "metrics": {
                **{part: table.of(part) for part in _parts(snapshot)},
                "baseline": table.baseline,
            },
            "classes": {
                part: [entry._asdict() for entry in table.classes_of(part)]
                for part in _parts(snapshot)
            },
        },
        allow_nan=False,
    )


def report_text(name: str, snapshot: Snapshot, ending: Ending, saved: Iterable[str]) -> str:
    """A short summary, ending with the ``saved`` messages."""
    epochs = "1 epoch" if ending.epoch == 1 else f"{ending.epoch:,} epochs"
    rate = _rate(ending)
    speed = f", {per_second(rate)}" if rate else ""
    lines = [
        f"{name}: {epochs} in {ending.seconds:.3g} s{speed}",
        _figures("train", snapshot.train_loss, snapshot.train_accuracy, snapshot),
    ]
    if ending.stopped or snapshot.rising:
        lines.insert(1, ending.stopped or snapshot.rising)
    if snapshot.test_loss is not None:
        lines.append(_figures("test", snapshot.test_loss, snapshot.test_accuracy, snapshot))
    if snapshot.validation_loss is not None:
        accuracy = snapshot.metrics.get("validation_accuracy")
        lines.append(_figures("validation", snapshot.validation_loss, accuracy, snapshot))
    return "\n".join([*lines, *_scores(snapshot), *_table(snapshot), *saved])


def _parts(snapshot: Snapshot) -> tuple[str, ...]:
    """The parts of the dataset that are reported; the test set even if it is empty."""
    return tuple(dict.fromkeys(("train", "test", *snapshot.dataset.parts)))


def _stopping(snapshot: Snapshot, ending: Ending) -> dict[str, Any]:
    """The last and the best epoch, of runs that look for it."""
    training = snapshot.recipe.training
    if not (training.patience or training.restore_best):
        return {}
    best = None if snapshot.best is None else snapshot.best.epoch
    return {
        "last_epoch": ending.epoch,
        "best_epoch": best,
        "stopped": ending.stopped or None,
    }


def _validation_loss(snapshot: Snapshot) -> dict[str, float | None]:
    """The validation loss, where there is a validation set."""
    loss = snapshot.validation_loss
    return {} if loss is None else {"validation_loss": finite(loss)}


def _metrics(snapshot: Snapshot) -> dict[str, float | None]:
    columns = (m.column(part) for m in METRICS.values() if m.in_json for part in _parts(snapshot))
    return {column: finite(snapshot.metrics.get(column)) for column in columns}


def _rate(ending: Ending) -> float | None:
    return ending.epoch / ending.seconds if ending.epoch and ending.seconds else None


def _short(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:.3e}"


def _figures(part: str, loss: float, accuracy: float | None, snapshot: Snapshot) -> str:
    right = f", accuracy {percent(accuracy)}" if snapshot.classifies else ""
    return f"{part} loss {loss:.6g}{right}"


def _scores(snapshot: Snapshot) -> Iterator[str]:
    """Tables of scores, beside the baseline and by class; a remark if nothing was learned."""
    table = score_table(snapshot)
    parts = {part: table.of(part) for part in ("test", "validation", "train")}
    yield from score_lines({**parts, "baseline": table.baseline})
    part = table.decisive_part
    title = "training set" if part == "train" else f"{part} set"
    yield from class_lines(title, table.classes_of(part))
    if table.learned_nothing:
        yield advice(table, snapshot)


def _table(snapshot: Snapshot) -> Iterator[str]:
    """Table of inputs, targets and predictions of all samples, if it is small."""
    dataset, network = snapshot.dataset, snapshot.network
    targets = dataset.output_targets(network.output)
    inputs_and_targets = dataset.inputs.shape[1] + targets.shape[1]
    if dataset.samples > _MOST_TABLE_SAMPLES or inputs_and_targets > _MOST_TABLE_COLUMNS:
        return
    predictions = ForwardPass().predictions(snapshot, dataset.inputs)
    names = dataset.target_names if len(dataset.target_names) == targets.shape[1] else ()
    names = names or dataset.classes
    rows = [(*dataset.input_names, *names, *(f"predicted {name}" for name in names))]
    for inputs, target, prediction in zip(dataset.inputs, targets, predictions, strict=True):
        numbers = (f"{value:g}" for value in (*inputs, *target))
        rows.append((*numbers, *(_short(value) for value in prediction)))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells)
