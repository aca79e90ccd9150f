"""The part of the data pane that shows a row of the user's own in place of the samples."""

from typing import TYPE_CHECKING

from nn_tui.tui.panes.editable_pane import EditablePane

if TYPE_CHECKING:
    from nn_tui.tui.panes.try_row import TryRow


class TryRowPane(EditablePane):
    """A pane of samples that a row to try can replace."""

    def __init__(self) -> None:
        super().__init__()
        self.trying: TryRow | None = None
        """The row of the user's own, while it is shown."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The row has keys of its own."""
        if action in ("copy", "clear", "erase", "leave_row"):
            return self.trying is not None
        if action in ("pen", "edit"):
            drawn = self.trying is not None and self.trying.DRAWN
            return drawn == (action == "pen")
        return action != "try_row" or self.trying is None

    def action_try_row(self) -> None:
        """Show a row of the user's own, which begins as the sample under the cursor."""
        from nn_tui.tui.panes.try_row import try_row  # start-up time

        if self.snapshot is not None:
            self.show_row_or_samples(try_row(self.snapshot, self.app.chosen_sample))
            self.repaint()
            self.app.show_message()

    def action_leave_row(self) -> None:
        """Show the samples again."""
        self.show_row_or_samples(None)
        self.repaint()
        self.app.show_message()

    def action_pen(self) -> None:
        """Put the pen down, or lift it."""
        if self.trying is not None:
            self.show_row(self.trying.lift())

    def action_copy(self) -> None:
        """Copy the next sample into the try row."""
        if self.trying is not None and self.snapshot is not None:
            sample = (self.trying.sample + 1) % self.snapshot.dataset.samples
            self.trying.copy(self.snapshot, sample)
            self.app.chosen_sample = sample
            part = self.snapshot.dataset.part_of(sample)
            where = "" if part == "train" else f", of the {part} set"
            self.show_row(f"copied: sample {sample + 1:,}{where}")

    def action_clear(self) -> None:
        """Leave all values out of the try row."""
        if self.trying is not None and self.snapshot is not None:
            self.trying.clear(self.snapshot)
            self.show_row()

    def action_erase(self) -> None:
        """Leave out the value under the cursor, or erase the pixel."""
        if self.trying is not None:
            self.trying.erase()
            self.show_row()

    def show_row_or_samples(self, row: "TryRow | None") -> None:
        """Show a row in place of the samples; with None the samples again."""
        self.trying = row
        self.app.typed_row = None if row is None else row.row
        self.refresh_bindings()

    def show_row(self, message: str = "") -> None:
        """Show the changed try row."""
        if self.trying is not None:
            self.app.typed_row = self.trying.row
            self.repaint()
            self.app.show_message(message)

    def type_input(self) -> None:
        """Edit the value under the cursor of the row; categories are completed."""
        if self.trying is not None and (typed := self.trying.input) is not None:
            self.type_value(None, typed.text, typed.place, typed.allowed, typed.known)

    def take_input(self, text: str) -> None:
        """Set the value under the cursor to the ``text`` typed, or show why not."""
        if self.trying is None:
            return
        if refusal := self.trying.put(text):
            self.app.show_message(refusal, bad=True)
        else:
            self.close_editor()
            self.show_row(self.trying.remark)
