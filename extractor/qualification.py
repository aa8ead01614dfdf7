"""Qualification: what a model with a prompt made of the golden cases, on record beside the cache.

A record holds for one model, one text of a prompt and one version of the form data. Any of them changed,
it holds no longer, and the pair is not qualified until the golden cases were run again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from typing import Any

import prompts
from extractor.errors import UsageError
from extractor.files import write_whole

LEAST_CASES = 10
"""Golden cases that a pair must have been run through to be qualified."""

LEAST_VERDICTS = 0.9
"""Share of the golden verdicts that a qualified pair gets right; of silent errors it has none."""
_FORMAT = 1
_FOLDER = "qualified"
_MOST_BYTES = 100_000
_OUTCOME = ("cases", "verdicts_right", "cells", "cells_right", "silent_errors")


@dataclass(slots=True)
class Record:
    """The outcome of one golden run, counted case by case."""

    model: str  # as on the command line
    prompt_id: str  # id and version of the prompt
    prompt_sha256: str  # hash of its file
    form_data: str  # version of the form data
    service: str  # host that was asked
    date: str  # day of the run, ISO
    version: str  # version of the program
    cases: int = 0  # golden cases
    verdicts_right: int = 0  # those with the expected verdict
    cells: int = 0  # cells of all cases
    cells_right: int = 0  # those with the expected value, state and span
    silent_errors: int = 0  # cases that pass although they should not, or with a wrong cell
    requests: int = 0  # HTTP requests
    input_tokens: int = 0  # of all prompts
    output_tokens: int = 0  # of all answers
    cost_usd: str | None = "0"  # exact decimal, or None when not known
    seconds: float = 0.0  # of all cases together

    @property
    def qualified(self) -> bool:
        """Whether the pair may be relied on: no silent error, and most verdicts right."""
        return (
            self.cases >= LEAST_CASES
            and self.cells_right > 0
            and self.silent_errors == 0
            and self.verdicts_right >= LEAST_VERDICTS * self.cases
        )

    def same_outcome(self, other: Record) -> bool:
        """Whether another run came to the same figures, whatever it cost."""
        return all(getattr(self, name) == getattr(other, name) for name in _OUTCOME)


def folder(cache: str | None) -> str:
    """The directory of the records: in the cache that was named, else in the user's own."""
    if cache is None:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        cache = os.path.join(home, "gouji")
    return os.path.join(cache, _FOLDER)


def write(record: Record, cache: str | None) -> str:
    """Put a record on file and return its path.

    Raises:
        UsageError: It cannot be written.
    """
    path = _path(record.model, record.prompt_id, cache)
    content = {"format": _FORMAT, **asdict(record), "qualified": record.qualified}
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_whole(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise UsageError(
            f"{path!r} cannot be written ({error.strerror}); name a directory with --cache"
        ) from None
    return path


def find(
    model: str,
    prompt: prompts.Prompt,
    form_data: str,
    cache: str | None,
    service: str | None = None,
) -> Record | None:
    """The record that holds for a model, a prompt and the forms of today, if there is one.

    Args:
        model: As on the command line.
        prompt: What it is told.
        form_data: Version of the form data.
        cache: Directory of the cache, None for the user's own.
        service: Host that is asked; a model of the same name elsewhere is another. None for any.
    """
    record = _read(_path(model, prompt.name, cache))
    if record is None or (
        (record.model, record.prompt_id, record.prompt_sha256, record.form_data)
        != (model, prompt.name, prompt.sha256, form_data)
    ):
        return None
    return record if service is None or record.service == service else None


def is_qualified(
    model: str,
    prompt: prompts.Prompt,
    form_data: str,
    cache: str | None,
    service: str | None = None,
) -> bool:
    """Whether a golden run on record qualifies the pair for the forms of today."""
    record = find(model, prompt, form_data, cache, service)
    return record is not None and record.qualified


def best_prompt(model: str, form_data: str, cache: str | None) -> str | None:
    """The prompt with which the model did best in golden runs on record, or None without any."""
    found = [
        record
        for id in prompts.ids()
        if (record := find(model, prompts.load(id), form_data, cache)) is not None
    ]
    if not found:
        return None
    best = max(
        found, key=lambda r: (r.qualified, -r.silent_errors, r.verdicts_right, r.cells_right)
    )
    return best.prompt_id.partition("/")[0]


def _path(model: str, prompt_id: str, cache: str | None) -> str:
    name = f"{model}--{prompt_id}"
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", name)[:100]
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]  # the slug alone may be another's
    return os.path.join(folder(cache), f"{slug}-{digest}.json")


def _read(path: str) -> Record | None:
    """A record from its file; None when there is none, or none that can be read."""
    try:
        with open(path, encoding="utf-8") as file:
            loaded: Any = json.loads(file.read(_MOST_BYTES))
        loaded.pop("format")
        told = loaded.pop("qualified")
        record = Record(**loaded)
        sound = all(isinstance(getattr(record, name), int) for name in _OUTCOME)
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None
    return record if sound and told == record.qualified else None
