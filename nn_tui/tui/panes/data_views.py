"""The views of the samples: table, pictures, scatter, curve; where an arrow or a click leads."""

from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.order_statistics import distinct
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.data_columns import selectable_columns, table_columns
from nn_tui.tui.drawing.data_table import DataTableLayout, draw_data_table, lay_out_table
from nn_tui.tui.drawing.function_plot import (
    FunctionSamples,
    draw_function,
    lay_out_function,
    plot_inputs,
)
from nn_tui.tui.drawing.image_grid import ImageGrid, draw_thumbnails, lay_out_thumbnails
from nn_tui.tui.drawing.part_marks import held_out_sets
from nn_tui.tui.drawing.plane import PlanePoints
from nn_tui.tui.drawing.scatter import draw_scatter, scatter_plane
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.drawing.strips import DrawArea, dimmed
from nn_tui.types import Array

if TYPE_CHECKING:
    from nn_tui.training.scores import ScoreTable


class TableCell(NamedTuple):
    """A sample and a cell of it: raw inputs, derived inputs, then targets."""

    sample: int = 0
    column: int = 0


class DataView:
    """A view of the samples; it keeps its scroll position."""

    NAME: ClassVar[str]
    HINT: ClassVar[str]
    ON_CELLS: ClassVar[bool] = False
    """Whether the cursor is on a cell of a sample, not on the sample as a whole."""

    def __init__(self) -> None:
        self.forward = ForwardPass()
        self.page = 1
        """The number of samples per page."""

    def suits(self, snapshot: Snapshot) -> bool:
        """Whether the view can show the samples."""
        return True

    def lay_out(self, snapshot: Snapshot, cursor: TableCell, width: int, height: int) -> None:
        """Scroll or place the samples with that of the cursor in sight."""

    def draw(
        self, snapshot: Snapshot, cursor: TableCell, marked: bool, area: DrawArea
    ) -> list[Strip]:
        """Return the picture that was laid out, the sample of the cursor ``marked`` or not."""
        raise NotImplementedError

    def moved(self, snapshot: Snapshot, cursor: TableCell, down: int, right: int) -> TableCell:
        """Return the cursor after an arrow key."""
        raise NotImplementedError

    def jumped(self, snapshot: Snapshot, cursor: TableCell, samples: int) -> TableCell:
        """Return the cursor so many samples further, as far as there are any."""
        last = snapshot.dataset.samples - 1
        return cursor._replace(sample=max(0, min(last, cursor.sample + samples)))

    def at(self, x: int, y: int, cursor: TableCell) -> TableCell | None:
        """Return the cursor at a cell of the drawing, if a sample is there."""
        raise NotImplementedError

    def region(self, cursor: TableCell) -> Region | None:
        """Return the region for the editor; None for the line below the drawing."""
        return None


_MAX_SAMPLES = 2000  # points in a plane; of more samples every second, third … is drawn


