"""The recipe: everything an experiment starts from, its fields, its file format, the presets."""
