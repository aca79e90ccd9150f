"""The private names of Textual and Rich that are leaned on are all listed here, and are there.

A name that begins with an underscore may be gone with any release, and one of our own that
Textual has too would take its place. Both kinds are found in the code.
"""

import ast
import functools
import importlib
import inspect
import textwrap
from pathlib import Path

import pytest
from rich.console import Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

import nn_tui.tui

SOURCE = Path(nn_tui.tui.__file__).parent
LIBRARIES = ("textual", "rich")

LISTED = {
    "textual._ansi_sequences.ANSI_SEQUENCES_KEYS",
    "textual._keyboard_protocol.FUNCTIONAL_KEYS",
    "textual._xterm_parser.XTermParser",
    "?._compositor",
    "App._display",
    "App._driver",
    "App._exception",
    "App._fatal_error",
    "App._handle_exception",
    "CommandPalette._action_command_list",
    "DOMNode._bindings",
    "Driver._app",
    "Driver._debug",
    "Driver._loop",
    "Driver._size",
    "LinuxDriver._file",
    "LinuxDriver._get_terminal_size",
    "LinuxDriver._sigcont_application",
    "LinuxDriver._sigtstp_application",
    "MessagePump._close_messages_no_wait",
    "?._color_system",  # of a console of Rich's
}

_NO_SECRETS = {"_replace", "_exit"}
"""Of named tuples, and of ``os``."""


def private(name):
    return name.startswith("_") and not name.startswith("__") and name != "_"


def receiver(node):
    """What an attribute is taken of."""
    text = ast.unparse(node)
    return "self" if text in ("self", "cls", "super()") else text


def names_in(tree):
    """Private names in code, each with what it is taken of; ``self`` where it is defined."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield "self", node.name
        elif isinstance(node, ast.Attribute):
            yield receiver(node.value), node.attr
        elif isinstance(node, ast.ClassDef):
            yield from (("self", name) for name in values_of(node))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr"):
            asked = node.args[1]
            if isinstance(asked, ast.Constant):
                yield receiver(node.args[0]), asked.value


def values_of(made):
    """The names that a class sets in its body."""
    for item in made.body:
        targets = getattr(item, "targets", [getattr(item, "target", None)])
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def set_in(tree):
    """Names that code defines or sets on ``self``."""
    return {
        getattr(node, "name", getattr(node, "attr", ""))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
    }


@functools.cache
def defined_by(kind):
    """The names that a class has by itself."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    return set_in(made) | {*values_of(made)}


def bases_of(module, name):
    """The libraries' classes that a class stands on; one made in a function is a driver."""
    kind = getattr(importlib.import_module(module), name, LinuxDriver)
    return [base for base in kind.__mro__ if base.__module__.split(".")[0] in LIBRARIES]


def found_in(module, tree):
    """``owner.name`` of every private name of the libraries that a module uses or overrides."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
            for alias in node.names:
                if any(map(private, [*node.module.split("."), alias.name])):
                    yield f"{node.module}.{alias.name}"
        if isinstance(node, ast.ClassDef):
            bases = bases_of(module, node.name)
            for of, name in names_in(node):
                owner = next((base for base in bases if name in defined_by(base)), None)
                if private(name) and of == "self" and owner is not None:
                    yield f"{owner.__name__}.{name}"
    own = set_in(tree) | _NO_SECRETS
    yield from (
        f"?.{name}"
        for of, name in names_in(tree)
        if private(name) and not (of == "self" or name in own)
    )


def found():
    names = set()
    for path in sorted(SOURCE.rglob("*.py")):
        module = ".".join(path.relative_to(SOURCE.parents[1]).with_suffix("").parts)
        names |= {*found_in(module.removesuffix(".__init__"), ast.parse(path.read_text()))}
    return names


def test_every_private_name_of_textual_that_is_used_is_listed_and_there():
    assert found() == LISTED
    assert "_color_system" in vars(Console())


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("class NnTui:\n def f(self): return self._registry", "App._registry"),
        ("class NnTui:\n def _on_idle(self): ...", "App._on_idle"),
        ("class NnTui:\n def f(self): self._size = 1", "App._size"),
        ("class NnTui:\n _exception = 1", "App._exception"),
        ("class NnTui:\n def f(self): return getattr(self, '_dom_ready', 0)", "App._dom_ready"),
        ("class NnTui:\n def f(self, app): return app._anything", "?._anything"),
        ("def f(app): return app._anything", "?._anything"),
        ("from textual._time import get_time", "textual._time.get_time"),
        ("from textual.geometry import _helper", "textual.geometry._helper"),
    ],
)
def test_a_private_name_is_found_wherever_it_is_used(code, name):
    assert name in {*found_in("nn_tui.tui.app", ast.parse(code))}


def test_what_is_leaned_on_without_being_documented_is_there():
    driver = {
        *("run_input_thread", "disable_input", "start_application_mode", "stop_application_mode"),
        *("attrs_before", "exit_event", "fileno"),
    }
    assert driver - defined_by(LinuxDriver) == set()
    assert {"feed"} - {*dir(XTermParser)} == set()
    assert {"spans", "chops"} - defined_by(ChopsUpdate) == set()
    assert {"strips", "region"} - defined_by(LayoutUpdate) == set()
