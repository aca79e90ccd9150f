"""What an attacker puts where a name or a value should be, and how to see it come out."""

import re

CLIPBOARD = "\x1b]52;c;SEVJTA==\x07"
EVIL = f"{CLIPBOARD}\x1b[5;2J\u202e\u2066\x9b31m\x85[@click=app.bell]x[red]"
"""Escape sequences, bidirectional and C1 controls, markup."""

MARKUP = "[/][bold"
"""Markup that is wrong: whoever reads it as markup fails."""

_RAW = re.compile(
    rb"\x1b\]52|SEVJTA==\x07|\x1b\[5;2J|\xe2\x80\xae|\xe2\x81\xa6|\xc2[\x80-\x9f]|\x9b31m"
)


def raw_in(sent: bytes) -> str:
    """What of it was sent to a terminal as it is; empty where nothing was."""
    found = _RAW.search(sent)
    return repr(sent[max(0, found.start() - 40) : found.end() + 40]) if found else ""


def as_toml(text: str) -> str:
    """A TOML string."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'
