"""Shows one replica after the other, and opens one as a run of its own."""

import asyncio

from nn_tui.training.replica_results import ReplicaResults
from nn_tui.tui.session.worker import Worker


class ReplicaBrowser:
    """Chooses among the replicas of the current run, in the order of their losses."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def show_next(self, direction: int) -> None:
        """Show the replica with the next higher (1) or lower (-1) loss; the ends are joined."""

        async def job() -> None:
            worker = self._worker
            timeline = worker.timeline
            if timeline.group is None:
                worker.show_message("this run has one seed", "`many-seeds` trains several")
                return
            results = await asyncio.to_thread(timeline.group.results)
            place = (results.order.index(results.shown) + direction) % len(results.order)
            index = results.order[place]
            timeline.show_replica(index)
            worker.show_message(_sentence(results, index, place), "`many-seeds` changes the number")

        self._worker.request(job)

    def open_shown(self) -> None:
        """Pause, and continue with the replica shown as a run of its own."""
        self._worker.pause()

        async def job() -> None:
            worker = self._worker
            timeline = worker.timeline
            if timeline.group is None:
                return
            seed = timeline.group.trainer.recipe.network.seed
            await asyncio.to_thread(timeline.open_replica, f"seed {seed} opened")
            worker.run_replaced()
            worker.show_message(
                f"seed {seed} is a run of its own now", "`run` trains it, `undo` goes back to all"
            )

        self._worker.request(job)


def _sentence(results: ReplicaResults, index: int, place: int) -> str:
    """Which replica is shown, and the place of its loss."""
    result, count = results.results[index], len(results.results)
    if result.diverged:
        return f"seed {result.seed}: {result.diverged}"
    rank = f"{place + 1} of {count}"
    return f"seed {result.seed}: training loss {result.train_loss:.6g}, {rank} from the lowest"
