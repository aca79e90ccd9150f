"""A minimal program with Textual and NumPy, the baseline of the start-time benchmark."""

import numpy as np
from textual.app import App, ComposeResult
from textual.widgets import Static


class BareApp(App[None]):
    """Shows a number and does nothing."""

    def compose(self) -> ComposeResult:
        yield Static(f"epoch 0 {np.zeros(1)}")


if __name__ == "__main__":
    BareApp().run()
