"""Write a file whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets


def write_whole(path: str | os.PathLike[str], data: str | bytes) -> None:
    """Write to a temporary file beside ``path`` and move it there, so that no half file remains.

    Raises:
        OSError: It cannot be written; what stood there before still does.
    """
    target = os.path.realpath(path)  # a link goes on pointing where it does
    if os.path.islink(target):  # links that lead to one another lead nowhere
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    if os.path.exists(target) and not os.path.isfile(target):  # a device or a pipe
        with open(target, "wb") as sink:
            sink.write(data.encode() if isinstance(data, str) else data)
        return
    old = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else None
    folder = os.path.dirname(target) or "."
    name = os.path.join(folder, f".extract-{secrets.token_hex(8)}")
    handle = os.open(
        name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666
    )  # less the mask of the process
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        if old is not None:
            os.chmod(name, old)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
