"""Where one stands in a run, and the way back: edits, undo and redo, any earlier epoch.

A run is told in full by its start and its edits, so every moment of it can be had again
to the last bit: from the nearest keyframe, with the edits that came after it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from nn_tui.errors import InputError
from nn_tui.nn.parameters import views
from nn_tui.training.edits import Edit
from nn_tui.training.keyframe import Halfway, Keyframe
from nn_tui.training.keyframes import Keyframes, leads_to
from nn_tui.training.looks import Looks
from nn_tui.training.plan import architecture
from nn_tui.training.run import Place, Run
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.strand import Strand
from nn_tui.training.told import described
from nn_tui.training.trainer import Trainer

P = ParamSpec("P")
R = TypeVar("R")

_SLICE = 0.05
MOST_STRANDS = 200
"""Runs of a sitting that are remembered besides the current one."""


@dataclass(frozen=True, eq=False)
class _Step:
    """Something that can be undone: from one moment to another."""

    what: str
    before: tuple[Strand, int]
    after: tuple[Strand, int]


Method = Callable[Concatenate["Timeline", P], R]


def _alone(method: Method[P, R]) -> Method[P, R]:
    """``method`` with the timeline's lock held."""

    @wraps(method)
    def locked(self: "Timeline", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.lock:
            return method(self, *args, **kwargs)

    return locked


class Timeline:
    """Owns the trainer; between calls it is at a moment of ``strand.run``.

    At a moment of epoch e all edits up to and with epoch e are in effect. ``keyframe``,
    ``halfway`` and ``looks`` are where a run that was saved is gone on with. ``lock`` is held while
    something changes, so that whoever must save can wait for a moment that is whole.
    ``torn`` is true after training or a change broke off by an error of the program's;
    what the trainer holds is then no moment of the run until ``mend``. Raises what
    ``Trainer`` raises where a run cannot be had.
    """

    def __init__(
        self,
        run: Run,
        keyframe: Keyframe | None = None,
        looks: Looks | None = None,
        halfway: Halfway | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.torn = False
        self.trainer = _trainer(run)
        self._keyframes = Keyframes(self.trainer)
        self.strand = self._strand(run)
        self.strands: list[Strand] = [self.strand]
        """All of this sitting, oldest first."""
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        if keyframe is not None:
            self.trainer.resume(keyframe)
            self._keyframes.keep(self.trainer)
            self._undo = self._steps_that_led_here()
        if looks is not None:
            self.strand.looks = looks
        self._make_edits()
        if keyframe is not None and halfway is not None and self.trainer.edits == keyframe.edits:
            self._enter_epoch(halfway)

    # Looking

    @property
    def whole(self) -> bool:
        """Whether the trainer is at a moment that can be gone on from."""
        return self.trainer.stands[1] is not None and not self.torn

    @property
    def run(self) -> Run:
        """The run one is in, with edits that lie ahead of where one stands."""
        return self.strand.run

    @property
    def place(self) -> Place:
        """Where one stands."""
        return Place(self.run, self.trainer.epoch)

    @property
    def furthest(self) -> int:
        """The last epoch that this run has reached."""
        return max(self.strand.furthest, self.trainer.epoch)

    @property
    def undoable(self) -> str:
        """What ``undo`` would take back, or empty."""
        return self._undo[-1].what if self._undo else ""

    @_alone
    def snapshot(self) -> Snapshot:
        """The moment as it is, with what is known of the run ahead of it."""
        snapshot = self.trainer.snapshot()
        if snapshot.evaluated == snapshot.epoch:
            self.strand.looks.add(snapshot)
        known = self.strand.outcome
        ahead = known.losses if known and known.epoch > snapshot.epoch else None
        return replace(snapshot, ahead=ahead, trace=self.strand.looks.trace())

    # Running

    @_alone
    def run_for(
        self,
        seconds: float,
        last_epoch: int | None = None,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> None:
        """Train as ``Trainer.run_for`` does; the edits of the run are made on the way."""
        upcoming = self._upcoming()
        with self._torn_by_errors():
            if upcoming is None:
                self.trainer.run_for(seconds, last_epoch, interrupted)
            else:
                goal = upcoming.epoch if last_epoch is None else min(last_epoch, upcoming.epoch)
                self.trainer.run_for(seconds, goal, interrupted)
                self._make_edits()
        self._keyframes.offer(self.trainer)

    def go_on(self) -> None:
        """Let a run that diverged or stopped go on."""
        self.trainer.go_on()

    @_alone
    def mend(self) -> None:
        """Put another trainer in the place of one that is ``torn``, at the last moment kept."""
        frame = self._keyframes.nearest(self.trainer.epoch, self.run.edits)
        trainer = _trainer(self.run)
        trainer.watch(self.trainer.recipe.view)
        trainer.resume(frame)
        self.trainer, self.torn = trainer, False
        self._make_edits()

    # Changing

    @_alone
    def edit(self, make: Callable[[int], Edit]) -> Strand | None:
        """Make the edit that ``make`` gives for the epoch after which it takes effect.

        Made in the past it forks the run; the strand left behind is returned then. Raises
        what ``Trainer.apply`` raises, and changes nothing.
        """
        before, epoch = self.snapshot(), self.trainer.moment
        edit = make(epoch)
        if self.trainer.at_rest:
            self._keyframes.keep(self.trainer)
        with self._torn_by_errors():
            self.trainer.apply(edit)
        old = self.strand
        old.leave(before)
        forks = old.furthest > epoch
        old.continued = not forks
        self._enter(Strand(old.run.with_edit(edit), old.looks.until(epoch)))
        self._done(described(edit, self.run.dataset), (old, epoch), self.strand)
        return old if forks else None

    @_alone
    def start(self, run: Run, what: str) -> None:
        """Be at epoch 0 of another run; it can be undone."""
        trainer = _trainer(run)
        old, epoch = self.strand, self.trainer.epoch
        old.leave(self.snapshot())
        self.trainer = trainer
        self._keyframes = Keyframes(trainer)
        self._enter(self._strand(run))
        self._make_edits()
        self._done(what, (old, epoch), self.strand)

    @_alone
    def remember(self, earlier: "Timeline") -> None:
        """Know the runs of the timeline that this one takes the place of in a sitting."""
        earlier.strand.leave(earlier.snapshot())
        others = (
            strand
            for strand in earlier.strands
            if strand.furthest > self.trainer.epoch or not strand.run.equals(self.run)
        )
        self.strands = [*others, *self.strands][-MOST_STRANDS:]

    # Going back and forth

    @_alone
    def go_to(self, epoch: int, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Be at ``epoch`` of this run, from 0 to ``furthest``.

        What has to be trained again for that can be ``cancelled``, and one then stands
        where that left off.
        """
        self.strand.leave(self.snapshot())
        self._stand_at(self.strand, max(0, min(epoch, self.furthest)), cancelled)

    @_alone
    def jump(self, place: Place, what: str) -> None:
        """Be at a moment of any run of this sitting; it can be undone."""
        old = self.strand, self.trainer.epoch
        self.strand.leave(self.snapshot())
        known = (strand for strand in self.strands if strand.run is place.run)
        strand = next(known, None) or self._strand(place.run)
        self._stand_at(strand, place.epoch)
        if strand not in self.strands:
            self._enter(strand)
        self._done(what, old, strand, place.epoch)

    @_alone
    def undo(self) -> str:
        """Be at the moment before the last change; says what was taken back, if anything."""
        if not self._undo:
            return ""
        step = self._undo.pop()
        here = self.strand, self.trainer.epoch
        self.strand.leave(self.snapshot())
        self._redo.append(replace(step, after=here))
        self._stand_at(*step.before)
        step.before[0].continued = False
        return step.what

    @_alone
    def redo(self) -> str:
        """Be again where one was before the last undo; says what was done again."""
        if not self._redo:
            return ""
        step = self._redo.pop()
        self.strand.leave(self.snapshot())
        self._undo.append(step)
        self._stand_at(*step.after)
        return step.what

    # Inside

    @contextmanager
    def _torn_by_errors(self) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise  # a sentence for the person; nothing was changed
        except BaseException:
            self.torn = True
            raise

    def _steps_that_led_here(self) -> list[_Step]:
        """What can be undone of a run that was saved: its edits."""
        edits = self.run.edits
        strands = [
            self._strand(replace(self.run, edits=edits[:made])) for made in range(len(edits))
        ]
        after = [*strands[1:], self.strand]
        return [
            _Step(described(edit, self.run.dataset), (old, edit.epoch), (new, edit.epoch))
            for edit, old, new in zip(edits, strands, after, strict=False)
        ]

    def _done(self, what: str, before: tuple[Strand, int], to: Strand, epoch: int = 0) -> None:
        self._undo.append(_Step(what, before, (to, epoch)))
        self._redo.clear()
        del self._undo[:-MOST_STRANDS]

    def _strand(self, run: Run) -> Strand:
        return Strand(run, Looks(architecture(run.recipe, run.dataset).depth))

    def _enter(self, strand: Strand) -> None:
        self.strand = strand
        self.strands.append(strand)
        del self.strands[:-MOST_STRANDS]

    def _upcoming(self) -> Edit | None:
        """The next edit of the run that is not made yet."""
        edits = self.run.edits
        made = len(self.trainer.edits)
        return edits[made] if made < len(edits) else None

    def _make_edits(self) -> None:
        """Make the edits whose time has come."""
        while (edit := self._upcoming()) and self.trainer.at_rest:
            if edit.epoch > self.trainer.epoch:
                return
            self.trainer.apply(edit)

    def _enter_epoch(self, halfway: Halfway) -> None:
        """Be within the next epoch, with the edits that were asked for there."""
        self.trainer.enter(halfway)
        while (edit := self._upcoming()) and edit.epoch == self.trainer.moment:
            self.trainer.apply(edit)

    def _stand_at(
        self, strand: Strand, epoch: int, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        if not strand.run.starts_like(self.strand.run):
            self.trainer = _trainer(strand.run)
            self._keyframes = Keyframes(self.trainer)
        self.strand = strand
        with self._torn_by_errors():
            self._train_to(epoch, cancelled)

    def _train_to(self, epoch: int, cancelled: Callable[[], bool]) -> None:
        """Be at ``epoch`` of the strand, from the nearest moment kept."""
        edits = self.run.until(epoch).edits
        if not self._near(epoch, edits):
            self.trainer.resume(self._keyframes.nearest(epoch, edits))
        self._make_edits()
        while self.trainer.epoch < epoch and not (cancelled() or self.trainer.diverged):
            upcoming = self._upcoming()
            goal = epoch if upcoming is None else min(epoch, upcoming.epoch)
            self.trainer.replay(goal, _SLICE)
            self._make_edits()
            self._keyframes.offer(self.trainer)

    def _near(self, epoch: int, edits: tuple[Edit, ...]) -> bool:
        """Whether the trainer can go on from where it stands, and no keyframe is closer."""
        here, made = self.trainer.epoch, self.trainer.edits
        if not self.trainer.at_rest or here > epoch or not leads_to(here, made, edits):
            return False
        return self._keyframes.nearest(epoch, edits).epoch <= here


def _trainer(run: Run) -> Trainer:
    named = None
    if run.start is not None:
        named = views(run.start, architecture(run.recipe, run.dataset))
    return Trainer(run.recipe, run.dataset, named)
