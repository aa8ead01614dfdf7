"""Batches at a service that speaks OpenAI's Batch API: sent in parts, waited for over days, never sent twice.

A journal beside the store says which batches are under way. It is written before a batch is made and after; a batch
carries the token of its entry, so that one that was made just before the program died is found again at the
service, and not paid for twice. An entry goes when the run that needed it has come to its end.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from extractor.errors import ProviderError, UsageError
from extractor.files import write_whole
from extractor.models.adapter import Adapter
from extractor.models.retry import Budget, Failure, Timing, insist
from extractor.models.settings import Settings

T = TypeVar("T")
ENDED = frozenset({"completed", "expired", "cancelled", "failed"})
_MOST_BYTES = 300_000_000
_SECONDS = 600.0
_TOKEN = "gouji"  # noqa: S105 - the name of a field
_READS = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one batch.

    Attributes:
        requests: Most lines.
        bytes: Most bytes of its file.
    """

    requests: int = 50_000
    bytes: int = 100_000_000


@dataclass(slots=True)
class Entry:
    """A batch.

    Attributes:
        token: That it carries.
        names: Of its lines.
        id: At the service, "" until that is known.
    """

    token: str
    names: list[str]
    id: str = ""


@dataclass(slots=True)
class Batches:
    """The batches of one store at one service.

    Attributes:
        settings: The service.
        journal: Path of the journal.
        limits: Of one batch.
        poll: Seconds between two looks at what is under way.
        timing: Clock and sleep, for tests.
    """

    settings: Settings
    journal: str
    limits: Limits = field(default_factory=Limits)
    poll: float = 30.0
    timing: Timing = field(default_factory=Timing)
    entries: list[Entry] = field(default_factory=list)
    _adapter: Adapter = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._adapter = Adapter(replace(self.settings, most_bytes=_MOST_BYTES), timing=self.timing)
        try:
            with open(self.journal, encoding="utf-8") as file:
                told = json.load(file)
            self.entries = [Entry(**entry) for entry in told["batches"]]
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError):
            raise UsageError(
                f"{self.journal!r} cannot be read; it says which batches are under way: mend it or move it away"
            ) from None
        self._find()

    def send(self, lines: Iterable[tuple[str, bytes]]) -> Iterator[Entry]:
        """Make batches of lines, as many as the limits ask for; each as soon as it is made.

        Raises:
            ProviderError: The service does not take them.
        """
        names: list[str] = []
        part = bytearray()
        for name, line in lines:
            if names and (
                len(names) >= self.limits.requests or len(part) + len(line) > self.limits.bytes
            ):
                yield self._make(names, bytes(part))
                names, part = [], bytearray()
            names.append(name)
            part += line
        if names:
            yield self._make(names, bytes(part))

    def ended(self, entry: Entry) -> str:
        """How a batch ended, "" while it is under way.

        Raises:
            ProviderError: The service does not tell.
        """
        status = self._call(lambda client: client.batches.retrieve(entry.id)).status
        return status if status in ENDED else ""

    def lines(self, entry: Entry) -> Iterator[bytes]:
        """What came of a batch that has ended: the lines of its answers and of its errors.

        A file that has fewer lines than the service counts came in part and is read again.
        """
        batch = self._call(lambda client: client.batches.retrieve(entry.id))
        counts = getattr(batch, "request_counts", None)
        for id, count in (
            (batch.output_file_id, getattr(counts, "completed", 0) or 0),
            (batch.error_file_id, 0),
        ):
            if not id:
                continue
            whole: list[bytes] = []
            for _ in range(_READS):
                content: bytes = self._call(partial(_content, id)).content
                whole = content.splitlines(keepends=True)
                if sum(line.endswith(b"\n") for line in whole) >= count:
                    break
            yield from whole

    def wait(self) -> None:
        """Wait until it is worth to look again."""
        self.timing.sleep(self.poll)

    def done(self) -> None:
        """The run has come to its end: nothing of its batches is needed any more."""
        self.entries.clear()
        if os.path.exists(self.journal):
            os.unlink(self.journal)

    def close(self) -> None:
        """Close connections."""
        self._adapter.close()

    def _make(self, names: list[str], part: bytes) -> Entry:
        entry = Entry(secrets.token_hex(16), names)
        file = self._call(
            lambda client: client.files.create(file=("requests.jsonl", part), purpose="batch")
        )
        self.entries.append(entry)
        self._write()

        def create(client: Any) -> Any:
            return client.batches.create(
                input_file_id=file.id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={_TOKEN: entry.token},
            )

        entry.id = self._call(create, made=lambda: self._made(entry.token)).id
        self._write()
        return entry

    def _find(self) -> None:
        """Find the batches that were made and not written down; an entry without one was never paid for."""
        for entry in self.entries:
            if not entry.id:
                found = self._made(entry.token)
                entry.id = found.id if found else ""
        self.entries = [entry for entry in self.entries if entry.id]
        self._write()

    def _made(self, token: str) -> Any:
        def look(client: Any) -> Any:
            page = client.batches.list(limit=100)
            return [one for one in page.data if (one.metadata or {}).get(_TOKEN) == token]

        return next(iter(self._call(look)), None)

    def _write(self) -> None:
        told = {"batches": [asdict(entry) for entry in self.entries]}
        try:
            write_whole(self.journal, json.dumps(told, indent=1) + "\n")
        except OSError as error:
            raise UsageError(
                f"{self.journal!r} cannot be written ({error.strerror}); check it"
            ) from None

    def _call(self, do: Callable[[Any], T], made: Callable[[], T | None] | None = None) -> T:
        """One call, and again while what goes wrong is passing.

        Args:
            do: What is called; it makes one request.
            made: Whether a call that got no answer did its work all the same.
        """
        self._adapter.prepare()
        budget = Budget(self.settings.attempts, _SECONDS, self.timing.clock)

        def once(before: object) -> T | Failure:
            if before is not None and made is not None and (there := made()) is not None:
                return there
            budget.take()
            result: T | Failure = self._adapter.call(do, seconds=budget.seconds)
            return result

        result = insist(once, budget, longest_wait=self.settings.longest_wait, timing=self.timing)
        if isinstance(result, Failure):
            if made is not None and (there := made()) is not None:
                return there
            said = result.message or str(result.kind)
            raise ProviderError(
                f"{self.settings.service} does not do this batch ({said}); the same command goes on with it"
            )
        return result


def _content(id: str, client: Any) -> Any:
    return client.files.content(id)


__all__ = ["ENDED", "Batches", "Entry", "Limits"]
