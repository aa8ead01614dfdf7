"""Limits of what is read, and the files that are not: each refusal is one line in two languages."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from extractor.errors import InputError

MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes of everything in a zipped file; a report has less than one MB of text."""
MOST_CELLS = 200_000
"""Positions of all tables together; a report has some 600."""
MOST_SPAN = 1_000
"""Rows or columns of one merged cell."""
MOST_PAGES = 500
MOST_SCANNED = 60
"""Pages that are recognised: each takes many seconds."""
MOST_PIXELS = 60_000_000
"""Of one picture."""
MOST_CHARACTERS = 5_000_000
MOST_RULES = 60_000
"""Lines and boxes drawn on one page."""
MOST_MATCHES = 20_000_000
"""Elements of a page times the rules of its style sheets that may concern them."""
MOST_SECONDS = 120
"""Of reading a file, and of a conversion by another program; a page that is recognised has as many."""


@cache
def _texts() -> dict[str, dict[str, str]]:
    """Why a file is not read, by code: ``en`` and ``zh``."""
    import tomllib
    from importlib import resources

    return tomllib.loads(resources.files(__package__).joinpath("refusals.toml").read_text("utf-8"))


class RefusedError(InputError):
    """A file that is not read; ``str()`` is one line in English, `zh` the same in Chinese.

    Args:
        code: Of ``refusals.toml``.
        detail: What the text leaves open: a limit, a package, the kind of file.
    """

    def __init__(self, code: str, detail: object = "", name: str = "") -> None:
        self.code, self.detail, self.name = code, detail, name
        english, chinese = _texts()[code]["en"], _texts()[code]["zh"]
        shown = "standard input" if name == "-" else repr(name) if name else "the file"
        super().__init__(f"{shown} {english.format(detail=detail)}")
        self.zh = (f"“{name}”" if name else "文件") + chinese.format(detail=detail)

    def named(self, name: str) -> RefusedError:
        """The same of a file that has a name."""
        return RefusedError(self.code, self.detail, name)

    def __reduce__(self) -> tuple[type[RefusedError], tuple[str, object, str]]:
        return RefusedError, (self.code, self.detail, self.name)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Refuse a file that takes longer, in seconds of work, not of waiting for a busy machine.

    Only in a main thread, and not on Windows: elsewhere workers have a limit.

    Raises:
        RefusedError: It does.
    """
    timer = getattr(signal, "setitimer", None)
    if timer is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(*_: Any) -> None:
        raise RefusedError("seconds", round(seconds))

    before = signal.signal(signal.SIGPROF, over)
    # again after a second, in case that a library took the first for an error of its own
    timer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        timer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
