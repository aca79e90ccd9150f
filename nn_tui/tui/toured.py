"""The first minute in the program: how it begins, its keys, and what it gives way to."""

from typing import Any

from nn_tui.tui.screen_opener import DialogsApp
from nn_tui.tui.tour.panel import Tour


class TouredApp(DialogsApp):
    """An app in which a person can be shown around."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._tour = Tour()

    def on_descendant_focus(self) -> None:
        """The first minute stands beside where a person stands."""
        if self._focused_pane() is not None:
            self._tour.make_way()

    def _explained(self, train: bool | None) -> None:
        super()._explained(train)
        self._tour.explained()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The first minute has keys only while it stands."""
        return self._tour.has_keys if action in ("tour", "end_tour") else True

    def action_first_minute(self) -> None:
        """Be walked through the blog's story."""
        self._tour.begin()

    def action_tour(self, pages: int) -> None:
        """A page on or back in the first minute."""
        self._tour.go(pages)

    def action_end_tour(self) -> None:
        """End the first minute."""
        self._tour.end()
