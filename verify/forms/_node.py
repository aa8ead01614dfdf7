"""A table of a TOML file, read strictly: every key has its type, and no key is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_ID = re.compile(r"[a-z0-9][a-z0-9_]*")
_REQUIRED: Any = object()


class FormsError(ValueError):
    """A file of forms is wrong; the message names file, place and key, and what is expected."""


class Node:
    """One table of the file.

    Attributes:
        where: File and place, for messages.
    """

    def __init__(self, data: dict[str, Any], where: str) -> None:
        self.where = where
        self._data = data
        self._used: set[str] = set()

    def error(self, key: str, message: str) -> FormsError:
        """What is wrong with a key."""
        return FormsError(f"{self.where}{'.' if key else ''}{key}: {message}")

    def has(self, key: str) -> bool:
        """Whether the file gives this key."""
        return key in self._data

    def is_text(self, key: str) -> bool:
        """Whether the file gives a text for this key."""
        return isinstance(self._data.get(key), str)

    def __iter__(self) -> Iterator[str]:
        """The keys in the order of the file."""
        return iter(self._data)

    def _get(self, key: str, default: Any, kind: type | tuple[type, ...], expected: str) -> Any:
        self._used.add(key)
        value = self._data.get(key, default)
        if value is _REQUIRED:
            raise self.error(key, f"is missing; {expected} is expected")
        if value is not default and (not isinstance(value, kind) or isinstance(value, bool)):
            raise self.error(key, f"{value!r} is not {expected}")
        return value

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """A text that is not empty."""
        value: str = self._get(key, default, str, "a text")
        if value is not default and not value.strip():
            raise self.error(key, "is an empty text")
        return value

    def id(self, key: str, default: str = _REQUIRED) -> str:
        """A name of small letters, digits and underscores."""
        value = self.text(key, default)
        if value != default and not _ID.fullmatch(value):
            raise self.error(key, f"{value!r} is not a name of a-z, 0-9 and _")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str = _REQUIRED) -> str:
        """One of several words."""
        value = self.text(key, default)
        if value not in choices:
            raise self.error(key, f"{value!r} is none of {', '.join(choices)}")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        """A list of texts, none empty and none twice; ``default=None`` where it has to be there."""
        missing: Any = _REQUIRED if default is None else default
        value = self._get(key, missing, list, "a list of texts")
        if value is default:
            return default or ()
        for one in value:
            if not isinstance(one, str) or not one.strip():
                raise self.error(key, f"{one!r} is not a text")
            if value.count(one) > 1:
                raise self.error(key, f"{one!r} stands twice")
        return tuple(value)

    def mixed(self, key: str) -> list[str | Node]:
        """A list of texts and of tables."""
        value = self._get(key, [], list, "a list")
        for one in value:
            if not isinstance(one, (str, dict)) or not one:
                raise self.error(key, f"{one!r} is neither a text nor a table")
        return [
            one if isinstance(one, str) else Node(one, f"{self.where}.{key}[{at}]")
            for at, one in enumerate(value, 1)
        ]

    def node(self, key: str, default: dict[str, Any] = _REQUIRED) -> Node:
        """A table."""
        return Node(self._get(key, default, dict, "a table"), f"{self.where}.{key}")

    def nodes(self, key: str, *, required: bool = True) -> list[Node]:
        """A list of tables, each named in messages by its id where it has one."""
        value = self._get(key, _REQUIRED if required else [], list, f"[[{key}]]")
        if (required and not value) or not all(isinstance(one, dict) for one in value):
            raise self.error(key, f"is no list of tables; write [[{key}]]")
        return [
            Node(one, f"{self.where}.{key}[{one.get('id', at)}]") for at, one in enumerate(value, 1)
        ]

    def done(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self._data:
            if key not in self._used:
                allowed = ", ".join(sorted(self._used))
                raise self.error(key, f"no such key here; known are {allowed}")