class TableView(DataView):
    """All values, in named columns."""

    NAME = "table"
    HINT = "arrows move, `data.edit` edits the value and the network trains with it"
    ON_CELLS = True

    def __init__(self) -> None:
        super().__init__()
        self._table: DataTableLayout | None = None
        self.order: Array | None = None
        """The samples (samples,) in the order shown; None for that of the data."""
        self._ranked: Snapshot | None = None
        self._places: Array | None = None

    def sort(self, order: Array | None, snapshot: Snapshot | None) -> None:
        """Show the samples in the ``order`` found for a snapshot, or in that of the data."""
        self._ranked = snapshot
        self.order = order
        self._places = None if order is None else np.argsort(order)

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether the order has the samples of this snapshot."""
        return self.order is None or len(self.order) == snapshot.dataset.samples

    def is_outdated(self, snapshot: Snapshot) -> bool:
        """Whether the order was found for another network or other data."""
        if self.order is None or self._ranked is None:
            return False
        return not _of_one_network(self._ranked, snapshot)

    def _place(self, cursor: TableCell) -> TableCell:
        """The cursor with the place of its sample in the order."""
        if self._places is None:
            return cursor
        return cursor._replace(sample=int(self._places[cursor.sample]))

    def _sample(self, cursor: TableCell) -> TableCell:
        """The cursor with the sample at its place in the order."""
        return (
            cursor if self.order is None else cursor._replace(sample=int(self.order[cursor.sample]))
        )

    def lay_out(self, snapshot: Snapshot, cursor: TableCell, width: int, height: int) -> None:
        last, outputs = self._table, snapshot.network.sizes[-1]
        scrolled = (last.first, last.first_column) if last is not None else (0, 0)
        place = self._place(cursor)
        self._table = lay_out_table(snapshot.dataset, outputs, width, height, place, *scrolled)
        self.page = self._table.count

    def draw(
        self, snapshot: Snapshot, cursor: TableCell, marked: bool, area: DrawArea
    ) -> list[Strip]:
        dataset, table = snapshot.dataset, self._table
        if table is None:
            return []
        output, order = snapshot.network.output, self.order
        rows = table.rows if order is None else order[table.rows]
        targets = dataset.output_targets(output, rows)
        predictions = self.forward.predictions(snapshot, dataset.inputs[rows])
        mark = self._place(cursor) if marked else None
        return draw_data_table(
            dataset, output, table, targets, predictions, mark, area.width, area.palette, order
        )

    def moved(self, snapshot: Snapshot, cursor: TableCell, down: int, right: int) -> TableCell:
        dataset = snapshot.dataset
        columns = len(selectable_columns(table_columns(dataset, snapshot.network.sizes[-1], 0)))
        place = max(0, min(dataset.samples - 1, self._place(cursor).sample + down))
        column = max(0, min(columns - 1, cursor.column + right))
        return self._sample(TableCell(place, column))

    def jumped(self, snapshot: Snapshot, cursor: TableCell, samples: int) -> TableCell:
        return self._sample(super().jumped(snapshot, self._place(cursor), samples))

    def at(self, x: int, y: int, cursor: TableCell) -> TableCell | None:
        found = self._table.at(x, y, cursor.column) if self._table is not None else None
        return self._sample(TableCell(*found)) if found is not None else None

    def region(self, cursor: TableCell) -> Region | None:
        return self._table.region(*self._place(cursor)) if self._table is not None else None


class PicturesView(DataView):
    """Samples that are images."""

    NAME = "pictures"
    HINT = "target → predicted, ✗ wrong, t test; `data.edit` edits the target"

    def __init__(self) -> None:
        super().__init__()
        self._grid: ImageGrid | None = None

    def suits(self, snapshot: Snapshot) -> bool:
        picture = snapshot.dataset.picture
        pixels = len(snapshot.dataset.raw_names)
        return picture is not None and picture[0] * picture[1] == pixels

    def lay_out(self, snapshot: Snapshot, cursor: TableCell, width: int, height: int) -> None:
        first = self._grid.first if self._grid is not None else 0
        grid = lay_out_thumbnails(snapshot.dataset, width, height, cursor.sample, first)
        self._grid, self.page = grid, max(1, grid.columns * grid.lines)

    def draw(
        self, snapshot: Snapshot, cursor: TableCell, marked: bool, area: DrawArea
    ) -> list[Strip]:
        dataset, grid = snapshot.dataset, self._grid
        if grid is None:
            return []
        rows = slice(grid.shown.start, grid.shown.stop)
        output = snapshot.network.output
        targets = dataset.output_targets(output, rows)
        predictions = self.forward.predictions(snapshot, dataset.inputs[rows])
        mark = cursor.sample if marked else -1
        return draw_thumbnails(dataset, output, grid, targets, predictions, mark, area)

    def moved(self, snapshot: Snapshot, cursor: TableCell, down: int, right: int) -> TableCell:
        if self._grid is None:
            return cursor
        return cursor._replace(sample=self._grid.moved(cursor.sample, down, right))

    def at(self, x: int, y: int, cursor: TableCell) -> TableCell | None:
        found = self._grid.at(x, y) if self._grid is not None else None
        return cursor._replace(sample=found) if found is not None else None


class PlaneView(DataView):
    """Samples as points; an arrow moves to the nearest one in its direction."""

    def __init__(self) -> None:
        super().__init__()
        self._plane: PlanePoints | None = None
        self.page = 20

    def moved(self, snapshot: Snapshot, cursor: TableCell, down: int, right: int) -> TableCell:
        if abs(down) > 1 or self._plane is None:
            sample = max(0, min(snapshot.dataset.samples - 1, cursor.sample + down))
        else:
            sample = self._plane.next(cursor.sample, down, right)
        return cursor._replace(sample=sample)

    def at(self, x: int, y: int, cursor: TableCell) -> TableCell | None:
        return cursor._replace(sample=self._plane.at(x, y)) if self._plane is not None else None

    @staticmethod
    def shown(snapshot: Snapshot, cursor: TableCell) -> Array:
        """Return the samples to draw, that of the cursor included."""
        samples = snapshot.dataset.samples
        step = -(-samples // _MAX_SAMPLES)
        return distinct(np.append(np.arange(0, samples, step), cursor.sample))


class ScatterView(PlaneView):
    """Samples with two inputs as points in a plane."""

    NAME = "scatter"
    HINT = "arrows move from sample to sample, `data.edit` edits the target"

    def suits(self, snapshot: Snapshot) -> bool:
        return len(snapshot.dataset.raw_names) == 2

    def lay_out(self, snapshot: Snapshot, cursor: TableCell, width: int, height: int) -> None:
        samples = self.shown(snapshot, cursor)
        self._plane = scatter_plane(snapshot.dataset, samples, width, height)

    def draw(
        self, snapshot: Snapshot, cursor: TableCell, marked: bool, area: DrawArea
    ) -> list[Strip]:
        if self._plane is None:
            return []
        mark = cursor.sample if marked else -1
        return draw_scatter(snapshot.dataset, self._plane, mark, area)


class CurveView(PlaneView):
    """Samples with one input, and the network's fitted curve."""

    NAME = "curve"
    HINT = "the line is the prediction; arrows move, `data.edit` edits the target"

    def suits(self, snapshot: Snapshot) -> bool:
        return len(snapshot.dataset.raw_names) == 1 and snapshot.network.sizes[-1] == 1

    def draw(
        self, snapshot: Snapshot, cursor: TableCell, marked: bool, area: DrawArea
    ) -> list[Strip]:
        dataset = snapshot.dataset
        rows = self.shown(snapshot, cursor)
        targets: Array = dataset.output_targets(snapshot.network.output)[rows, 0]
        train_count = int(np.searchsorted(rows, dataset.train_count))
        samples = FunctionSamples(
            dataset.raw_inputs[rows], targets, train_count, held_out_sets(dataset)
        )
        values = self.forward.predictions(
            snapshot, dataset.prepare(plot_inputs(samples.points, area.width))
        )[:, 0]
        plot = lay_out_function(values, samples, area.width, area.height)
        self._plane = PlanePoints(rows, *plot.cells(samples.points[:, 0], targets))
        mark = int(np.searchsorted(rows, cursor.sample)) if marked else -1
        name = short_names(dataset).raw[0]
        return draw_function(values, samples, area, mark, name)


