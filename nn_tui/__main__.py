"""``python -m nn_tui`` runs ``nn-tui``."""

import sys

from nn_tui.cli import main

sys.exit(main())
