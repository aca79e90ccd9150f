"""Imports inside the user interface point to lower layers only, and nothing imports in a circle."""

import ast
from pathlib import Path

import pytest

import nn_tui

PACKAGE = Path(nn_tui.__file__).parent
TUI = PACKAGE / "tui"

LAYERS = (
    {"theme", "keymap", "pane_layout"},
    {"terminal"},
    {"drawing"},
    {"session"},
    {"appearance"},
    {"base_app"},
    {"widgets"},
    {"dialogs"},
    {"panes"},
    {"screens"},
    {
        *("bindings", "help_screens", "command_palette", "pane_body", "window_layout"),
        *("messages", "screen_opener", "actions", "theme_choice", "lesson_controller"),
    },
    {"app", "bare_app"},
    {"launch"},
)
"""Lowest first. Modules of one layer may import each other, but not in a circle."""

RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

NO_WIDGETS = ("drawing", "session")
WIDGET_LIBRARIES = (
    *("textual.app", "textual.containers", "textual.dom", "textual.screen", "textual.widget"),
    *("textual.widgets", "textual.message_pump", "textual.getters", "textual.reactive"),
)


def module_name(path):
    """``nn_tui.a.b`` of a file; a package is named like its folder."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TUI_MODULES = {name: path for name, path in MODULES.items() if TUI in path.parents}


def imported(tree):
    """Full names of all imports: of types only, and inside functions, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_modules(tree):
    """The modules of the package that are imported, a name by the module it is in."""
    for name in imported(tree):
        if name in MODULES:
            yield name
        elif name.rpartition(".")[0] in MODULES:
            yield name.rpartition(".")[0]


def layer_of(module):
    """The part of ``tui`` that a module belongs to, such as ``panes``."""
    return module.split(".")[2]


def imports_upwards(module, tree):
    """A sentence for each import of a higher layer."""
    part = layer_of(module)
    for name in imported_modules(tree):
        if name.startswith("nn_tui.tui.") and RANK[layer_of(name)] > RANK[part]:
            yield (
                f"{module} imports {name}, but {part} is a lower layer than {layer_of(name)}: "
                f"move what is needed down, or hand it over as an argument or a protocol; "
                f"of the app, use only BaseApp"
            )


def circle_in(graph):
    """One circle of imports, as the modules along it; empty without any."""
    done, path = set(), []

    def visit(module):
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        path.append(module)
        for other in graph.get(module, ()):
            if circle := visit(other):
                return circle
        path.pop()
        done.add(module)
        return []

    return next(filter(None, map(visit, graph)), [])


def tree_of(path):
    return ast.parse(path.read_text())


def test_every_module_of_the_user_interface_has_a_layer():
    new = {layer_of(name) for name in TUI_MODULES if name != "nn_tui.tui"} - {*RANK}
    assert not new, f"add {', '.join(sorted(new))} to LAYERS, as low as their imports allow"


@pytest.mark.parametrize("module", [m for m in TUI_MODULES if m != "nn_tui.tui"])
def test_a_module_imports_only_its_own_and_lower_layers(module):
    found = [*imports_upwards(module, tree_of(TUI_MODULES[module]))]
    assert not found, "\n".join(found)


def test_nothing_imports_in_a_circle():
    graph = {
        name: sorted({*imported_modules(tree_of(path))} - {name}) for name, path in MODULES.items()
    }
    circle = circle_in(graph)
    assert not circle, (
        f"circle of imports: {' -> '.join(circle)}; "
        "move what both sides need into a module below them"
    )


@pytest.mark.parametrize("module", [m for m in TUI_MODULES if f"{m}..".split(".")[2] in NO_WIDGETS])
def test_drawing_and_session_know_no_widget(module):
    used = [n for n in imported(tree_of(TUI_MODULES[module])) if n.startswith(WIDGET_LIBRARIES)]
    assert not used, (
        f"{module} imports {', '.join(used)}: drawing returns strips and the session reports to "
        "its listener; a widget belongs in widgets, dialogs, panes or screens"
    )


@pytest.mark.parametrize(
    "code",
    [
        "from nn_tui.tui.app import NnTui",
        "import nn_tui.tui.screens.help",
        "def f():\n    from nn_tui.tui.screens import help",
        "if TYPE_CHECKING:\n    from nn_tui.tui.screen_opener import ScreenOpener",
    ],
)
def test_an_import_upwards_is_found_wherever_it_is(code):
    (found,) = imports_upwards("nn_tui.tui.panes.loss", ast.parse(code))
    assert "lower layer" in found


def test_a_circle_is_found():
    assert circle_in({"a": ["b"], "b": ["c"], "c": ["b"]}) == ["b", "c", "b"]
    assert circle_in({"a": ["b", "c"], "b": ["c"], "c": []}) == []
