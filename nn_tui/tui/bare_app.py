"""The barest program of Textual and NumPy, against which a start is measured."""

import numpy as np
from textual.app import App, ComposeResult
from textual.widgets import Static


class BareApp(App[None]):
    """It shows that it has both, and does nothing."""

    def compose(self) -> ComposeResult:
        yield Static(f"epoch 0 {np.zeros(1)}")


if __name__ == "__main__":
    BareApp().run()
