"""The compiled replay: an optional C extension that runs a step's NumPy calls without Python.

``lowering`` turns calls into operations of the extension, ``agreement`` checks here and now that
these have NumPy's bits, ``status`` says whether the extension is used.
``build_hook.py`` builds it with the package. Without it, or where a call has no lowering, the
calls run as Python functions (``nn.codegen``), with the same results.
"""
