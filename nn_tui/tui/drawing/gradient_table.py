"""The result of a gradient check: parameters, intermediate results, the first line at fault."""

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.gradient_comparison import TOLERANCE, Comparison, GradientCheck
from nn_tui.nn.gradient_diagnosis import explain_fault
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, paragraph

_WORST = 8
_HEADINGS = 2


def draw_gradient_check(check: GradientCheck, network: Architecture, area: DrawArea) -> list[Strip]:
    """Draw the rows of all comparisons, the verdict below them, the worst entries, a note.

    Where not all fits, the verdict stays whole: the note goes first, then the worst entries;
    then the rows of what agrees, which are counted, so that what differs stays.
    """
    rows = _rows(check, check.parameters, check.intermediates, area)
    verdict, note = _verdict(check, network, area), _notes(check, area)
    room = area.height - len(rows) - len(verdict)
    worst = _worst(check.faults[0], area)[: max(0, room)] if check.faults else []
    if room - len(worst) < len(note):
        note = []
    if room < 0:
        rows = _fewer_rows(check, area.height - len(verdict), area)
    return [*rows, *verdict, *worst, *note][: area.height]


def _rows(
    check: GradientCheck,
    parameters: Sequence[Comparison],
    intermediates: Sequence[Comparison],
    area: DrawArea,
) -> list[Strip]:
    """Return a row for each comparison, each sort below its heading."""
    width, _, palette = area
    faults = {fault.name for fault in check.faults}
    heading = (
        f"{'parameter':<12}{'analytic ‖·‖':>13}{'numeric ‖·‖':>13}{'rel. error':>12}{'agree':>10}"
    )
    rows = [RowBuilder(palette.text).add(heading, palette.accented)]
    for entry in parameters:
        shape = "×".join(map(str, entry.analytic.shape))
        rows.append(_row(f"{entry.name} {shape}", entry, faults, area))
    if intermediates:
        heading = "line, against -∂loss/∂ of"
        rows.append(RowBuilder(palette.text).add(heading, palette.accented))
    rows += (_row(f"{e.name} {e.of}", e, faults, area) for e in intermediates)
    return [row.strip(width) for row in rows]


def _fewer_rows(check: GradientCheck, room: int, area: DrawArea) -> list[Strip]:
    """Return at most ``room`` rows: of what differs, then of the others, which are counted."""
    width, _, palette = area
    entries = [*check.parameters, *check.intermediates]
    ranked = sorted(entries, key=lambda entry: entry.agrees)
    shown = ranked[: max(0, room - _HEADINGS - 1)]
    names = {entry.name for entry in shown}
    parameters = [entry for entry in check.parameters if entry.name in names]
    intermediates = [entry for entry in check.intermediates if entry.name in names]
    rest = ranked[len(shown) :]
    agreeing = sum(entry.agrees for entry in rest)
    count = f"{len(rest)} more, {'all' if agreeing == len(rest) else agreeing} agree"
    rows = _rows(check, parameters, intermediates, area)
    return [*rows, RowBuilder(palette.muted).add(count).strip(width)][: max(0, room)]


def _verdict(check: GradientCheck, network: Architecture, area: DrawArea) -> list[Strip]:
    """Return whether all agrees, or the first line at fault and what is wrong with it."""
    width, _, palette = area
    if check.agrees:
        return paragraph("✓ All gradients agree.", width, palette.accented)
    if not check.faults:
        return []
    first = check.faults[0]
    return [
        *paragraph(f"✗ {check.lines[first.line].code}", width, palette.bad),
        *paragraph(explain_fault(check, first, network), width, palette.text),
    ]


def _notes(check: GradientCheck, area: DrawArea) -> list[Strip]:
    """Return what is compared, and how."""
    width, _, palette = area
    note = (
        f"relative error = ‖a - n‖ / (‖a‖ + ‖n‖), below {TOLERANCE:g}; n from central differences "
        "of the loss, in float64"
    )
    strips = []
    if any(entry.kinks.any() for entry in (*check.parameters, *check.intermediates)):
        kink = "At a kink the loss has no derivative: not compared."
        strips += paragraph(kink, width, palette.muted)
    return [*strips, *paragraph(note, width, palette.muted)]


def _row(title: str, entry: Comparison, faults: set[str], area: DrawArea) -> RowBuilder:
    palette = area.palette
    analytic, numeric = entry.norms
    row = RowBuilder(palette.text)
    follows = not entry.agrees and entry.name not in faults
    style = palette.text if entry.agrees else palette.muted if follows else palette.bad
    count = int(entry.compared.sum())
    agreeing = count if entry.agrees else int(entry.agreeing.sum())
    row.add(
        f"{title:<12}{analytic:>13.5g}{numeric:>13.5g}{entry.relative_error:>12.1e}"
        f"{f'{agreeing}/{count}':>10}  ",
        style,
    )
    if entry.agrees:
        return row.add("✓", palette.accented)
    return row.add("follows", palette.muted) if follows else row.add("✗", palette.bad)


def _worst(entry: Comparison, area: DrawArea) -> list[Strip]:
    """The entries that differ most, with their ratio."""
    width, _, palette = area
    places = [tuple(map(int, index)) for index in zip(*entry.compared.nonzero(), strict=True)]
    off = {at: abs(float(entry.analytic[at] - entry.numeric[at])) for at in places}
    worst = sorted(places, key=lambda at: -off[at])[:_WORST]
    rows = [
        RowBuilder(palette.text).add(
            f"{'worst first':<14}{'analytic':>12}{'numeric':>12}{'ratio':>9}", palette.accented
        )
    ]
    for at in worst:
        a, n = float(entry.analytic[at]), float(entry.numeric[at])
        ratio = f"{a / n:.3g}" if abs(n) > 10 * entry.noise else "-"
        name = f"{entry.name}[{','.join(map(str, at))}]"
        rows.append(RowBuilder(palette.text).add(f"{name:<14}{a:>+12.6f}{n:>+12.6f}{ratio:>9}"))
    return [row.strip(width) for row in rows]
