"""Recorded answers of models: a folder in which each answer stands under the hash of its question.

A question that was answered is not paid for again, and a run can be replayed without network. What is
asked is hashed as canonical JSON, so neither the order of keys nor the service's address matters. A file
holds the answer and what it answers by name and hash: no key, no address, no text of the report.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from extractor.errors import UsageError
from extractor.files import write_whole
from extractor.models.exchange import Question

if TYPE_CHECKING:
    from pydantic import BaseModel

_FORMAT = 1
_KEY = re.compile(r"[0-9a-f]{64}")


class Answers(Protocol):
    """Recorded answers, wherever they are kept, under the names that `key_of` gives; threads share them.

    Attributes:
        offline: Whether answers come from here alone.
    """

    offline: bool

    def get(self, key: str) -> str | None:
        """The answer recorded under a key, None when there is none."""

    def put(self, key: str, text: str, *, question: Question, model: str) -> None:
        """Record an answer that was complete.

        Raises:
            GoujiError: It cannot be written.
        """


class Cache:
    """A folder of recorded answers. Threads and processes may share one.

    Args:
        directory: The folder; made when it is not there, unless ``offline``.
        offline: Whether answers come from here alone. Only kept here, for who asks.

    Raises:
        UsageError: It is no folder that can be used.
    """

    def __init__(self, directory: str, offline: bool = False) -> None:
        self.directory = directory
        self.offline = offline
        if not directory:
            raise UsageError("--cache needs the name of a directory")
        if offline and not os.path.isdir(directory):
            raise UsageError(f"--cache {directory!r} is no directory; record answers there first")
        try:
            os.makedirs(directory, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from None
        if not offline and not os.access(directory, os.W_OK | os.X_OK):
            raise UsageError(f"--cache {directory!r} cannot be written to; name another directory")

    def get(self, key: str) -> str | None:
        """The answer recorded under a key; None when there is none, or the file is damaged."""
        path = self._path(key)
        try:
            with open(path, "rb") as file:
                entry = json.load(file)
            good = entry["format"] == _FORMAT and entry["key"] == key
            return entry["answer"] if good and isinstance(entry["answer"], str) else None
        except (OSError, ValueError, RecursionError, LookupError, TypeError):
            return None

    def put(self, key: str, text: str, *, question: Question, model: str) -> None:
        """Record an answer that was complete, whole or not at all.

        Raises:
            UsageError: It cannot be written.
        """
        entry = {
            "format": _FORMAT,
            "key": key,
            "model": model,
            "prompt": {"id": question.prompt_id, "sha256": question.prompt_sha256},
            "shape": question.shape.__name__,
            "about": question.about,
            "sample": question.sample,
            "user_sha256": _sha256(question.user),
            "recorded": datetime.now(UTC).date().isoformat(),
            "answer": text,
        }
        written = json.dumps(entry, ensure_ascii=False, indent=1) + "\n"
        path = self._path(key)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_whole(path, written.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise self._unusable(error) from None

    def _path(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a recorded answer")
        return os.path.join(self.directory, key[:2], key[2:4], f"{key}.json")

    def _unusable(self, error: OSError) -> UsageError:
        return UsageError(
            f"--cache {self.directory!r} cannot be used ({error.strerror}); name another directory"
        )


def key_of(question: Question, model: str) -> str:
    """The name of a question to a model: SHA-256 of everything that decides the answer."""
    asked = {
        "model": model,
        "prompt": {"id": question.prompt_id, "sha256": question.prompt_sha256},
        "schema": _schema_of(question.shape),
        "system": question.system,
        "user": question.user,
        "room": question.room,
        "sample": question.sample,
    }
    return _sha256(json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


@lru_cache(maxsize=64)
def _schema_of(shape: type[BaseModel]) -> Any:
    """The schema that a shape asks for; nobody may change it."""
    return _bare(shape.model_json_schema())


def _bare(schema: Any) -> Any:
    """A schema without its prose: a docstring in other words asks for nothing else."""
    if isinstance(schema, list):
        return [_bare(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _bare(part) for name, part in value.items()}
        if key in {"properties", "$defs"}
        else _bare(value)
        for key, value in schema.items()
        if key not in {"title", "description"}
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