class ScoresView(DataView):
    """All scores of the held-out and the training samples, beside the baseline."""

    NAME = "scores"
    HINT = "grey scores are not above the baseline"

    def __init__(self) -> None:
        super().__init__()
        self._table: ScoreTable | None = None
        self._found: Snapshot | None = None

    def suits(self, snapshot: Snapshot) -> bool:
        return len(snapshot.dataset.parts) > 1

    def show(self, table: "ScoreTable", snapshot: Snapshot) -> None:
        """Show the ``table`` of a snapshot's scores."""
        self._table, self._found = table, snapshot

    def is_outdated(self, snapshot: Snapshot) -> bool:
        """Whether the scores shown are those of another network or of other data."""
        return self._found is None or not _of_one_network(self._found, snapshot)

    def draw(
        self, snapshot: Snapshot, cursor: TableCell, marked: bool, area: DrawArea
    ) -> list[Strip]:
        if self._table is None or self._found is None:
            return []
        if self._found.dataset is not snapshot.dataset:
            return []
        from nn_tui.tui.drawing.scores import draw_scores  # start-up time

        strips = draw_scores(self._table, area)
        return dimmed(strips, area.palette) if self.is_outdated(snapshot) else strips

    def moved(self, snapshot: Snapshot, cursor: TableCell, down: int, right: int) -> TableCell:
        return cursor

    def at(self, x: int, y: int, cursor: TableCell) -> TableCell | None:
        return None


def _of_one_network(one: Snapshot, other: Snapshot) -> bool:
    """Whether both have the same data and the same parameters."""
    return one.dataset is other.dataset and np.array_equal(one.parameters, other.parameters)


VIEWS = (PicturesView, TableView, ScatterView, CurveView, ScoresView)
"""All views in the order in which ``v`` shows those that suit the samples."""
