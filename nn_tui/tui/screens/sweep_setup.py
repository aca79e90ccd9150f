"""The dialog that sets up a sweep: what is varied, over which values, and how much that is."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from rich.style import Style
from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Footer, Input, Static

from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.experiment import unchanged_experiment
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import duration
from nn_tui.training.trainer import Trainer
from nn_tui.trials.axes import Axis, parse_axis
from nn_tui.trials.plan import SweepPlan
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.sweep_form import ADD, EPOCHS, ORDER, SEEDS, SweepDraft, draw_sweep_form
from nn_tui.tui.session.sweep_proposal import can_vary, propose_axis, resized, shifted
from nn_tui.tui.session.value_steps import next_value
from nn_tui.tui.widgets.canvas import Canvas
from nn_tui.tui.widgets.value_input import ValueInput

_RANDOM = (0, 10, 20, 50, 100, 200, 500)
"""Numbers of random settings to choose from; 0 is the grid."""
_MOST_SEEDS = 100
_MOST_TRIALS = 20_000
"""On the screen; the command line takes more."""
_USUAL_EPOCHS = 100
"""Of an experiment that trains without end."""
_PROBE_SECONDS = 0.1
"""Training that tells how long a trial takes."""
_PREFERRED = ("training.learning_rate", "network.hidden", "training.batch_size")
"""Keys to vary where no other was chosen."""


class SweepForm(Canvas, can_focus=True):
    """The rows of the form; the arrows move over them and change them."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = "SweepForm { height: auto; background: $surface; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="setup.up", show=False),
        Binding("down,j", "move(1)", "Down", id="setup.down", show=False),
        Binding("left,h", "shift(-1)", "Lower", id="setup.lower", show=False),
        Binding(
            "right,l", "shift(1)", "range", id="setup.higher", key_display="← →", tooltip="Range"
        ),
        Binding("left_square_bracket", "resize(-1)", "Fewer values", id="setup.fewer", show=False),
        Binding(
            "right_square_bracket",
            "resize(1)",
            "values",
            id="setup.more",
            key_display="[ ]",
            tooltip="More values",
        ),
        Binding("plus,a", "add", "add", id="setup.add", key_display="+", tooltip="Vary another"),
        Binding("delete,backspace", "remove", "remove", id="setup.remove", key_display="del"),
        Binding(
            "tab", "type", "type", id="setup.type", key_display="tab", tooltip="Type the values"
        ),
        Binding("enter", "accept", "start", id="setup.start", key_display="enter"),
    ]

    class Changed(Message):
        """The form says something else, or the cursor has moved."""

    class Accepted(Message):
        """Start the sweep."""

    class Typing(Message):
        """The values of the row under the cursor are to be typed."""

    class Adding(Message):
        """Another key is to be varied."""

    def __init__(self, draft: SweepDraft) -> None:
        super().__init__(id="form")
        self.draft = draft
        self.at = 0

    @property
    def paper(self) -> Style:
        return self.app.palette.text

    def draw(self, width: int, height: int) -> list[Strip]:
        return draw_sweep_form(self.draft, self.at, DrawArea(width, height, self.app.palette))

    def change(self, draft: SweepDraft) -> None:
        """Show another draft."""
        self.draft = draft
        self.at = min(self.at, draft.rows - 1)
        self.styles.height = draft.rows + 1
        self.repaint()
        self.post_message(self.Changed())

    @property
    def axis(self) -> Axis | None:
        """The axis under the cursor."""
        return self.draft.axes[self.at] if self.at < len(self.draft.axes) else None

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.at = max(0, min(self.draft.rows - 1, self.at + rows))
        self.repaint()
        self.post_message(self.Changed())

    def on_click(self, event: Click) -> None:
        """Put the cursor on the row clicked on."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y > 0:
            self.action_move(offset.y - 1 - self.at)

    def action_shift(self, direction: int) -> None:
        """Shift the range, or change the number."""
        draft, name = self.draft, self.draft.row_name(self.at)
        if self.axis is not None:
            self.change(draft.with_axis(self.at, shifted(self.axis, direction)))
        elif name == SEEDS:
            self.change(replace(draft, seeds=max(1, min(_MOST_SEEDS, draft.seeds + direction))))
        elif name == EPOCHS and not draft.varies_epochs:
            epochs = next_value(FIELDS["training.epochs"], draft.epochs, direction)
            if epochs:
                base = draft.base.with_value("training.epochs", epochs)
                self.change(replace(draft, base=base))
        elif name == ORDER:
            place = min(range(len(_RANDOM)), key=lambda i: abs(_RANDOM[i] - draft.random))
            place = max(0, min(len(_RANDOM) - 1, place + direction))
            self.change(replace(draft, random=_RANDOM[place]))

    def action_resize(self, change: int) -> None:
        """Vary over more or fewer values."""
        if self.axis is not None:
            self.change(self.draft.with_axis(self.at, resized(self.axis, change)))
        else:
            self.action_shift(change)

    def action_remove(self) -> None:
        """Leave a key out; one is left."""
        if self.axis is not None and len(self.draft.axes) > 1:
            self.change(self.draft.with_axis(self.at, None))

    def action_add(self) -> None:
        self.post_message(self.Adding())

    def action_type(self) -> None:
        self.post_message(self.Typing())

    def action_accept(self) -> None:
        adds = self.draft.row_name(self.at) == ADD
        self.post_message(self.Adding() if adds else self.Accepted())


class SweepSetup(Dialog[SweepPlan | None]):
    """Return the plan of a sweep, or None after ``esc``."""

    HELP_TITLE = "Sweep: set up"
    HELP_TEXT = "Which hyperparameters are varied, and over which values."
    HELP_PARTS = (SweepForm,)
    AUTO_FOCUS = "#form"
    DEFAULT_CSS = """
    SweepSetup > .dialog { width: 90; height: auto; max-height: 100%; padding: 0 1; }
    SweepSetup ValueInput { position: relative; width: 100%; }
    SweepSetup .typing { display: block; }
    SweepSetup #told { height: auto; margin: 1 0 0 0; color: $text-muted; }
    SweepSetup Footer { background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,G", "dismiss", "leave", id="setup.leave", key_display="esc"),
    ]

    def __init__(self, draft: SweepDraft, dataset: Dataset, where: str, measure: str) -> None:
        """``where`` says where trials run, ``measure`` what they are compared by."""
        super().__init__()
        self._form = SweepForm(draft)
        self._dataset = dataset
        self._experiment = unchanged_experiment(draft.name, draft.base, dataset)
        self._where, self._measure = where, measure
        self._rate: float | None = None
        """Epochs per second of the experiment as it is."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Sweep"
            yield self._form
            yield ValueInput(compact=True, max_length=2000)
            yield Static(id="told", markup=False)
            yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show the form, and find out how long a trial takes."""
        self._form.change(self._form.draft)
        self.run_worker(self._measure_speed(), exit_on_error=False)

    async def _measure_speed(self) -> None:
        recipe = self._form.draft.base
        self._rate = await asyncio.to_thread(_epochs_per_second, recipe, self._dataset)
        self._tell()

    def _tell(self, problem: str = "") -> None:
        """Say how much the sweep is, and which command does the same; or the ``problem``."""
        draft = self._form.draft
        try:
            plan = draft.plan()
            problem = problem or _refused(plan)
            count = plan.count
        except InputError as error:
            problem, count = problem or str(error), 0
        lines = [problem] if problem else [self._amount(draft, count), self._compared(draft)]
        lines += [] if problem else [f"= {draft.command(*self._experiment)}"]
        self.query_one("#told", Static).update(Content("\n".join(lines)))

    def _amount(self, draft: SweepDraft, count: int) -> str:
        text = f"{count:,} trial{'s'[: count != 1]} on {self._where}"
        if not self._rate or draft.varies_epochs:
            return text
        each = draft.epochs / self._rate
        jobs = int(self._where.split()[0])
        ms = f"{each * 1000:,.0f} ms" if each >= 0.001 else "less than 1 ms"
        one = ms if each < 1 else duration(each)
        return f"{text}, about {duration(each * count / jobs)} (one takes {one} here)"

    def _compared(self, draft: SweepDraft) -> str:
        seeds = ", median of the seeds" if draft.seeds > 1 else ""
        return f"compared by the {self._measure} at the last epoch{seeds}"

    # Typing

    def on_sweep_form_changed(self, event: SweepForm.Changed) -> None:
        """Say what the form means now."""
        event.stop()
        self._tell()

    def on_sweep_form_typing(self, event: SweepForm.Typing) -> None:
        """Edit the row under the cursor as text."""
        event.stop()
        form, editor = self._form, self.query_one(ValueInput)
        name = form.draft.row_name(form.at)
        if name == ADD or (name == EPOCHS and form.draft.varies_epochs):
            return
        texts = {SEEDS: f"{form.draft.seeds}", EPOCHS: f"{form.draft.epochs}"}
        texts[ORDER] = f"{form.draft.random}"
        editor.value = form.axis.text.partition("=")[2] if form.axis else texts[name]
        editor.add_class("typing")
        editor.focus()
        self.query_one("#told", Static).update(Content(_TYPING if form.axis else _NUMBER))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, if it is allowed; else say why not."""
        event.stop()
        try:
            self._form.change(_typed(self._form, event.value))
        except ValueError as error:  # InputError is one
            self._tell(str(error))
            return
        self._end_typing()

    def on_value_input_left(self, event: ValueInput.Left) -> None:
        """Leave the row as it was."""
        event.stop()
        self._end_typing()
        self._tell()

    def _end_typing(self) -> None:
        self.query_one(ValueInput).remove_class("typing")
        self._form.focus()

    # Other keys, and the end

    def on_sweep_form_adding(self, event: SweepForm.Adding) -> None:
        """Choose another key to vary."""
        event.stop()
        draft = self._form.draft
        varied = {axis.key for axis in draft.axes}
        keys = [key for key in FIELDS if key not in varied and can_vary(key, draft.base)]
        keys.sort(key=lambda key: key not in _PREFERRED)
        entries = [Choice(FIELDS[key].label, FIELDS[key].help) for key in keys]
        by_label = {FIELDS[key].label: key for key in keys}

        def take(names: tuple[str, ...]) -> None:
            axis = propose_axis(by_label[names[0]], draft.base)
            seeds = 1 if axis.key == "network.seed" else draft.seeds
            self._form.at = len(draft.axes)
            self._form.change(replace(draft, axes=(*draft.axes, axis), seeds=seeds))

        self.app.push_screen(ChoiceDialog("Vary another", "which one", entries, take))

    def on_sweep_form_accepted(self, event: SweepForm.Accepted) -> None:
        """Return the plan, if it can be trained."""
        event.stop()
        try:
            plan = self._form.draft.plan()
            problem = _refused(plan)
        except InputError as error:
            problem = str(error)
        if problem:
            self._tell(problem)
        else:
            self.dismiss(plan)


_TYPING = "values separated by commas, or LOW..HIGH:N, or LOW..HIGH:N:log · enter takes them"
_NUMBER = "a whole number · enter takes it"


def _refused(plan: SweepPlan) -> str:
    """Why a plan is not trained on the screen, or empty."""
    if plan.count > _MOST_TRIALS:
        return (
            f"{plan.count:,} trials are too many for the screen ({_MOST_TRIALS:,}): fewer values, "
            "or the command nn-tui sweep"
        )
    if not plan.base.training.epochs and "training.epochs" not in plan.keys:
        return "epochs = 0 trains without end: set the number of epochs"
    return ""


def _typed(form: SweepForm, text: str) -> SweepDraft:
    """The draft with what was typed for its row. Raises ValueError."""
    draft, name = form.draft, form.draft.row_name(form.at)
    if form.axis is not None:
        axis = parse_axis(f"{form.axis.key}={text}")
        made = draft.with_axis(form.at, axis)
        made.plan()
        return made
    if name == EPOCHS:
        epochs = FIELDS["training.epochs"].kind.parse(text)
        return replace(draft, base=draft.base.with_value("training.epochs", epochs))
    least, most = (1, _MOST_SEEDS) if name == SEEDS else (0, _MOST_TRIALS)
    number = int(text) if text.strip().isascii() and text.strip().isdigit() else -1
    if not least <= number <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most:,}")
    return replace(draft, seeds=number) if name == SEEDS else replace(draft, random=number)


def first_draft(name: str, recipe: Recipe, key: str) -> SweepDraft:
    """Return the sweep that is proposed for an experiment: ``key``, if it can be varied."""
    keys = [k for k in (key, *_PREFERRED) if can_vary(k, recipe)]
    if not recipe.training.epochs:
        recipe = recipe.with_value("training.epochs", _USUAL_EPOCHS)
    axis = propose_axis(keys[0], recipe) if keys else Axis("network.seed", (0, 1, 2))
    numbered = isinstance(recipe.network.seed, int) and axis.key != "network.seed"
    return SweepDraft(name, recipe, (axis,), 3 if numbered else 1)


def _epochs_per_second(recipe: Recipe, dataset: Dataset) -> float | None:
    """The speed of the experiment alone; None if it cannot be trained, or an epoch takes long."""
    now: Callable[[], float] = time.perf_counter
    try:
        trainer = Trainer(recipe.with_value("training.replicas", 1), dataset)
        trainer.run_for(_PROBE_SECONDS / 2)  # which makes its loop, too
        first, began = trainer.epoch, now()
        trainer.run_for(_PROBE_SECONDS)
    except (InputError, MemoryError):
        return None
    return (trainer.epoch - first) / max(1e-9, now() - began) or None
