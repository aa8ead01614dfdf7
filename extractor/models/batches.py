"""Batches at a service that speaks OpenAI's Batch API: sent in parts, waited for over days, never sent twice.

A journal beside the store says which batches are under way. It is written before a batch is made and after; a batch
carries the token of its entry, so that one that was made just before the program died is found again at the
service, and not paid for twice. One that is not found is looked for a while longer, for the request that makes it
may still be on its way, and its file is deleted before its questions are asked anew. An entry goes when the run that
needed it has come to its end.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from extractor.errors import ProviderError, UsageError
from extractor.files import write_whole
from extractor.models.adapter import Adapter
from extractor.models.deferred import Limits, answer_in
from extractor.models.retry import Budget, Failure, Kind, Timing, insist
from extractor.models.settings import Settings

T = TypeVar("T")
ENDED = frozenset({"completed", "expired", "cancelled", "failed"})
_MOST_BYTES = 300_000_000
_SECONDS = 600.0
_TOKEN = "gouji"  # noqa: S105 - the name of a field
_READS = 6
_LOOKS = 3
_PAGE = 100
_CLOCKS_APART = 3600


@dataclass(slots=True)
class Entry:
    """A batch.

    Attributes:
        token: That it carries.
        names: Of its lines.
        id: At the service, "" until that is known.
        file: Its lines at the service.
        since: Unix time before which it was not made.
    """

    token: str
    names: list[str]
    id: str = ""
    file: str = ""
    since: float = 0.0


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

        A file with fewer names than the service counts came in part and is read again: what is missing was paid for.

        Raises:
            ProviderError: It comes in part every time.
        """
        batch = self._call(lambda client: client.batches.retrieve(entry.id))
        counts = getattr(batch, "request_counts", None)
        for id, count in (
            (batch.output_file_id, getattr(counts, "completed", 0) or 0),
            (batch.error_file_id, 0),
        ):
            if id:
                yield from self._file(id, count)

    def _file(self, id: str, count: int) -> list[bytes]:
        for _ in range(_READS):
            content: bytes = self._call(lambda client: client.files.content(id)).content
            lines = content.splitlines(keepends=True)
            names = {found["custom_id"] for line in lines if (found := answer_in(line))}
            if len(names) >= count:
                return lines
        raise ProviderError(
            f"{self.settings.service} counts {count} answers and sends fewer; the same command goes on with it"
        )

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
        entry = Entry(secrets.token_hex(16), names, since=self.timing.now())
        self.entries.append(entry)

        def create(client: Any) -> Any:
            return client.batches.create(
                input_file_id=entry.file,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={_TOKEN: entry.token},
            )

        def made() -> Any:
            found = self._found([entry])
            if not found:
                self._send_file(entry, part)
            return found[0] if found else None

        self._send_file(entry, part)
        entry.id = self._call(create, made=made).id
        self._write()
        return entry

    def _send_file(self, entry: Entry, part: bytes) -> None:
        sent = self._call(
            lambda client: client.files.create(file=("requests.jsonl", part), purpose="batch")
        )
        entry.file = sent.id
        self._write()

    def _find(self) -> None:
        """Find the batches that were made and not written down; an entry without one was never paid for."""
        self._found([entry for entry in self.entries if not entry.id])
        self.entries = [entry for entry in self.entries if entry.id]
        self._write()

    def _found(self, entries: list[Entry]) -> list[Any]:
        """The batches of entries whose making was not heard of.

        The request that makes one may still be on its way, so it is looked for more than once, at last when the
        file with its lines is gone and none can be made of it any more.
        """
        found: list[Any] = []
        for look in range(_LOOKS if entries else 0):
            left = [entry for entry in entries if not entry.id]
            if look and left:
                self.wait()
            for entry in left:
                if look == _LOOKS - 1 and entry.file:
                    self._delete(entry.file)
                if (batch := self._made(entry)) is not None:
                    entry.id = batch.id
                    found.append(batch)
        return found

    def _made(self, entry: Entry) -> Any:
        """The batch of an entry, looked for back to the time of the entry."""
        after: str | None = None
        while True:
            page = self._page(after)
            for one in page:
                if (one.metadata or {}).get(_TOKEN) == entry.token:
                    return one
            if len(page) < _PAGE or page[-1].created_at < entry.since - _CLOCKS_APART:
                return None
            after = page[-1].id

    def _page(self, after: str | None) -> list[Any]:
        """Batches of the service, the newest first, those after one of them."""
        more = {} if after is None else {"after": after}
        found: list[Any] = self._call(lambda client: client.batches.list(limit=_PAGE, **more)).data
        return found

    def _delete(self, file: str) -> None:
        self._adapter.call(lambda client: client.files.delete(file), seconds=self.settings.timeout)

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
            made: What a call that got no answer may have made all the same; else it is made ready anew.
        """
        budget = Budget(self.settings.attempts, _SECONDS, self.timing.clock)

        def once(before: Kind | None) -> T | Failure:
            unheard = before is not None and before is not Kind.RATE_LIMITED
            if unheard and made is not None and (there := made()) is not None:
                return there
            budget.take()
            result: T | Failure = self._adapter.call(do, seconds=budget.seconds)
            return result

        result = insist(once, budget, longest_wait=self.settings.longest_wait, timing=self.timing)
        if isinstance(result, Failure):
            said = result.message or str(result.kind)
            raise ProviderError(
                f"{self.settings.service} does not do this batch ({said}); the same command goes on with it"
            )
        return result
