"""The private names of Textual that are leaned on are there, and pastes are filtered."""

import inspect

from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from nn_tui.text import printable
from nn_tui.tui.terminal.input_filters import MOST, PasteFilter

DRIVER = (
    *("_sigtstp_application", "_sigcont_application", "_get_terminal_size"),
    *("run_input_thread", "disable_input", "start_application_mode", "stop_application_mode"),
)
APP = ("_display", "_begin_batch", "_end_batch", "_handle_exception", "_fatal_error")


def test_textual_names_things_as_they_are_named_here():
    assert [name for name in DRIVER if name not in vars(LinuxDriver)] == []
    assert [name for name in APP if name not in vars(App)] == []
    made = inspect.getsource(LinuxDriver)
    for name in ("self._file", "self._writer_thread", "self.attrs_before", "self.exit_event"):
        assert f"{name} = " in made or f"{name}: " in made, name
    assert {"feed", "tick"} <= {*dir(XTermParser)}


def passed(text, sizes):
    """What comes out if ``text`` comes in pieces of those sizes, again and again."""
    paste_filter, out, at, turn = PasteFilter(), "", 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        out += paste_filter(text[at : at + size])
        at, turn = at + size, turn + 1
    return out


@given(
    st.text("\x1b[~0127ab\n\x07", max_size=30).filter(lambda text: "\x1b[20" not in text),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
)
def test_a_paste_is_made_visible_however_it_comes(inside, sizes):
    shown = "".join(c if c in "\r\n" else printable(c) for c in inside)
    text = f"k\x1b[A\x1b[200~{inside}\x1b[201~q\x1b"
    assert passed(text, sizes) == f"k\x1b[A\x1b[200~{shown}\x1b[201~q\x1b"


def test_a_paste_is_cut_and_the_next_one_begins_anew():
    text = f"\x1b[200~{'x' * 3 * MOST}\x1b[201~" * 2
    assert passed(text, [1000]) == f"\x1b[200~{'x' * MOST}\x1b[201~" * 2
