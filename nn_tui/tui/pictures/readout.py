"""The line about one parameter: place, value, gradient and last change, of a fixed width."""

from nn_tui.training.edits import parameter_name
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.matrix import Matrix, MatrixCursor


def parameter_at(matrix: Matrix, number: int, cursor: MatrixCursor) -> tuple[str, tuple[int, ...]]:
    """Name, ``W0`` or ``b0``, and index of what the cursor is on; ``number`` is the matrix's."""
    if cursor.row < len(matrix.weights):
        return f"W{number}", (cursor.row, cursor.column)
    return f"b{number}", (cursor.column,)


def parameter_line(snapshot: Snapshot, matrix: Matrix, cursor: MatrixCursor, room: int) -> str:
    """What is known of the parameter under the cursor, as much as ``room`` has."""
    name, index = parameter_at(matrix, cursor.matrix, cursor)
    value = float(snapshot.weights[name][index])
    gradient = float(snapshot.gradients[name][index]) if snapshot.gradient_is_current else None
    moved = snapshot.changes and snapshot.change_is_current
    change = float(snapshot.changes[name][index]) if moved else None
    pruned = bool(snapshot.living) and not snapshot.living[name][index]
    path = f"{matrix.row_name(cursor.row)}→{matrix.columns[cursor.column]}"
    place = parameter_name(name, index)
    for decimals, digits, where in (
        (15, 5, f"{place} {path}"),
        (9, 4, f"{place} {path}"),
        (6, 2, f"{place} {path}"),
        (6, 1, f"{place} {path}"),
        (6, 2, place),
        (4, 1, place),
    ):
        told = "cut off".rjust(decimals + 4) if pruned else _long(value, decimals)
        parts = [f"{where} {told}", f"∇{_short(gradient, digits)}", f"Δ{_short(change, digits)}"]
        line = "  ".join(parts)
        if len(line) <= room:
            break
    else:
        return parts[0] if len(parts[0]) <= room else place
    return line


def _long(value: float, decimals: int) -> str:
    """The value in ``decimals`` + 4 cells."""
    small = 0 < abs(value) < 1e-3
    text = f"{value:+.{decimals}f}"
    if small or len(text) > decimals + 4:
        text = f"{value:+.{max(0, decimals - 4)}e}"
    return text.rjust(decimals + 4)


def _short(value: float | None, digits: int) -> str:
    return ("-" if value is None else f"{value:+.{digits}e}").rjust(digits + 7)


def activation_line(matrices: list[Matrix], cursor: MatrixCursor, sample: int, room: int) -> str:
    """What the unit under the cursor says to the sample."""
    matrix = matrices[cursor.matrix]
    value = float(matrix.weights[cursor.row, cursor.column])
    unit = matrix.cells[cursor.row * matrix.width + cursor.column]
    line = f"{matrix.name} {unit}  {_long(value, 9)}  sample {sample + 1:,}"
    return line if len(line) <= room else f"{matrix.name} {unit} {_long(value, 4)}"
