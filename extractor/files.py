"""Write a file whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO


@contextmanager
def whole_file(path: str | os.PathLike[str], *, durable: bool = True) -> Iterator[BinaryIO]:
    """A temporary file beside ``path``, moved there when the block ends without an error.

    Whatever ends it early, a full disk or Ctrl-C, what stood there before still does.

    Args:
        path: The file; a device or a pipe is written as it is.
        durable: Whether it is on the disk, and not only on its way there, before it takes its name.

    Raises:
        OSError: It cannot be written.
    """
    target = os.path.realpath(path)  # a link goes on pointing where it does
    if os.path.islink(target):  # links that lead to one another lead nowhere
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as sink:
            yield sink
        return
    old = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else None
    name = os.path.join(os.path.dirname(target), f".extract-{secrets.token_hex(8)}")
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # less the process's mask
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        if old is not None:
            os.chmod(name, old)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def write_whole(path: str | os.PathLike[str], data: str | bytes) -> None:
    """Write a file in one piece; see `whole_file`.

    Raises:
        OSError: It cannot be written; what stood there before still does.
    """
    with whole_file(path, durable=False) as file:
        file.write(data.encode() if isinstance(data, str) else data)
