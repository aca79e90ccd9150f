"""What the palette holds: every action that has a key, every preset, every theme."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.app import SystemCommand
from textual.binding import Binding
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits
from textual.content import Content
from textual.dom import DOMNode
from textual.system_commands import SystemCommandsProvider

from nn_tui.recipe.presets import PRESETS
from nn_tui.tui.appearance import THEMES
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.keymap import key_lines
from nn_tui.tui.panes.pane import Pane

_TITLE_WIDTH = 50


class CommandProvider(SystemCommandsProvider):
    """The palette's entries, each a line, at first in the order in which they matter."""

    async def discover(self) -> Hits:
        """All of them."""
        for title, help, callback, _ in self.app.get_system_commands(self.screen):
            yield DiscoveryHit(_line(Content(title), help), callback, title)

    async def search(self, query: str) -> Hits:
        """Those that have what was typed in their titles."""
        matcher = self.matcher(query)
        for title, help, callback, _ in self.app.get_system_commands(self.screen):
            if (score := matcher.match(title)) > 0:
                yield Hit(score, _line(matcher.highlight(title), help), callback, title)


def _line(title: Content, help: str) -> Content:
    """An entry; of the help shows what there is room for."""
    gap = " " * max(2, _TITLE_WIDTH - title.cell_length)
    return Content.assemble(title, gap, (help, "not bold dim"))


def system_commands(app: BaseApp, here: Pane | None) -> Iterator[SystemCommand]:
    """The actions of the pane one is in, the program's, the other panes', presets, themes.

    Last what only moves a cursor, which nobody looks for in a list.
    """
    panes = app.screen_stack[0].query(Pane)
    nodes = [n for n in (here, app, *(pane for pane in panes if pane is not here)) if n is not None]
    for node in nodes:
        yield from _actions(app, node, lambda binding: not _moves(binding))
    yield SystemCommand(
        "First minute", "Walk through the blog's story", partial(app.run_action, "first_minute")
    )
    for preset in PRESETS.values():
        open_it = partial(app.session.open, preset.name)
        yield SystemCommand(f"Open {preset.name}", preset.help, open_it)
    for theme in THEMES:
        yield SystemCommand(f"Theme {theme}", "Change the colours", partial(_wear, app, theme))
    for node in nodes:
        yield from _actions(app, node, _moves)


def _actions(
    app: BaseApp, node: DOMNode, wanted: Callable[[Binding], bool]
) -> Iterator[SystemCommand]:
    bindings = [b for b in node.BINDINGS if isinstance(b, Binding) and not b.system and wanted(b)]
    where = f"{node.TITLE}: " if isinstance(node, Pane) else ""
    for binding, line in zip(bindings, key_lines(bindings, app.keymap), strict=True):
        act = partial(_act, app, node, binding.action)
        yield SystemCommand(f"{where}{line.what}", f"key {line.keys}", act)


def _moves(binding: Binding) -> bool:
    """Whether it is one of the keys that go without saying, such as the arrows."""
    return not binding.show and not binding.tooltip


async def _act(app: BaseApp, node: DOMNode, action: str) -> None:
    """Carry out an action of the program, or of a pane, where one then stands."""
    if isinstance(node, Pane):
        app.action_pane(str(node.id))
    await app.run_action(action, node)


def _wear(app: BaseApp, theme: str) -> None:
    app.theme = theme


class PaletteScreen(CommandPalette):
    """A list of actions to type into."""

    # Without ``min-width`` it would wrap into less than there can be.
    DEFAULT_CSS = """
    PaletteScreen CommandList {
        min-width: 8;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
    }
    """

    def _action_command_list(self, action: str) -> None:
        # A list without any room has no pages: Textual would look for one and fail.
        if self.query_one(CommandList).scrollable_content_region.area:
            super()._action_command_list(action)
