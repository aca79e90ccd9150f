"""How many epochs are trained together between two looks at what may interrupt the run."""

_MOST_EPOCHS = 4096
_SECONDS = 0.008
"""Seconds between two looks."""
_UNWATCHED = 12
"""How many times longer it trains without a look where nothing can interrupt it."""


class ChunkSize:
    """The number of ``epochs`` to train together, fitted to the time that they take."""

    def __init__(self) -> None:
        self.epochs = 1

    def seconds(self, left: float, watched: bool) -> float:
        """How long a chunk may take with ``left`` seconds to go."""
        return _SECONDS if watched else max(_SECONDS, min(left, _SECONDS * _UNWATCHED))

    def fit(self, seconds: float, took: float, ran: int, wanted: int) -> None:
        """Learn from ``ran`` of ``wanted`` epochs, which ``took`` so long."""
        if took < seconds / 2:
            self.epochs = min(self.epochs * 2, _MOST_EPOCHS)
        elif took > seconds:
            # A chunk that ended early tells how many epochs fit into the time.
            self.epochs = 2 * ran if 1 < ran < wanted else max(self.epochs // 2, 1)
