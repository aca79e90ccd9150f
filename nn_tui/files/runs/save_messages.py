"""What is said of saving: why a run could not be saved, and where it is when the program ends."""

import errno
from pathlib import Path

from nn_tui.errors import InputError
from nn_tui.fileio import reason
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.text import brief

_RETRYING = "; retrying"
"""Added to a failure while the program runs, not on exit."""
_FREE = "free disk space"
_PERMIT = "make the folder writable, or start with --state-dir FOLDER"
_ADVICE = {
    errno.ENOSPC: _FREE,
    errno.EDQUOT: _FREE,
    errno.EFBIG: _FREE,
    errno.EACCES: _PERMIT,
    errno.EPERM: _PERMIT,
    errno.EROFS: _PERMIT,
    errno.ENOTDIR: "remove the file that is in the place of the folder",
    errno.EEXIST: "remove the file that is in the place of the folder",
}


def unsaved_sentence(error: Exception, store: Path) -> str:
    """The message about a failure to save in the folder ``store``."""
    cause = error.__cause__
    if isinstance(cause, OSError):
        advice = _ADVICE.get(cause.errno or 0)
        hint = f"; {advice}" if advice else ""
        return f"not saved: {reason(cause)} in {store}{hint}{_RETRYING}"
    if isinstance(error, InputError):
        return f"not saved: {error}"
    return f"not saved: {type(error).__name__}: {error}{_RETRYING}"


def exit_message(
    name: str, folder: RunFolder | None, epoch: int | None, problem: str, note: str
) -> str:
    """The message on exit about the run ``name``, last saved in ``folder`` at ``epoch``.

    Folder and epoch are None if it was never saved. ``problem`` is why the last save failed,
    ``note`` what the saved run lacks; both may be empty.
    """
    problem = problem.removesuffix(_RETRYING)
    if folder is None or epoch is None:
        return problem
    name = brief(folder.title or name)
    if not folder.exists_on_disk:
        return f"{name} is {problem or f'not saved: {folder.path} was removed'}"
    saved = f"{name} is saved at epoch {epoch:,}; nn-tui {folder.id} continues it{note}"
    return f"{problem}; {saved}" if problem else saved
