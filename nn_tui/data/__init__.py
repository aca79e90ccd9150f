"""Where the samples come from: truth tables, generated sets, files."""
