"""Templates for the lines of a training step."""

from typing import NamedTuple


class StatementTemplate(NamedTuple):
    """Code and its explanation; each registry documents the placeholders it uses."""

    code: str
    explanation: str
