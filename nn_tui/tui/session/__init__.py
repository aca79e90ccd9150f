"""One experiment at work: training, edits, navigation and pins; knows no widget and no key."""
