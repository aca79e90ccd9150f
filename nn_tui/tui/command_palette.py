"""The command palette: every action that has a key, every preset, every theme."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.app import SystemCommand
from textual.binding import Binding
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits
from textual.content import Content
from textual.dom import DOMNode
from textual.system_commands import SystemCommandsProvider

from nn_tui.lessons.catalog import course_files
from nn_tui.recipe.presets import PRESETS
from nn_tui.tui.appearance import THEMES
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.keymap import key_lines
from nn_tui.tui.panes.pane import Pane

_TITLE_WIDTH = 50


class CommandProvider(SystemCommandsProvider):
    """The palette's entries, a line each; before a search the most important come first."""

    async def discover(self) -> Hits:
        """All entries."""
        for title, help, callback, _ in self.app.get_system_commands(self.screen):
            yield DiscoveryHit(_line(Content(title), help), callback, title)

    async def search(self, query: str) -> Hits:
        """Entries whose title matches ``query``."""
        matcher = self.matcher(query)
        for title, help, callback, _ in self.app.get_system_commands(self.screen):
            if (score := matcher.match(title)) > 0:
                yield Hit(score, _line(matcher.highlight(title), help), callback, title)


def _line(title: Content, help: str) -> Content:
    """The line of an entry; its help is cut to the window."""
    gap = " " * max(2, _TITLE_WIDTH - title.cell_length)
    return Content.assemble(title, gap, (help, "not bold dim"))


def system_commands(app: BaseApp, focused: Pane | None) -> Iterator[SystemCommand]:
    """Actions of the focused pane, of the app and of the other panes, presets, themes.

    Cursor movements come last.
    """
    panes = app.screen_stack[0].query(Pane)
    others = (pane for pane in panes if pane is not focused)
    nodes = [node for node in (focused, app, *others) if node is not None]
    for node in nodes:
        yield from _actions(app, node, lambda binding: not _moves(binding))
    yield SystemCommand(
        "First minute", "Data, weights, training, loss", partial(app.run_action, "first_minute")
    )
    yield SystemCommand("Lessons", "The course: list", partial(app.run_action, "lessons"))
    for path in course_files():
        number, _, name = path.stem.partition("-")
        opened = partial(app.open_lesson, path)
        yield SystemCommand(f"Lesson {int(number)} {name}", "Continues where it was left", opened)
    for preset in PRESETS.values():
        open_it = partial(app.session.open, preset.name)
        yield SystemCommand(f"Open {preset.name}", preset.help, open_it)
    for theme in THEMES:
        choose = partial(app.choose_theme, theme)
        yield SystemCommand(f"Theme {theme}", "Change the colours, also of the next start", choose)
    for node in nodes:
        yield from _actions(app, node, _moves)


def _actions(
    app: BaseApp, node: DOMNode, wanted: Callable[[Binding], bool]
) -> Iterator[SystemCommand]:
    bindings = [b for b in node.BINDINGS if isinstance(b, Binding) and not b.system and wanted(b)]
    where = f"{node.TITLE}: " if isinstance(node, Pane) else ""
    for binding, line in zip(bindings, key_lines(bindings, app.keymap), strict=True):
        act = partial(_run_action, app, node, binding.action)
        yield SystemCommand(f"{where}{line.what}", f"key {line.keys or 'none'}", act)


def _moves(binding: Binding) -> bool:
    """Whether the binding only moves a cursor, as the arrow keys do."""
    return not binding.show and not binding.tooltip


async def _run_action(app: BaseApp, node: DOMNode, action: str) -> None:
    """Run an action of the app, or of a pane, which then gets the focus."""
    if isinstance(node, Pane):
        app.action_pane(str(node.id))
    await app.run_action(action, node)


class PaletteScreen(CommandPalette):
    """Textual's command palette, in one line per entry."""

    # Without ``min-width`` the text would wrap at an impossible width.
    DEFAULT_CSS = """
    PaletteScreen CommandList {
        min-width: 8;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
    }
    """

    def _action_command_list(self, action: str) -> None:
        # In a list without any height Textual fails to find a page.
        if self.query_one(CommandList).scrollable_content_region.area:
            super()._action_command_list(action)
