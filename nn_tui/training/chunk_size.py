"""How many epochs are trained together between two looks at what may interrupt the run."""

_MOST_EPOCHS = 4096
_SECONDS = 0.008
"""Seconds between two looks."""
_UNWATCHED = 12
"""How many times longer it trains without a look where nothing can interrupt it, or what does
ends it at once."""


class ChunkSize:
    """The number of ``epochs`` to train together, fitted to the time that they take."""

    def __init__(self) -> None:
        self.epochs = 1

    def seconds(self, left: float, watched: bool) -> float:
        """How long a chunk may take with ``left`` seconds to go."""
        return _SECONDS if watched else max(_SECONDS, min(left, _SECONDS * _UNWATCHED))

    def piece(self, seconds: float) -> float:
        """How much of the time of a chunk an epoch by itself is trained for without a look."""
        return min(seconds, _SECONDS)

    def fit(self, seconds: float, took: float, ran: int, wanted: int, by_epoch: bool) -> None:
        """Learn from ``ran`` of ``wanted`` epochs, which ``took`` so long.

        Where they end at once, but ``by_epoch``, long ones are trained one by one.
        """
        if by_epoch and took > _SECONDS * max(1, ran):
            self.epochs = 1
        elif took < seconds / 2:
            self.epochs = min(self.epochs * 2, _MOST_EPOCHS)
        elif took > seconds:
            # A chunk that ended early tells how many epochs fit into the time.
            self.epochs = 2 * ran if 1 < ran < wanted else max(self.epochs // 2, 1)
