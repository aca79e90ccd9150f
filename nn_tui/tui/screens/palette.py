"""``ctrl+p``: Textual's palette, which here stands a window of any size."""

from textual.command import CommandList, CommandPalette


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
