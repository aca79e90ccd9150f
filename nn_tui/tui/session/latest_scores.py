"""The scores of the latest snapshot of a regression, found without delaying the screen."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from weakref import ref

from nn_tui.training.snapshot import Snapshot

_AT_ONCE = 300_000
"""Samples times weights that are evaluated in well under a millisecond or two."""


class LatestScores:
    """Scores of the test set, without one of the validation or the training set.

    They are found at once where that is fast. Others are found in a thread while training is
    paused: ``start`` runs a coroutine, and ``show`` is called when they are known.
    """

    def __init__(
        self, start: Callable[[Coroutine[Any, Any, None]], object], show: Callable[[], None]
    ) -> None:
        self._start, self._show = start, show
        self._of: Callable[[], Snapshot | None] = lambda: None
        self._scores: dict[str, float | None] = {}
        self._busy = False

    def of(self, snapshot: Snapshot, running: bool) -> dict[str, float | None]:
        """The scores by name, as in ``training.scores``; empty for classes, or if not known."""
        if snapshot.classifies:
            return {}
        if self._of() is snapshot:
            return self._scores
        dataset = snapshot.dataset
        judged = dataset.test_count or dataset.validation_count or dataset.train_count
        if judged * snapshot.network.weight_count <= _AT_ONCE:
            self._keep(snapshot, _evaluate(snapshot))
            return self._scores
        if not running and not self._busy:
            self._busy = True
            self._start(self._find(snapshot))
        return {}

    async def _find(self, snapshot: Snapshot) -> None:
        try:
            self._keep(snapshot, await asyncio.to_thread(_evaluate, snapshot))
        finally:
            self._busy = False
        self._show()

    def _keep(self, snapshot: Snapshot, found: dict[str, float | None]) -> None:
        self._of, self._scores = ref(snapshot), found


def _evaluate(snapshot: Snapshot) -> dict[str, float | None]:
    from nn_tui.training.scores import decisive_scores  # start-up time

    return dict(decisive_scores(snapshot))
