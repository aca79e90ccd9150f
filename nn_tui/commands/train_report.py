"""The report of ``nn-tui train``, as text or JSON."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence

from nn_tui.commands.progress import per_second
from nn_tui.text import brief, percent
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.metrics import METRICS
from nn_tui.training.scores import SCORES, ScoreTable, advice, format_score, score_table
from nn_tui.training.snapshot import Snapshot

_MOST_TABLE_SAMPLES = 8
_MOST_TABLE_COLUMNS = 8
_MOST_CLASSES = 12


def report_json(name: str, snapshot: Snapshot) -> str:
    """One JSON object; null where a value does not apply or is not finite."""
    table = score_table(snapshot)
    return json.dumps(
        {
            "experiment": name,
            "epoch": snapshot.epoch,
            "train_loss": _finite(snapshot.train_loss),
            "test_loss": _finite(snapshot.test_loss),
            **_metrics(snapshot),
            "seconds": snapshot.seconds,
            "epochs_per_second": _rate(snapshot),
            "diverged": bool(snapshot.diverged),
            "metrics": {"train": table.train, "test": table.test, "baseline": table.baseline},
            "classes": {
                "train": [entry._asdict() for entry in table.train_classes],
                "test": [entry._asdict() for entry in table.test_classes],
            },
        },
        allow_nan=False,
    )


def report_text(name: str, snapshot: Snapshot, saved: Iterable[str]) -> str:
    """A short summary, ending with the ``saved`` messages."""
    epochs = "1 epoch" if snapshot.epoch == 1 else f"{snapshot.epoch:,} epochs"
    rate = _rate(snapshot)
    speed = f", {per_second(rate)}" if rate else ""
    lines = [
        f"{name}: {epochs} in {snapshot.seconds:.3g} s{speed}",
        _figures("train", snapshot.train_loss, snapshot.train_accuracy, snapshot),
    ]
    if snapshot.stopped or snapshot.rising:
        lines.insert(1, snapshot.stopped or snapshot.rising)
    if snapshot.test_loss is not None:
        lines.append(_figures("test", snapshot.test_loss, snapshot.test_accuracy, snapshot))
    return "\n".join([*lines, *_scores(snapshot), *_table(snapshot), *saved])


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _metrics(snapshot: Snapshot) -> dict[str, float | None]:
    columns = (m.column(part) for m in METRICS.values() if m.in_json for part in ("train", "test"))
    return {column: _finite(snapshot.metrics.get(column)) for column in columns}


def _rate(snapshot: Snapshot) -> float | None:
    return snapshot.epoch / snapshot.seconds if snapshot.epoch and snapshot.seconds else None


def _short(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:.3e}"


def _figures(part: str, loss: float, accuracy: float | None, snapshot: Snapshot) -> str:
    right = f", accuracy {percent(accuracy)}" if snapshot.classifies else ""
    return f"{part} loss {loss:.6g}{right}"


def _scores(snapshot: Snapshot) -> Iterator[str]:
    """Table of scores beside the baseline, and a remark if nothing was learned."""
    table = score_table(snapshot)
    parts = {"test": table.test, "train": table.train, "baseline": table.baseline}
    columns = [name for name, part in parts.items() if any(v is not None for v in part.values())]
    rows = [("", *columns)]
    for name, score in SCORES.items():
        if any(part[name] is not None for part in parts.values()):
            rows.append((score.label, *(format_score(name, parts[c][name]) for c in columns)))
    if len(rows) == 1:
        return
    yield from _aligned(rows)
    yield from _classes(table)
    if table.learned_nothing:
        yield advice(table, snapshot)


def _classes(table: ScoreTable) -> Iterator[str]:
    """Table of precision and recall of each class; of many classes, those with the lowest F1."""
    part, each = ("test", table.test_classes) if table.test_classes else ("", table.train_classes)
    if not each:
        return
    rows: list[tuple[str, ...]] = [
        (f"{part} set" if part else "training set", "precision", "recall", "samples")
    ]
    worst = sorted(range(len(each)), key=lambda number: each[number].f1 or 0.0)[:_MOST_CLASSES]
    for number in sorted(worst):
        entry = each[number]
        shares = (percent(v) if v is not None else "–" for v in (entry.precision, entry.recall))
        rows.append((f"  {brief(entry.name)}", *shares, f"{entry.samples:,}"))
    yield from _aligned(rows)
    if len(each) > len(worst):
        yield f"    the other {len(each) - len(worst):,} classes have a higher F1"


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The rows with their first cell on the left and the others on the right of their column."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for label, *cells in rows:
        numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join((f"  {label.ljust(widths[0])}", *numbers))


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
