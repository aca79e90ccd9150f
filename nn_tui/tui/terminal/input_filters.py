"""What a person pastes: made visible, and cut, before anything else sees it."""

from nn_tui.text import printable

MOST = 10_000
"""Characters of one paste that are kept; no field takes as many."""

_START, _END = "\x1b[200~", "\x1b[201~"


class PasteFilter:
    """What a terminal sends, piece by piece, with the insides of pastes made harmless.

    Between the marks of a paste line ends stay as they are; other control characters
    become visible, and what is beyond ``MOST`` characters is dropped.
    """

    def __init__(self) -> None:
        self._inside = False
        self._kept = 0
        self._before = ""
        """What went by last, or waits: perhaps the beginning of a mark."""

    def __call__(self, text: str) -> str:
        """``text`` filtered."""
        passed = []
        while text:
            more, text = self._insides(text) if self._inside else self._outside(text)
            passed.append(more)
        return "".join(passed)

    def _outside(self, text: str) -> tuple[str, str]:
        """What passes, up to where a paste begins, and what is left of ``text``."""
        joined = self._before + text
        begin = joined.find(_START)
        if begin < 0:
            self._before = joined[1 - len(_START) :]
            return text, ""
        end = begin + len(_START) - len(self._before)
        self._inside, self._kept, self._before = True, 0, ""
        return text[:end], text[end:]

    def _insides(self, text: str) -> tuple[str, str]:
        """What passes, up to where the paste ends, and what is left of ``text``."""
        pasted, end, left = (self._before + text).partition(_END)
        if end:
            self._inside, self._before = False, ""
        else:
            cut = _half_a_mark(pasted)
            pasted, self._before = pasted[: len(pasted) - cut], pasted[len(pasted) - cut :]
        return self._visible(pasted) + end, left

    def _visible(self, text: str) -> str:
        text = text[: MOST - self._kept]
        self._kept += len(text)
        return "".join(c if c in "\r\n" else printable(c) for c in text)


def _half_a_mark(text: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of the end's mark."""
    return next((n for n in range(len(_END) - 1, 0, -1) if text.endswith(_END[:n])), 0)
