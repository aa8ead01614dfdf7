"""An object of this process that other processes of this machine ask, over a connection with a key."""

from __future__ import annotations

import secrets
import threading
from multiprocessing.connection import Client, Connection, Listener
from typing import Any


class Handle:
    """Asks the object from another process; threads have a connection each."""

    def __init__(self, address: Any, key: bytes) -> None:
        self._told = (address, key)
        self._own = threading.local()

    def __reduce__(self) -> tuple[type[Handle], tuple[Any, bytes]]:
        return Handle, self._told

    def ask(self, asked: Any) -> Any:
        """The method of the object."""
        connection = getattr(self._own, "connection", None)
        if connection is None:
            address, key = self._told
            connection = self._own.connection = Client(address, authkey=key)
        connection.send(asked)
        return connection.recv()


class Served:
    """The object; see `extractor.batch.executors.Once`.

    Args:
        made: It, with methods ``ask`` and ``close``.
    """

    def __init__(self, made: Any) -> None:
        key = secrets.token_bytes(32)
        self._made = made
        self._listener = Listener(authkey=key, backlog=128)
        self._open = True
        self.handle = Handle(self._listener.address, key)
        threading.Thread(target=self._accept, daemon=True).start()

    def call(self, name: str) -> Any:
        """See `Once.call`."""
        return getattr(self._made, name)()

    def close(self) -> None:
        """See `Once.close`."""
        if self._open:
            self._open = False
            self._listener.close()
            self._made.close()

    def _accept(self) -> None:
        while self._open:
            try:
                connection = self._listener.accept()
            except OSError:
                return  # closed
            except Exception:  # noqa: BLE001, S112 - who has no key is sent away
                continue
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: Connection) -> None:
        try:
            while True:
                connection.send(self._made.ask(connection.recv()))
        except (EOFError, OSError):
            connection.close()


__all__ = ["Handle", "Served"]
