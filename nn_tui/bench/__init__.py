"""How fast the program is, as ratios measured within one run.

``measures`` lists them; ``apart`` takes each in a process of its own; ``race`` takes the
times; each experiment has a file of its own, and so has each loop it runs against.
"""
