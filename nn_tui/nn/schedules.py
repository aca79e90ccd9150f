"""Learning rate schedules: the learning rate of every epoch, as a line of code.

``epoch`` counts the finished epochs, so it is 0 in the first; ``base_rate`` is the recipe's
learning rate. The line runs once before the updates of an epoch. To add a schedule, add an
entry to ``_ENTRIES``.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Schedule(NamedTuple):
    """A schedule; ``rate`` is code in ``base_rate`` and ``epoch``, and in what it ``uses``.

    ``{T}`` is its length in epochs, ``{w}`` the warm-up, ``{d}`` the decay factor, ``{f}`` the
    final rate as a fraction of the base rate; ``{up}`` and ``{down}`` are ``w - 1`` and
    ``T - w``, at least 1. ``uses`` are the names of the recipe's keys that it reads.
    """

    name: str
    help: str
    formula: str
    source: str
    rate: str
    explanation: str
    uses: tuple[str, ...] = ()
    warmup: float = 0.0
    """The share of the epochs that an automatic warm-up takes."""


_COSINE = "(1 + np.cos(np.pi * np.minimum({x}, 1))) / 2"
_AFTER_PEAK = "np.maximum(epoch - {start}, 0) / {down}"

_ENTRIES = (
    Schedule(
        "constant",
        "the same learning rate in every epoch",
        "η_t = η",
        "-",
        "",
        "",
    ),
    Schedule(
        "step",
        "multiplied by the decay factor every so many epochs",
        "η_t = η d^⌊t / T⌋",
        "StepLR in PyTorch, with step_size = T and gamma = d",
        "base_rate * {d} ** np.floor(epoch / {T})",
        "Multiply the learning rate by {d} every {T} epochs.",
        ("schedule_epochs", "decay_factor"),
    ),
    Schedule(
        "exponential",
        "decays continuously, by the decay factor in so many epochs",
        "η_t = η d^(t / T)",
        "exponential_decay in optax; ExponentialLR in PyTorch with gamma = d^(1/T)",
        "base_rate * {d} ** (epoch / {T})",
        "Decay the learning rate exponentially, by {d} in {T} epochs.",
        ("schedule_epochs", "decay_factor"),
    ),
    Schedule(
        "cosine",
        "half a cosine, from the learning rate to the final rate",
        "η_t = η (f + (1 - f) (1 + cos(π t / T)) / 2), then η f",
        "Loshchilov and Hutter, SGDR, 2017, without restarts",
        "base_rate * ({f} + {rest} * " + _COSINE.format(x="epoch / {T}") + ")",
        "Lower the learning rate along half a cosine of {T} epochs.",
        ("schedule_epochs", "final_rate"),
    ),
    Schedule(
        "warmup_cosine",
        "rises linearly over the warm-up, then falls along half a cosine",
        "η_t = η min((t + 1) / w, f + (1 - f) (1 + cos(π (t - w) / (T - w))) / 2)",
        "warm-up: Goyal et al. 2017; cosine: Loshchilov and Hutter 2017",
        "base_rate * np.minimum((epoch + 1) / {w}, {f} + {rest} * "
        + _COSINE.format(x=_AFTER_PEAK.format(start="{w}", down="{down}"))
        + ")",
        "Raise the learning rate over {w} epochs, then lower it along half a cosine.",
        ("schedule_epochs", "warmup_epochs", "final_rate"),
        warmup=0.1,
    ),
    Schedule(
        "one_cycle",
        "rises from 1/25 of the learning rate to it, then falls to almost nothing",
        "η/25 → η → η/250,000, along half cosines of w and T - w epochs",
        "Smith and Topin, Super-convergence, 2018; OneCycleLR in PyTorch, without its momentum",
        "base_rate * np.minimum(0.04 + 0.96 * (1 - np.cos(np.pi * np.minimum(epoch / {up}, 1))) / 2"
        ", 4e-06 + 0.999996 * "
        + _COSINE.format(x=_AFTER_PEAK.format(start="{up}", down="{down}"))
        + ")",
        "Raise the learning rate for {w} epochs, then lower it to almost nothing.",
        ("schedule_epochs", "warmup_epochs"),
        warmup=0.3,
    ),
)

SCHEDULES: dict[str, Schedule] = {entry.name: entry for entry in _ENTRIES}
"""Learning rate schedules by recipe name."""


@dataclass(frozen=True)
class RateSchedule:
    """A schedule that is not constant, with its numbers; ``length`` and ``warmup`` in epochs."""

    name: str
    length: int
    warmup: int
    decay: float
    final: float

    @property
    def entry(self) -> Schedule:
        return SCHEDULES[self.name]

    @property
    def code(self) -> str:
        """The line that computes the learning rate of an epoch."""
        return f"learning_rate = {self._filled(self.entry.rate)}"

    @property
    def explanation(self) -> str:
        return self._filled(self.entry.explanation)

    def _filled(self, template: str) -> str:
        return template.format(
            T=self.length,
            w=self.warmup,
            d=f"{self.decay:.12g}",
            f=f"{self.final:.12g}",
            rest=f"{1 - self.final:.12g}",
            up=max(1, self.warmup - 1),
            down=max(1, self.length - self.warmup),
        )


def rate_schedule(
    name: str, length: int, warmup: int | None, decay: float, final: float
) -> RateSchedule | None:
    """The schedule of that ``name``; None for a constant learning rate.

    A ``warmup`` of None is the schedule's usual share of its ``length``; a longer one than
    the schedule ends with it.
    """
    entry = SCHEDULES[name]
    if not entry.rate:
        return None
    if warmup is None:
        warmup = round(entry.warmup * length)
    warmup = max(1, min(warmup, length - 1)) if "warmup_epochs" in entry.uses else 0
    return RateSchedule(name, length, warmup, decay, final)
