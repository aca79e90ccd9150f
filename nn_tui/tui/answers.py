"""What the terminal itself answers, kept apart from what a person types."""

_ANSWER = "\x1b[0n"
_HALF = _ANSWER[:3]
"""So much of it is the beginning of nothing that a person could type."""


class AnswerFilter:
    """Takes out of what comes, piece by piece, that the terminal is well."""

    def __init__(self) -> None:
        self._half = ""

    def __call__(self, text: str) -> tuple[str, bool]:
        """``text`` without answers, and whether there was one."""
        typed = (self._half + text).replace(_ANSWER, "")
        answered = len(typed) < len(self._half + text)
        self._half = _HALF if typed.endswith(_HALF) else ""
        return typed.removesuffix(self._half), answered
