"""``ctrl+p`` and ``o``: Textual's palette, which here stands a window of any size."""

from textual.command import CommandList, CommandPalette


class PaletteScreen(CommandPalette):
    """A list to type into, of actions or of experiments."""

    DEFAULT_CSS = "PaletteScreen CommandList { min-width: 8; }"  # it cannot wrap into less

    def _action_command_list(self, action: str) -> None:
        # A list without any room has no pages: Textual would look for one and fail.
        if self.query_one(CommandList).scrollable_content_region.area:
            super()._action_command_list(action)
