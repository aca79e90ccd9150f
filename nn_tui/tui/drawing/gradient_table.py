"""The result of a gradient check: parameters, intermediate results, the first line at fault."""

from textual.strip import Strip

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.gradient_comparison import TOLERANCE, Comparison, GradientCheck
from nn_tui.nn.gradient_diagnosis import explain_fault
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, paragraph

_WORST = 8


def draw_gradient_check(check: GradientCheck, network: Architecture, area: DrawArea) -> list[Strip]:
    """Draw what fits: the parameters first, then the lines, the fault, the worst entries."""
    width, height, palette = area
    rows = [
        RowBuilder(palette.text).add(
            f"{'parameter':<12}{'analytic ‖·‖':>13}{'numeric ‖·‖':>13}{'rel. error':>12}"
            f"{'agree':>10}",
            palette.accented,
        )
    ]
    faults = {fault.name for fault in check.faults}
    for entry in check.parameters:
        shape = "×".join(map(str, entry.analytic.shape))
        rows.append(_row(f"{entry.name} {shape}", entry, faults, area))
    rows.append(RowBuilder(palette.text).add("line, against -∂loss/∂ of", palette.accented))
    rows += (_row(f"{e.name} {e.of}", e, faults, area) for e in check.intermediates)
    strips = [row.strip(width) for row in rows]
    if check.agrees:
        strips += paragraph("✓ All gradients agree.", width, palette.accented)
    elif check.faults:
        first = check.faults[0]
        strips += paragraph(f"✗ {check.lines[first.line].code}", width, palette.bad)
        strips += paragraph(explain_fault(check, first, network), width, palette.text)
        strips += _worst(first, area)
    if any(entry.kinks.any() for entry in (*check.parameters, *check.intermediates)):
        strips += paragraph(
            "At a kink the loss has no derivative: not compared.", width, palette.muted
        )
    note = (
        f"relative error = ‖a - n‖ / (‖a‖ + ‖n‖), below {TOLERANCE:g}; n from central differences "
        "of the loss, in float64"
    )
    strips += paragraph(note, width, palette.muted)
    return strips[:height]


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
