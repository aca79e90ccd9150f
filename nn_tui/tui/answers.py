"""What the terminal itself answers, kept apart from what a person types."""

_ANSWER = "\x1b[0n"
_BEGINNINGS = tuple(_ANSWER[:length] for length in range(len(_ANSWER) - 1, 0, -1))


class AnswerFilter:
    """Takes out of what comes, piece by piece, that the terminal is well.

    What ends a piece and may begin an answer is ``held`` until more comes, or until one is
    tired of waiting: a serial line brings each byte by itself, but so does a person.
    """

    def __init__(self) -> None:
        self.held = ""

    def __call__(self, text: str) -> tuple[str, bool]:
        """``text`` without answers, and whether there was one."""
        came = self.held + text
        typed = came.replace(_ANSWER, "")
        self.held = next((begun for begun in _BEGINNINGS if typed.endswith(begun)), "")
        return typed.removesuffix(self.held), typed != came

    def release(self) -> str:
        """What is held, as it was typed."""
        held, self.held = self.held, ""
        return held
