"""The theme chosen in the palette, which the next start has too."""

import asyncio
from collections.abc import Callable

from nn_tui.errors import InputError
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.widgets.canvas import Canvas

StoreTheme = Callable[[str], None]
"""Stores the name of a theme, as ``settings.write_theme`` does. Raises InputError."""


class ThemeChoice:
    """Changes the theme of ``app`` and stores it, without blocking the screen.

    Without ``store`` it is for this session only.
    """

    def __init__(self, app: BaseApp, store: StoreTheme | None) -> None:
        self._app = app
        self._store = store
        self._unstored = ""
        self._storing: asyncio.Task[None] | None = None

    def choose(self, theme: str) -> None:
        """Use a theme from now on."""
        self._app.theme = theme
        if self._store is not None:
            self._unstored = theme
            if self._storing is None or self._storing.done():
                self._storing = asyncio.create_task(self._store_all(self._store))

    def recolour(self) -> None:
        """Draw every widget in the colours of the theme."""
        for canvas in self._app.query(Canvas):
            canvas.forget()

    async def stored(self) -> None:
        """Wait until the chosen theme is stored, or cannot be."""
        if self._storing is not None:
            await self._storing

    async def _store_all(self, store: StoreTheme) -> None:
        """Store the theme; where others are chosen meanwhile, then the last of them."""
        while theme := self._unstored:
            self._unstored = ""
            try:
                await asyncio.to_thread(store, theme)
                message, bad = f"theme {theme}; the next start has it too", False
            except InputError as error:
                message, bad = f"theme {theme}, for this session only: {error}", True
            if not self._app.quitting:
                self._app.show_message(message, bad)
