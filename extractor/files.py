"""Write a file whole or not at all."""

from __future__ import annotations

import os
import tempfile


def write_whole(path: str | os.PathLike[str], data: str | bytes) -> None:
    """Write to a temporary file beside ``path`` and move it there, so that no half file remains.

    Raises:
        OSError: It cannot be written; what stood there before still does.
    """
    target = os.path.realpath(path)  # a link goes on pointing where it does
    if os.path.exists(target) and not os.path.isfile(target):  # a device or a pipe
        with open(target, "wb") as sink:
            sink.write(data.encode() if isinstance(data, str) else data)
        return
    mode = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=os.path.dirname(target) or ".", prefix=".extract-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
