"""``nn-tui check``: the gradients that the lines compute, against differences of the loss."""

import argparse
import json
from typing import Any

from nn_tui import experiment, paths
from nn_tui.commands.console import print_message
from nn_tui.commands.json_values import finite
from nn_tui.commands.options import add_epochs, add_experiment, add_state_dir
from nn_tui.commands.progress import ReadingProgress
from nn_tui.errors import InputError
from nn_tui.files.runs.run_store import RunStore
from nn_tui.nn.gradient_check import check_gradients
from nn_tui.nn.gradient_comparison import TOLERANCE, Comparison, GradientCheck
from nn_tui.nn.gradient_diagnosis import explain_fault
from nn_tui.recipe.presets import PRESETS
from nn_tui.runs import saved_timeline
from nn_tui.training.model_builder import blank_lines
from nn_tui.training.trainer import Trainer

_AGREE, _DIFFER = 0, 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add EXPERIMENT, ``--set``, ``--epochs``, ``--json``."""
    add_experiment(parser)
    add_epochs(parser, "check after N epochs of training; default: 0, or where a saved run is")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check the first update after the epoch; 0 if all gradients agree, 5 if not.

    Raises InputError, also where the loss is not finite.
    """
    name, trainer = _trainer(arguments)
    if trainer.diverged:
        raise InputError(f"the run diverges before epoch {arguments.epochs}; check fewer epochs")
    if blank := blank_lines(trainer.recipe, trainer.dataset):
        raise InputError(f"{blank[0]} is blank; gradients can be checked once it is written")
    try:
        found = check_gradients(trainer.step())
    except ValueError as error:
        raise InputError(f"{name}: {error}") from None
    assert found is not None
    mean = trainer.recipe.training.reduction == "mean"
    report = {
        "experiment": name,
        "epoch": trainer.epoch,
        "samples": found.rows,
        "loss": found.loss,
        "derivative_of": "mean" if mean else "sum",
        "agrees": found.agrees,
        "parameters": [_entry(found, entry) for entry in found.parameters],
        "intermediates": [_entry(found, entry) for entry in found.intermediates],
        "faults": [
            {
                "name": fault.name,
                "line": found.lines[fault.line].code,
                "explanation": explain_fault(found, fault, trainer.network),
            }
            for fault in found.faults
        ],
    }
    print(json.dumps(_without_nan(report), allow_nan=False) if arguments.json else _text(report))
    return _AGREE if found.agrees else _DIFFER


def _trainer(arguments: argparse.Namespace) -> tuple[str, Trainer]:
    folder, word = None, arguments.experiment
    if word and word not in PRESETS:
        try:
            folder = RunStore(paths.state_dir(arguments.state_dir) / "runs").find(word)
        except paths.NoHome:
            folder = None
    if folder is not None:
        if arguments.set:
            raise InputError("--set applies to experiments only; a saved run is checked unchanged")
        timeline, warnings = saved_timeline(folder)
        for warning in warnings:
            print_message(warning)
        if arguments.epochs is not None:
            timeline.go_to(arguments.epochs)
        return timeline.run.name, timeline.trainer
    with ReadingProgress() as reading:
        opened = experiment.load_experiment(word, arguments.set, progress=reading)
    for note in opened.notes:
        print_message(note)
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(arguments.epochs or 0)
    return opened.name, trainer


def _entry(found: GradientCheck, entry: Comparison) -> dict[str, Any]:
    analytic, numeric = entry.norms
    return {
        "name": entry.name,
        "derivative_by": entry.of,
        "shape": list(entry.analytic.shape),
        "line": found.lines[entry.line].code,
        "analytic_norm": analytic,
        "numeric_norm": numeric,
        "relative_error": entry.relative_error,
        "compared": int(entry.compared.sum()),
        "agreeing": int(entry.compared.sum()) if entry.agrees else int(entry.agreeing.sum()),
        "kinks": int(entry.kinks.sum()),
        "too_small": entry.too_small,
        "agrees": entry.agrees,
    }


def _without_nan(report: dict[str, Any]) -> dict[str, Any]:
    """The report with null for what is infinite or NaN."""
    entries = {
        part: [
            {key: finite(value) if isinstance(value, float) else value for key, value in e.items()}
            for e in report[part]
        ]
        for part in ("parameters", "intermediates")
    }
    return {**report, **entries}


def _text(report: dict[str, Any]) -> str:
    total = "the mean" if report["derivative_of"] == "mean" else "the sum"
    count = "1 sample" if report["samples"] == 1 else f"{report['samples']:,} samples"
    lines = [
        f"{report['experiment']}, epoch {report['epoch']:,}: gradients of {total} of the losses of "
        f"{count}, in float64",
        f"{'parameter':<16}{'analytic ‖·‖':>14}{'numeric ‖·‖':>14}{'rel. error':>12}{'agree':>12}",
    ]
    for entry in report["parameters"]:
        shape = "×".join(map(str, entry["shape"]))
        lines.append(_row(f"{entry['name']}  {shape}", entry))
    lines.append(f"{'line':<16}{'negative derivative of the sum of the losses':>28}")
    faulty = {fault["name"] for fault in report["faults"]}
    for entry in report["intermediates"]:
        follows = not entry["agrees"] and entry["name"] not in faulty
        lines.append(_row(f"{entry['name']}  by {entry['derivative_by']}", entry, follows))
    lines.append(f"relative error = ‖a - n‖ / (‖a‖ + ‖n‖); they agree below {TOLERANCE:g}")
    entries = [*report["parameters"], *report["intermediates"]]
    kinks = [entry["name"] for entry in entries if entry["kinks"]]
    if kinks:
        lines.append(
            f"not compared at kinks of the loss, where it has no derivative: {', '.join(kinks)}"
        )
    for fault in report["faults"]:
        lines += [f"✗ {fault['line']}", f"  {fault['explanation']}"]
    if report["agrees"]:
        lines.append("all gradients agree")
    return "\n".join(lines)


def _row(title: str, entry: dict[str, Any], follows: bool = False) -> str:
    mark = "✓" if entry["agrees"] else "·" if follows else "✗"
    note = "  follows from the line at fault" if follows else ""
    if entry["too_small"]:
        note = "  too small to tell"
    if entry["kinks"]:
        note += f"  {entry['kinks']} at a kink"
    agree = f"{entry['agreeing']}/{entry['compared']}"
    return (
        f"{title:<16}{entry['analytic_norm']:>14.6g}{entry['numeric_norm']:>14.6g}"
        f"{entry['relative_error']:>12.1e}{agree:>12}  {mark}{note}"
    )
