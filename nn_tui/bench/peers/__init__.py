"""Training loops in JAX, Numba, C and JavaScript: the same arithmetic without Python in between.

``task`` is what each of them is given. ``run`` of a loop trains on and returns the losses.
"""
