"""How fast the program is, as ratios measured within one run.

``measures`` lists them; ``race`` takes the times; each peer has a file of its own.
"""
