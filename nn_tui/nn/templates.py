"""A line of code with a hole for names, and what it means in plain words."""

from typing import NamedTuple


class StatementTemplate(NamedTuple):
    """``code`` and ``explanation`` are templates; the registry that holds it names the holes."""

    code: str
    explanation: str
