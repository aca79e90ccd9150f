"""Builds the C extension, beside its source.

Hatchling runs it with every build of the package (``pyproject.toml``). Where there is no compiler
or no header of Python, the package is built without the extension and runs all the same. In a
working copy from which nothing was installed, ``python nn_tui/nn/kernels/build_hook.py`` builds
it; that needs setuptools.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface as _Interface
except ImportError:  # run as a script
    _Interface = object

HERE = Path(__file__).resolve().parent
NAME = "nn_tui.nn.kernels._replay"

# No fused multiply-add, and no error number or trap to keep the loops from being vectors.
_FLAGS = ["-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"]


def build(target: Path) -> Path:
    """Compile the extension into ``target``; return its file.

    Raises what setuptools raises where that is impossible.
    """
    import numpy
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    unix = os.name == "posix"
    extension = Extension(
        NAME,
        ["_replay.c"],
        include_dirs=[numpy.get_include()],
        extra_compile_args=_FLAGS if unix else [],
        libraries=["m"] if unix else [],
    )
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as temporary:
        command = build_ext(Distribution({"name": "nn-tui", "ext_modules": [extension]}))
        command.build_lib = str(Path(temporary) / "library")
        command.build_temp = str(Path(temporary) / "objects")
        command.ensure_finalized()
        os.chdir(HERE)  # the object files lie in the temporary folder only for relative sources
        try:
            command.run()
        finally:
            os.chdir(before)
        made = Path(command.get_ext_fullpath(NAME))
        new = Path(shutil.copy2(made, target / f"{made.name}.new"))
        return new.replace(target / made.name)  # a running program keeps the old one


class CustomBuildHook(_Interface):  # type: ignore[misc]
    """Builds the extension beside its source and adds it to the wheel.

    So a working copy from which the package was installed has it too, and its tests use it.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile it, or warn: the build goes on without it."""
        if self.target_name != "wheel":
            return
        try:
            made = build(HERE)
        except (Exception, SystemExit) as error:  # setuptools exits on some errors
            self.app.display_warning(f"nn-tui is built without its C extension: {error}")
            return
        if version != "editable":  # which finds it where it is
            build_data["force_include"][str(made)] = f"nn_tui/nn/kernels/{made.name}"
        build_data["pure_python"] = False
        build_data["infer_tag"] = True


if __name__ == "__main__":
    sys.stdout.write(f"{build(HERE)}\n")
