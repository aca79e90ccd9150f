"""Pane 4: the network's diagram, its predictions as a map, its confusion matrix."""

import asyncio
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.reactive import var
from textual.strip import Strip

from nn_tui.data.typed_row import TypedRow
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.sample_marks import WRONG
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.panes.network_legend import colour_meanings, shows_wrong
from nn_tui.tui.panes.network_view_state import (
    NetworkViewState,
    has_picture,
    initial_view_state,
    network_views,
)
from nn_tui.tui.panes.network_views import NetworkViews, unit_label
from nn_tui.tui.panes.pane import GlossaryTopic, Pane
from nn_tui.tui.panes.pane_title import Legend, legend_width


class NetworkPane(Pane):
    """One view at a time; the others are not computed."""

    HELP = """
    ## Network

    **Diagram**: inputs on the left, outputs on the right; a line is a weight, blue and solid
    if positive, orange and dashed if negative, thick if large, dotted if pruned; of very many
    only the largest are drawn. A unit's name has the colour of its bias; the map in a unit is
    its output over the two inputs. A single output is drawn large, with the samples. While
    the pane has the focus, the edges of the unit under the cursor have colours and the others
    are grey; where there is room, the unit's largest weights are listed below the inputs.
    `⋮` counts units without room. `network.look` enlarges a unit.

    `network.excite` lists the samples with the highest activation of the unit: what excites it.

    For **images** the diagram shows the sample chosen in the data pane: its pixels, the
    activations of each hidden layer as a grid, filled column by column, and the outputs. ▪
    marks the units of the last hidden layer that add most to the largest output, or to the
    output under the cursor. `network.look` shows the weights of a unit.

    **Map** (of two inputs): the colour at a point is the network's prediction there. ● are
    samples of the positive class, ○ of the negative one, small in the test set; with more
    than two classes each has its own marker, hollow in the test set. For regression the map
    has contour lines. Of many inputs two are shown, with the other inputs at their mean.
    For one input it is a curve.

    **Confusion matrix** (classes): rows are actual classes, columns predicted ones. Beside it
    are each class's recall, the fraction of its samples that are predicted as it, and its
    precision, the fraction of those predicted as it that are of it. The arrows choose a cell,
    `network.look` lists its samples.

    **Predicted against true** (numbers): a point is a sample, in the target's units; the line
    is where the prediction is right. ● is the sample chosen in the data pane.
    """
    NUMBER = 4
    TITLE = "Network"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "view", "view", id="network.view", tooltip="Next view"),
        Binding(
            "D", "discrete", "discretize", id="network.discrete", tooltip="Discretize the colours"
        ),
        Binding("enter", "look", "enlarge", id="network.look", tooltip="Enlarge the unit"),
        Binding("enter", "leave", "back", id="network.look", tooltip="Back to the diagram"),
        Binding("enter", "list", "samples", id="network.look", tooltip="List the cell's samples"),
        Binding(
            "m",
            "excite",
            "Most active samples",
            id="network.excite",
            show=False,
            tooltip="Samples with the highest activation of the unit",
        ),
        Binding("left,h", "layer(-1)", "Previous layer", id="network.layer-before", show=False),
        Binding("right,l", "layer(1)", "Next layer", id="network.layer-after", show=False),
        Binding("up,k", "unit(-1)", "Unit above", id="network.unit-above", show=False),
        Binding("down,j", "unit(1)", "Unit below", id="network.unit-below", show=False),
        Binding(
            "t",
            "samples",
            "samples",
            id="network.samples",
            show=False,
            tooltip="Which samples: all, training, test, none",
        ),
        Binding(
            "i",
            "column(0)",
            "Input across",
            id="network.input-across",
            show=False,
            tooltip="Next input across the map",
        ),
        Binding(
            "I",
            "column(1)",
            "Input up",
            id="network.input-up",
            show=False,
            tooltip="Next input up the map",
        ),
        Binding(
            "escape",
            "leave",
            "Back",
            id="network.leave-unit",
            show=False,
            tooltip="Leave the enlarged unit",
        ),
    ]

    chosen_sample: var[int] = var(0, init=False)
    """The sample whose activations are shown, where inputs are pixels; bound to the app's."""

    typed_row: var[TypedRow | None] = var(None, init=False)
    """The try row, shown in place of the sample; bound to the app's."""

    def __init__(self) -> None:
        super().__init__()
        self._data: object = None  # the data that the view state belongs to
        self._view_state = NetworkViewState("diagram", (0, 1))
        self._views = NetworkViews()

    def lay_out(self, width: int, height: int) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        changed = self._data != _data_key(snapshot)
        self._set_view_state(self.view_state)
        if changed:
            self.refresh_bindings()
        size = (width, height)
        self.note(self._views.lay_out(snapshot, self.view_state, self.has_focus, size))

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        area = DrawArea(width, height, self.palette)
        return self._views.draw(snapshot, self.view_state, self.has_focus, area)

    @property
    def view_state(self) -> NetworkViewState:
        """The view and cursor, within the current network; reset for other data."""
        snapshot = self.snapshot
        if snapshot is None:
            return self._view_state
        same_data = self._data == _data_key(snapshot)
        state = self._view_state if same_data else initial_view_state(snapshot)
        row = self.typed_row
        return replace(state.in_network(snapshot), sample=self.chosen_sample, row=row)

    def watch_chosen_sample(self) -> None:
        """Show the activations of another sample."""
        shown = self.view_state.view == "residuals"
        if self.snapshot is not None and (shown or self.snapshot.dataset.picture):
            self.repaint()

    def watch_typed_row(self) -> None:
        """Show the activations of the try row, or of the sample again."""
        self.watch_chosen_sample()

    def _set_view_state(self, state: NetworkViewState) -> None:
        self._view_state = state
        if self.snapshot is not None:
            self._data = _data_key(self.snapshot)

    def legend(self, room: int) -> Legend:
        """What the two colours mean: signs, or of a single output also its classes."""
        snapshot, palette = self.snapshot, self.palette
        if snapshot is None or self.app.appearance.colourless:
            return ()
        colours = [("orange", palette.negative), ("blue", palette.positive)]
        if palette.ansi:
            colours = [("yellow", "ansi_yellow"), ("blue", "ansi_blue")]
        if self.view_state.evaluates:
            return ()
        names = [name for name, _ in colours]
        inks = [colour for _, colour in colours]
        told: list[str] = next(
            (
                words
                for words in colour_meanings(snapshot, self.view_state, names)
                if sum(map(legend_width, words)) <= room
            ),
            [],  # never one colour without the other
        )
        entries = [*zip(told, inks, strict=False)]
        wrong = [(f"{WRONG} wrong", "$error")] if shows_wrong(snapshot, self.view_state) else []
        return (*entries, *wrong)

    def topic(self) -> GlossaryTopic:
        if self.snapshot is None:
            return GlossaryTopic("diagram")
        state = self.view_state
        if state.view != "diagram":
            view = "decision boundary" if state.view == "map" else state.view
            return GlossaryTopic(view, self._noted)
        layer, last = state.cursor[0], len(self.snapshot.network.sizes) - 1
        word = "input" if not layer else "prediction" if layer == last else "unit"
        return GlossaryTopic(word, self._noted)

    def info(self) -> str:
        """The hint of this view."""
        return self.app.key_names.with_key_names(self._hint())

    def _hint(self) -> str:
        state, snapshot = self.view_state, self.snapshot
        if state.evaluates:
            choose = "arrows choose a cell, `network.look` lists its samples; "
            which = "`network.samples` test or training; `network.view` next view"
            return choose + which if state.view == "confusion" else which
        picture = snapshot is not None and snapshot.dataset.picture is not None
        if state.view == "diagram" and not state.large and picture:
            return (
                "arrows choose a unit, `network.look` shows its weights; pane 1 chooses the sample"
            )
        if state.view == "diagram" and not state.large:
            return (
                "arrows choose a unit, `network.look` enlarges it, `network.excite` what excites "
                "it; `network.view` next view"
            )
        if state.large and snapshot is not None and snapshot.dataset.picture:
            return "the weights of this unit; arrows choose others; `network.leave-unit` goes back"
        many = snapshot is not None and len(snapshot.dataset.raw_names) > 2
        parts = ["arrows choose another unit" if state.large else "`network.view` next view"]
        parts += ["`network.discrete` discretize"] if self._has_map else []
        parts += ["`network.samples` samples"]
        parts += ["`network.input-across` `network.input-up` inputs"] if many else []
        parts += ["`network.leave-unit` goes back" if state.large else "`zoom` zooms"]
        return "; ".join(parts)

    def is_action_useful(self, action: str) -> bool:
        snapshot = self.snapshot
        if action == "discrete":
            return self._has_map
        if action == "look" and snapshot is not None:
            return has_picture(snapshot, self.view_state.cursor)
        return action != "view" or snapshot is None or len(network_views(snapshot)) > 1

    @property
    def _has_map(self) -> bool:
        """Whether a map is visible whose colours can be discretized."""
        if self.view_state.view == "diagram" and not self.view_state.large:
            return self._views.mapped
        dataset = self.snapshot.dataset if self.snapshot else None
        plane = dataset is not None and len(dataset.raw_names) > 1 and not dataset.picture
        return plane and not self.view_state.evaluates

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Units are chosen in the diagram; ``esc`` first leaves an enlarged unit."""
        if action == "leave":
            return self.view_state.large
        if action == "look":
            return self.view_state.view == "diagram" and not self.view_state.large
        if action == "list":
            return self.view_state.view == "confusion"
        if action == "excite":
            return self.view_state.view == "diagram"
        if action in ("layer", "unit"):
            return self.view_state.view in ("diagram", "confusion")
        return True

    def _go(self, state: NetworkViewState) -> None:
        """Show another view or move the cursor; refresh the keys where the view changes."""
        before = self.view_state
        self._set_view_state(state)
        self.repaint()
        if (state.view, state.large) != (before.view, before.large):
            self.refresh_bindings()
            self.app.show_message()

    def on_click(self, event: Click) -> None:
        """Put the cursor on the unit clicked on."""
        super().on_click(event)
        offset = event.get_content_offset(self)
        if offset is not None and self.view_state.view == "confusion":
            if (cell := self._views.evaluation.cell_at(*offset)) is not None:
                self._go(replace(self.view_state, cell=cell))
        elif offset is not None:
            unit = self._views.unit_at(offset.x, offset.y)
            if unit is not None:
                self._go(replace(self.view_state, cursor=unit))

    def action_view(self) -> None:
        """Show the next view."""
        if self.snapshot is not None:
            self._go(self.view_state.in_next_view(self.snapshot))

    def action_discrete(self) -> None:
        """Discretize the colours of maps, or show all."""
        if not self._has_map:
            needs = "`network.discrete` discretizes the colours of maps; this view has no map"
            self.app.show_message(self.app.key_names.with_key_names(needs))
            return
        look = self.view_state.look
        self._go(replace(self.view_state, look=look._replace(discrete=not look.discrete)))

    def action_samples(self) -> None:
        """Show or count other samples."""
        self._go(self.view_state.with_other_samples())
        counted = self.view_state.evaluates  # shown in the border
        which = self.view_state.look.subset
        self.app.show_message("" if counted else f"the map shows {which} samples")

    def action_column(self, axis: int) -> None:
        """Show another input along an axis."""
        dataset = self.snapshot.dataset if self.snapshot else None
        if dataset is None or dataset.picture or len(dataset.raw_names) < 3:
            needs = (
                "`network.input-across` and `network.input-up` need a map of more than two inputs"
            )
            self.app.show_message(self.app.key_names.with_key_names(needs))
        else:
            self._go(self.view_state.with_other_column(axis, len(dataset.raw_names)))

    def action_layer(self, step: int) -> None:
        """Move the cursor by ``step`` layers, at about the same height."""
        if self.snapshot is not None:
            self._go(self.view_state.at_layer(step, self.snapshot))

    def action_unit(self, step: int) -> None:
        """Move the cursor by ``step`` units."""
        if self.snapshot is not None:
            self._go(self.view_state.at_unit(step, self.snapshot))

    def action_look(self) -> None:
        """Enlarge the unit under the cursor."""
        if self.snapshot is None:
            return
        if not has_picture(self.snapshot, self.view_state.cursor):
            self.app.show_message("only units of the first layer have an image, their weights")
        else:
            self._go(replace(self.view_state, large=True))

    def action_list(self) -> None:
        """List the samples of the cell under the cursor; choosing one goes to it."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        from nn_tui.tui.panes.sample_list import sample_list  # start-up time

        state = self.view_state
        found = self._views.evaluation.samples_in(snapshot, state)
        if not found:
            self.app.show_message("the cell has no samples")
        else:
            self.app.push_screen(sample_list(snapshot, state.cell, found, self._go_to_sample))

    def action_excite(self) -> None:
        """List the samples with the highest activation of the unit under the cursor."""
        snapshot, unit = self.snapshot, self.view_state.cursor
        if snapshot is None:
            return
        from nn_tui.training.unit_samples import highest_samples  # start-up time
        from nn_tui.tui.panes.sample_list import excited_list

        async def find() -> None:
            found = await asyncio.to_thread(highest_samples, snapshot, *unit)
            names = unit_label(snapshot, unit)
            self.app.push_screen(excited_list(snapshot, names, found, self._go_to_sample))

        self.app.run_in_background(find())

    def _go_to_sample(self, sample: int) -> None:
        self.app.chosen_sample = sample
        self.app.action_pane("data")

    def action_leave(self) -> None:
        """Return to the diagram."""
        self._go(replace(self.view_state, large=False))


def _data_key(snapshot: Snapshot) -> object:
    """What identifies the data that a view state belongs to."""
    dataset = snapshot.dataset
    return dataset.name, dataset.raw_names, dataset.classes
