"""Pure functions from a snapshot and a size to strips of cells; no module imports a widget."""
