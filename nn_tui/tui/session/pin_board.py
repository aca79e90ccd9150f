"""The runs pinned for comparison."""

from collections.abc import Iterable

from nn_tui.training.branches import PinnedRun, RunBranch
from nn_tui.tui.session.pin_labels import label_pins


class PinBoard:
    """Pinned runs, oldest first, labelled when they are read."""

    def __init__(self) -> None:
        self._pins: tuple[PinnedRun, ...] = ()
        self._labelled_for: str | None = None

    def labelled(self, current: str) -> tuple[PinnedRun, ...]:
        """The pins with their labels beside the run named ``current``.

        The same objects are returned until a pin or the name changes.
        """
        if self._labelled_for != current:
            self._set(label_pins(self._pins, current))
            self._labelled_for = current
        return self._pins

    def add(self, pin: PinnedRun) -> None:
        """Pin a run."""
        self._set((*self._pins, pin))

    def add_left_behind(self, branch: RunBranch | None) -> None:
        """Pin the branch that an edit in the past left behind, if there is one."""
        if branch is not None and branch.outcome is not None:
            self.add(PinnedRun("", branch.outcome, branch.end, "before the change"))

    def remove(self, pin: PinnedRun | None = None) -> None:
        """Remove one pin, or all of them."""
        self._set(p for p in self._pins if pin is not None and p.position is not pin.position)

    def _set(self, pins: Iterable[PinnedRun]) -> None:
        self._pins = tuple(pins)
        self._labelled_for = None
