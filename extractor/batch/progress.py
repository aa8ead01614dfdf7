"""How a run goes, shown to a person: a bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
import time
from collections import deque
from typing import IO, TYPE_CHECKING

from extractor.batch.words import WORDS, Lang, told
from extractor.writing import for_people

if TYPE_CHECKING:
    from extractor.batch.counts import Counts

_EVERY = 10.0  # seconds between plain lines
_RATE_OVER = 30.0  # seconds over which a rate is measured


class View:
    """What a run tells of itself; this one says nothing."""

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


class _Speaking(View):
    """A view with words.

    Args:
        total: How many paths there are to look at, None when not known.
        lang: Of what is said.
    """

    def __init__(self, total: int | None, lang: Lang) -> None:
        self._total = total
        self._words = WORDS[lang]
        self._points: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])

    def stopping(self, flying: int) -> None:
        self.note(self._words.stopping.format(number=flying))

    def going_on(self, run: int) -> None:
        self.note(self._words.going_on.format(run=run))

    def _left(self, counts: Counts) -> str:
        """Reports a second over the last half minute, and how long the rest takes."""
        rate, words = self._rate(counts.done), self._words
        said: str = words.rate.format(rate=rate)
        if self._total is None or rate <= 0:
            return said
        minutes, seconds = divmod(max(round((self._total - counts.seen) / rate), 0), 60)
        left = f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        return str(words.parted.join([said, words.left.format(left=left)]))

    def _rate(self, done: int) -> float:
        now = time.monotonic()
        if now - self._points[-1][0] >= 1:
            self._points.append((now, done))
            while len(self._points) > 2 and now - self._points[0][0] > _RATE_OVER:
                self._points.popleft()
        since, before = self._points[0]
        return (done - before) / (now - since) if now > since else 0.0


class Lines(_Speaking):
    """A line now and then, for files and pipes: to ``out``, or else to standard error."""

    def __init__(self, total: int | None, lang: Lang = "zh", out: IO[str] | None = None) -> None:
        super().__init__(total, lang)
        self._out = for_people() if out is None else out
        self._next = time.monotonic() + _EVERY

    def show(self, counts: Counts) -> None:
        """A line every ten seconds."""
        left, words, total = self._left(counts), self._words, self._total
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY
        far = words.far if total is None else words.far_of
        said = [far.format(seen=counts.seen, total=total), left, told(counts, words)]
        self.note(words.parted.join(said))

    def note(self, line: str) -> None:
        """One line."""
        print(f"extract batch: {line}", file=self._out, flush=True)


class Bar(_Speaking):
    """A progress bar on a terminal."""

    def __init__(self, total: int | None, lang: Lang = "zh") -> None:
        from rich import progress
        from rich.console import Console
        from rich.table import Column

        super().__init__(total, lang)
        column = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        self._progress = progress.Progress(
            progress.SpinnerColumn(),
            progress.BarColumn(bar_width=24),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("{task.fields[said]}", markup=False, table_column=column),
            console=Console(file=for_people()),
            transient=True,
            refresh_per_second=4,
            expand=True,
        )
        self._task = self._progress.add_task("", total=total, said="")
        self._progress.start()

    def show(self, counts: Counts) -> None:
        """Move the bar."""
        said = f"{self._left(counts)}  {told(counts, self._words)}"
        self._progress.update(self._task, completed=counts.seen, said=said)

    def note(self, line: str) -> None:
        """One line above the bar."""
        self._progress.console.print(f"extract batch: {line}", markup=False, highlight=False)

    def close(self) -> None:
        """Take the bar away."""
        self._progress.stop()


def view_for(total: int | None, lang: Lang, *, quiet: bool) -> View:
    """The view that fits standard error."""
    if quiet or sys.stderr is None:
        return View()
    return Bar(total, lang) if sys.stderr.isatty() else Lines(total, lang)


__all__ = ["Bar", "Lines", "View", "view_for"]
