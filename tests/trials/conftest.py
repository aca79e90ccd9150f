"""Which tests need an extra: those are run where it is installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("distributed") else ["test_dask.py"]
