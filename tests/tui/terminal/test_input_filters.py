"""What a terminal sends means the same however it is cut, and nothing in it does harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import constants
from textual.events import Key, Paste, Resize

from nn_tui.text import make_printable
from nn_tui.tui.terminal.escape_sequences import LARGEST_WINDOW, Kind
from nn_tui.tui.terminal.input_filters import MOST, InputFilter
from nn_tui.tui.terminal.input_reader import EventParser
from tests.terminal.hostile_input import sequences


class Reader:
    """What the driver makes of input: events of Textual's, ``answer`` and ``interrupt``."""

    def __init__(self):
        self.filter, self._parser = InputFilter(), EventParser()

    def read(self, *pieces):
        return [what for piece in pieces for what in self._events(self.filter(piece))]

    def silence(self):
        return self._events(self.filter.release())

    def _events(self, pieces):
        events = []
        for piece in pieces:
            if piece.kind in (Kind.ANSWER, Kind.INTERRUPT):
                events.append(piece.kind.name.lower())
            else:
                events += self._parser.events(piece, 10**9)
            waits = self._parser._parser._awaiting.timeout is not None
            assert not waits, f"Textual waits for more of {piece.text!r}"
        return events


def cut(text, sizes):
    """``text`` in pieces of those sizes, again and again."""
    pieces, at = [], 0
    while at < len(text):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(text[at : at + size])
        at += size
    return pieces


def told(events):
    """Events in words, to compare them."""
    return [
        event.key
        if isinstance(event, Key)
        else f"paste {event.text}"
        if isinstance(event, Paste)
        else str(event)
        for event in events
    ]


MEANINGS = {
    "plain": ("jé ", ["j", "é", "space"]),
    "keys": (
        "\x1b[A\x1b[1;5C\x1bOP\x1b[Z\x1b[3~",
        ["up", "ctrl+right", "f1", "shift+tab", "delete"],
    ),
    "keys of rxvt": ("\x1b[3$j", ["shift+delete", "j"]),
    "keys of the Linux console": ("\x1b[[Ak", ["f1", "k"]),
    "keys of kitty": (
        "\x1b[97;5u\x1b[97:65;2:1;65u\x1b[27u\x1b[13u",
        ["ctrl+a", "A", "escape", "enter"],
    ),
    "a released key": ("\x1b[97;1:3uj", ["j"]),
    "alt and a key": ("\x1bjj\x1bé", ["alt+j", "j", "alt+é"]),
    "escape before another": ("\x1b\x1b[A", ["escape", "up"]),
    "answers": ("j\x1b[0nk\x1b[0n", ["j", "answer", "k", "answer"]),
    "answers to what nobody asked": (
        "\x1b[?62;1;6c\x1b[>41;354;0c\x1b[?1u\x1b[5;9R\x1b[?25;1$y\x1b[8;24;80t\x1b[3nj",
        ["j"],
    ),
    "strings": (
        "\x1b]11;rgb:ff/ff/ff\x1b\\j\x1b]52;c;cXE=\x07k\x1bP>|xterm(380)\x1b\\l\x1b_Gi=1;OK\x1b\\m",
        ["j", "k", "l", "m"],
    ),
    "strings that break off": ("\x1b]0;q\x18j\x1bPq\x03\x1b^q\x1b[A", ["j", "interrupt", "up"]),
    "sequences that mean nothing": (
        "\x1b[5;7xj\x1b[<5uk\x1b[1;2;3;4;5ql\x1bOzm",
        ["j", "k", "l", "m"],
    ),
    "sequences that break off": ("\x1b[12\x03\x1b[5é\x1b[M\x01", ["interrupt", "é", "ctrl+a"]),
    "an old mouse": ("\x1b[M !!j", ["j"]),
    "Ctrl+C": ("\x03\x1b[99;5u\x1b[99;69u", ["interrupt"] * 3),
    "a paste": ("\x1b[200~a\x1b[31m\rb\x1b[201~q", ["paste a␛[31m\rb", "q"]),
    "Ctrl+C in a paste": ("\x1b[200~a\x03b\x1b[201~", ["paste a␃b"]),
    "the end of a paste that never began": ("\x1b[201~j", ["j"]),
    "beyond Unicode": ("\x1b[1114112uj\x1b[97;;1114112uk\x1b[55296ul", ["j", "a", "k", "l"]),
    "a colon for a number": ("\x1b[:;:uj\x1b[1:1:1A", ["j", "up"]),
    "numbers without end": (f"\x1b[{'9' * 5000}uj\x1b[<0;{'9' * 30};1Mk", ["j", "k"]),
}


@pytest.mark.parametrize("sizes", [[10**6], [1], [2], [3, 1]], ids=str)
@pytest.mark.parametrize("what", MEANINGS)
def test_events_do_not_depend_on_how_the_input_is_cut(what, sizes):
    text, wanted = MEANINGS[what]
    assert told(Reader().read(*cut(text, sizes))) == wanted


