"""How a run goes, shown to a person: a bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
import time
from collections import deque
from typing import IO, TYPE_CHECKING, Protocol

from extractor.batch.words import WORDS, Lang, Words, told
from extractor.writing import for_people

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from extractor.batch.counts import Counts

_EVERY = 10.0  # seconds between plain lines
_RATE_OVER = 30.0  # seconds over which a rate is measured


class View(Protocol):
    """What a run tells of itself."""

    def show(self, counts: Counts) -> None:
        """So far; called often."""

    def note(self, line: str) -> None:
        """Something to be said at once."""

    def stopping(self, flying: int) -> None:
        """The run ends when so many reports are done."""

    def going_on(self, run: int) -> None:
        """The run does not do again what an earlier one did that did not end."""

    def close(self) -> None:
        """The run is over."""


class Quiet:
    """Says nothing."""

    def show(self, counts: Counts) -> None:
        """Nothing."""

    def note(self, line: str) -> None:
        """Nothing."""

    def stopping(self, flying: int) -> None:
        """Nothing."""

    def going_on(self, run: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class _Rate:
    """Reports a second over the last half minute."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])

    def of(self, done: int) -> float:
        now = time.monotonic()
        if now - self._points[-1][0] >= 1:
            self._points.append((now, done))
            while len(self._points) > 2 and now - self._points[0][0] > _RATE_OVER:
                self._points.popleft()
        since, before = self._points[0]
        return (done - before) / (now - since) if now > since else 0.0


class Lines:
    """A line now and then, for files and pipes.

    Args:
        total: How many paths there are to look at, None when not known.
        lang: Of what is said.
        out: Where to; standard error when None.
    """

    def __init__(self, total: int | None, lang: Lang = "zh", out: IO[str] | None = None) -> None:
        self._total = total
        self._words = WORDS[lang]
        self._out = for_people() if out is None else out
        self._rate = _Rate()
        self._next = time.monotonic() + _EVERY

    def show(self, counts: Counts) -> None:
        """A line every ten seconds."""
        rate = self._rate.of(counts.done)
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _EVERY
        words, total = self._words, self._total
        far = words.far if total is None else words.far_of
        said = [
            far.format(seen=counts.seen, total=total),
            _left(counts, total, rate, words),
            told(counts, words),
        ]
        self.note(words.parted.join(said))

    def note(self, line: str) -> None:
        """One line."""
        print(f"extract batch: {line}", file=self._out, flush=True)

    def stopping(self, flying: int) -> None:
        """How many reports are waited for."""
        self.note(self._words.stopping.format(number=flying))

    def going_on(self, run: int) -> None:
        """Which run is gone on with."""
        self.note(self._words.going_on.format(run=run))

    def close(self) -> None:
        """Nothing is left open."""


class Bar:
    """A progress bar on a terminal.

    Args:
        total: How many paths there are to look at, None when not known.
        lang: Of what is said.
    """

    def __init__(self, total: int | None, lang: Lang = "zh") -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )
        from rich.table import Column

        self._total = total
        self._words = WORDS[lang]
        self._rate = _Rate()
        self._progress: Progress = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn(
                "{task.fields[said]}",
                markup=False,
                table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
            ),
            console=Console(file=for_people()),
            transient=True,
            refresh_per_second=4,
            expand=True,
        )
        self._task: TaskID = self._progress.add_task("", total=total, said="")
        self._progress.start()

    def show(self, counts: Counts) -> None:
        """Move the bar."""
        rate = self._rate.of(counts.done)
        words = self._words
        said = f"{_left(counts, self._total, rate, words)}  {told(counts, words)}"
        self._progress.update(self._task, completed=counts.seen, said=said)

    def note(self, line: str) -> None:
        """One line above the bar."""
        self._progress.console.print(f"extract batch: {line}", markup=False, highlight=False)

    def stopping(self, flying: int) -> None:
        """How many reports are waited for."""
        self.note(self._words.stopping.format(number=flying))

    def going_on(self, run: int) -> None:
        """Which run is gone on with."""
        self.note(self._words.going_on.format(run=run))

    def close(self) -> None:
        """Take the bar away."""
        self._progress.stop()


def view_for(total: int | None, lang: Lang, *, quiet: bool) -> View:
    """The view that fits standard error."""
    if quiet or sys.stderr is None:
        return Quiet()
    return Bar(total, lang) if sys.stderr.isatty() else Lines(total, lang)


def _left(counts: Counts, total: int | None, rate: float, words: Words) -> str:
    """The rate, and how long the rest takes."""
    said = words.rate.format(rate=rate)
    if total is None or rate <= 0:
        return said
    seconds = max(round((total - counts.seen) / rate), 0)
    hours, rest = divmod(seconds, 3600)
    left = f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return words.parted.join([said, words.left.format(left=left)])


__all__ = ["Bar", "Lines", "Quiet", "View", "view_for"]
