"""A dialog that asks for two weights, whose plane the landscape shows."""

import re
from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from nn_tui.training.loss_plane import Parameter
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.widgets.value_input import ValueInput

_MAX_LENGTH = 60
_NAME = re.compile(r"([A-Za-z]+\d*)\s*\[\s*(\d+)\s*(?:,\s*(\d+)\s*)?\]")
_EMPTY = "empty: the plane of the path · enter accepts, esc cancels"

WeightPair = tuple[Parameter, Parameter]


class WeightsPrompt(Dialog[tuple[WeightPair | None] | None]):
    """Return two weights or None for the path, in a tuple; or None after ``esc``."""

    AUTO_FOCUS = "ValueInput"
    DEFAULT_CSS = """
    WeightsPrompt > .dialog { width: 74; height: 3; padding: 0 1; }
    WeightsPrompt ValueInput { display: block; position: relative; width: 100%; }
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], text: str) -> None:
        """``shapes`` are those of all parameters by name, ``text`` is proposed."""
        super().__init__()
        self._shapes, self._text = shapes, text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content("Landscape over two weights")  # no markup
            yield ValueInput(self._text, max_length=_MAX_LENGTH, compact=True, select_on_focus=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is shown, or why it cannot be."""
        event.stop()
        try:
            chosen = parse_weights(event.value, self._shapes)
            self._show("enter accepts, esc cancels" if chosen else _EMPTY)
        except ValueError as error:
            self._show(str(error))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the weights, if there are such."""
        event.stop()
        try:
            self.dismiss((parse_weights(event.value, self._shapes),))
        except ValueError as error:
            self._show(str(error))

    def on_value_input_left(self, event: ValueInput.Left) -> None:
        """Cancel."""
        event.stop()
        self.dismiss(None)

    def _show(self, hint: str) -> None:
        self.query_one(Vertical).border_subtitle = Content(hint)


def parse_weights(text: str, shapes: Mapping[str, tuple[int, ...]]) -> WeightPair | None:
    """Return the two weights or biases in ``text``, None if it is blank.

    Raises ValueError for anything but two different parameters of these ``shapes``.
    """
    if not text.strip():
        return None
    found = [
        (name, tuple(int(at) for at in (first, second) if at))
        for name, first, second in _NAME.findall(text)
    ]
    rest = _NAME.sub("", text).replace(",", " ").strip()
    if len(found) != 2 or rest:
        raise ValueError("two weights are needed, such as W0[0,1] W1[2,0]")
    for name, index in found:
        shape = shapes.get(name)
        if shape is None:
            raise ValueError(f"there is no {name}; the network has {', '.join(shapes)}")
        if len(index) != len(shape) or any(i >= n for i, n in zip(index, shape, strict=True)):
            raise ValueError(f"{name} is {'×'.join(map(str, shape))}, counted from 0")
    if found[0] == found[1]:
        raise ValueError("the two weights must differ")
    return found[0], found[1]
