"""What the colours and marks of the network pane mean, in words."""

from collections.abc import Iterator, Sequence

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.panes.network_view_state import NetworkViewState


def colour_meanings(
    snapshot: Snapshot, state: NetworkViewState, colours: Sequence[str]
) -> Iterator[list[str]]:
    """Yield what the two ``colours`` mean, in words: the longest first, the signs last.

    They are signs, or of a single output also its two classes.
    """
    names = snapshot.dataset.class_names
    if len(names) == 2 and snapshot.network.sizes[-1] == 1:
        short = list(short_names(snapshot.dataset).classes or names)
        if short == [*colours]:
            yield [f"− {colours[0]}", f"+ {colours[1]}"]
        yield [f"{colours[0]}: − or {short[0]}", f"{colours[1]}: + or {short[1]}"]
    elif state.view == "map" and not state.large and len(names) < 2:
        yield [f"{colours[0]}: low", f"{colours[1]}: high"]
    yield [f"{colours[0]} −", f"{colours[1]} +"]


def shows_wrong(snapshot: Snapshot, state: NetworkViewState) -> bool:
    """Whether wrong samples are marked: on the map, and on a single output in the diagram.

    Not where all are right.
    """
    dataset = snapshot.dataset
    if not dataset.class_names or dataset.picture or state.large or snapshot.all_correct:
        return False
    return state.view == "map" or (state.view == "diagram" and snapshot.network.sizes[-1] == 1)
