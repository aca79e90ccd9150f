"""Drawing: pure functions from a snapshot and a size to strips. None knows a widget."""