def test_a_long_run_of_one_key_is_typed_completely():
    family = "👩‍👩‍👧‍👦"
    code = ":".join(str(ord(character)) for character in family)
    typed = Reader().read(f"\x1b[0;;{code}u")
    assert "".join(key.character for key in typed) == family.replace("\u200d", "")


@pytest.mark.parametrize(
    ("report", "size"),
    [
        ("48;24;80;480;1280", (80, 24)),
        ("48;24:0;80:1;0;0", (80, 24)),
        ("48;9999;99999;0;0", LARGEST_WINDOW),
        ("48;100000000;100000000;0;0", None),
        ("48;0;0;0;0", None),
    ],
)
def test_a_reported_window_size_is_clipped(report, size):
    reader = Reader()
    events = reader.read(f"\x1b[{report}t\x1b[<0;3;3M")
    sizes = [event.size for event in events if isinstance(event, Resize)]
    assert sizes == ([size] if size else [])


@pytest.mark.parametrize(
    ("held", "then"),
    [("\x1b", ["escape"]), ("\x1b[", ["left_square_bracket"]), ("\x1bO", ["alt+shift+o"])],
)
def test_the_start_of_a_sequence_becomes_a_key_after_a_pause(held, then):
    reader = Reader()
    assert reader.filter.patience is None
    assert reader.read(held) == []
    assert reader.filter.patience == (constants.ESCAPE_DELAY if len(held) == 1 else 0.5)
    assert told(reader.silence()) == then
    assert reader.filter.patience is None and reader.silence() == []
    # What comes later must not become part of what Textual may still wait for.
    assert "up" not in told(reader.read("[A"))
    assert told(reader.read("\x1b[B")) == ["down"]


@pytest.mark.parametrize("begun", ["\x1b[12", "\x1b]11;", "\x1bP", "\x1b[M !", "\x1b[" + "1" * 500])
def test_an_incomplete_sequence_is_dropped_after_a_pause(begun):
    reader = Reader()
    assert "j" not in told(reader.read(begun))
    reader.silence()
    assert told(reader.read("j")) == ["j"]


@pytest.mark.parametrize("begin", ["\x1b]52;c;", "\x1bP", "\x1b_", "\x1b[", "\x1b[200~"])
def test_endless_sequences_take_no_memory(begin):
    reader = Reader()
    reader.read(begin)
    for _ in range(100):
        reader.read("1" * 50_000)
    assert len(reader.filter._held) < 100
    assert reader.filter._paste is None or len(reader.filter._paste.text) <= MOST


@pytest.mark.parametrize("interrupt", ["\x03", "\x1b[99;5u"])
def test_an_unfinished_paste_keeps_keys_from_acting_but_not_ctrl_c(interrupt):
    reader = Reader()
    assert reader.read("\x1b[200~some", "q", interrupt) == []
    reader.silence()
    assert reader.read("q") == []
    reader.silence()
    assert reader.read(interrupt) == ["interrupt"]
    assert told(reader.read("j")) == ["j"]


def test_answers_are_found_inside_an_unfinished_paste():
    reader = Reader()
    assert told(reader.read("\x1b[200~so", "me\x1b[0", "n", "\x1b[0n", "\x1b[201~")) == [
        *("answer", "answer", "paste some")
    ]
    reader.read("\x1b[200~")
    reader.silence()
    assert reader.read("\x1b[0n\x03") == ["interrupt"]


@given(
    st.text("\x1b[~0127ab\n\x07", max_size=30).filter(lambda text: "\x1b[20" not in text),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
)
def test_a_paste_is_made_printable_however_it_is_cut(inside, sizes):
    shown = "".join(c if c in "\r\n" else make_printable(c) for c in inside)
    text = f"k\x1b[A\x1b[200~{inside}\x1b[201~q"
    expected = ["k", "up", f"paste {shown}", "q"]
    assert told(Reader().read(*cut(text, sizes))) == expected


def test_a_paste_is_cut_to_its_maximum_and_the_next_one_is_not():
    text = f"\x1b[200~{'x' * 3 * MOST}\x1b[201~" * 2
    assert told(Reader().read(*cut(text, [1000]))) == ["paste " + "x" * MOST] * 2


def test_any_input_gives_events_in_bounds():
    for seed in range(8):
        reader = Reader()
        for sequence in sequences(seed, 250):
            text = sequence.decode("utf-8", "replace")
            for event in reader.read(*cut(text, [1] if seed % 2 else [7, 2, 90])):
                if isinstance(event, Resize):
                    assert 0 < event.size.width <= LARGEST_WINDOW[0]
                    assert 0 < event.size.height <= LARGEST_WINDOW[1]
                if isinstance(event, Key) and event.character:
                    event.character.encode()
            if seed % 3 == 0:
                reader.silence()
