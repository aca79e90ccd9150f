"""Sweeps: one experiment with many combinations of values, seeds and folds.

``axes`` are the varied keys, ``plan`` combines them to trials. ``runner`` trains one trial;
``process_executor`` and ``dask_executor`` run many at the same time. ``sweep`` joins a plan, an
executor and a ``sweep_folder``, which keeps the outcomes; ``ranking`` compares them.
"""
