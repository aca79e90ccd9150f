"""nn-tui: a neural-network laboratory in the terminal."""


def __getattr__(name: str) -> str:
    """``__version__``, looked up only when somebody asks: that takes a while."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("nn-tui")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0+source"
