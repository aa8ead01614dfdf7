"""A file that is written piece by piece and is there whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A temporary file beside ``path``, moved there when the block ends without an error.

    Whatever ends it early, a full disk or Ctrl-C, what stood there before still does.

    Raises:
        OSError: It cannot be written.
    """
    target = os.path.realpath(path)  # a link goes on pointing where it does
    if os.path.islink(target):  # links that lead to one another lead nowhere
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    if os.path.exists(target) and not os.path.isfile(target):  # a device or a pipe
        with open(target, "wb") as sink:
            yield sink
        return
    old = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else None
    name = os.path.join(os.path.dirname(target), f".extract-{secrets.token_hex(8)}")
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # less the process's mask
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if old is not None:
            os.chmod(name, old)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
