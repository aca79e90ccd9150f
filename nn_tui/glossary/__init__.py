"""The glossary: what every word on the screen means, with formula and source."""
