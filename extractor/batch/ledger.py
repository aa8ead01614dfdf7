"""What a run has made and not yet written: gathered, and written in short transactions.

A report is written with its paths, its result and its reading in one transaction; what is not written when
a run is killed is done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.batch.store import Store

_SECONDS = 0.25
"""At most so long is something that was made not yet written."""
_ROWS = 100


class Ledger:
    """Takes what is to be written, and writes it into the store.

    Args:
        store: Open for writing.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Callable[[], object], Callable[[], object] | None]] = []
        self._since = 0.0

    def add(self, write: Callable[[], object], after: Callable[[], object] | None = None) -> None:
        """Write something soon.

        Args:
            write: Writes it, within a transaction.
            after: Called when it is in the store.
        """
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append((write, after))

    def write_when_due(self) -> None:
        """Write, if there is much or it has waited long enough."""
        waited = time.monotonic() - self._since
        if len(self._waiting) >= _ROWS or (self._waiting and waited >= _SECONDS):
            self.write()

    def write(self) -> None:
        """Write everything in one transaction.

        Raises:
            StoreError: It cannot be written; nothing of it is stored.
        """
        if not self._waiting:
            return
        with self._store.transaction():
            for write, _ in self._waiting:
                write()
        written, self._waiting = self._waiting, []
        for _, after in written:
            if after is not None:
                after()


__all__ = ["Ledger"]
