"""Benchmarks; every result is a ratio measured within one run.

``measures`` lists the benchmarks, ``isolated`` runs each in a process of its own, and
``timing`` times two sides in turns. ``training_speed``, ``autosave`` and ``screen`` contain
the benchmarks, ``reference_loops`` the training loops to compare with, ``peers`` those in
other languages.
"""
