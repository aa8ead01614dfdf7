"""A text that was rewritten, and the way back to the source from every range of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Edit = tuple[int, int, str]
"""A range of a text and what stands there instead; an empty range is an insertion."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rewriting: where each replacement stands in the new text, and what it replaced.

    Attributes:
        new: Where each replacement begins, ascending.
        new_end: Where it ends.
        old: Where the range that it replaced begins in the text before.
        old_end: Where that range ends.
    """

    new: list[int]
    new_end: list[int]
    old: list[int]
    old_end: list[int]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The range of the text before that ``start`` to ``end`` came from, ``end > start``."""
        at = bisect_right(self.new, start) - 1
        if at >= 0:
            beyond = start - self.new_end[at]
            start = self.old_end[at] + beyond if beyond >= 0 else self.old[at]
        at = bisect_right(self.new, end - 1) - 1
        if at >= 0:
            beyond = end - 1 - self.new_end[at]
            end = self.old_end[at] + beyond + 1 if beyond >= 0 else self.old_end[at]
        return start, end

    def forth(self, start: int, end: int) -> tuple[int, int]:
        """The range of the new text that ``start`` to ``end`` of the text before became."""
        at = bisect_right(self.old, start) - 1
        if at >= 0:
            beyond = start - self.old_end[at]
            start = self.new_end[at] + beyond if beyond >= 0 else self.new[at]
        at = bisect_right(self.old, end - 1) - 1
        if at >= 0:
            beyond = end - 1 - self.old_end[at]
            end = self.new_end[at] + beyond + 1 if beyond >= 0 else self.new_end[at]
        return start, end


@dataclass(frozen=True, slots=True)
class View:
    """A rewritten text.

    Attributes:
        text: As it reads now.
        steps: The rewritings that made it of the source, the first one first.
    """

    text: str
    steps: tuple[Step, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the source that ``text[start:end]`` came from, ``end > start``."""
        for step in reversed(self.steps):
            start, end = step.back(start, end)
        return start, end

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The range of ``text`` that a range of the source became; the way back of `span`."""
        for step in self.steps:
            start, end = step.forth(start, end)
        return start, end

    def edited(self, edits: Iterable[Edit]) -> View:
        """This view with ranges replaced.

        Args:
            edits: In order of the text, none reaching into another.
        """
        new: list[int] = []
        new_end: list[int] = []
        old: list[int] = []
        old_end: list[int] = []
        pieces: list[str] = []
        place = length = 0
        for start, end, instead in edits:
            length += start - place
            new.append(length)
            length += len(instead)
            new_end.append(length)
            old.append(start)
            old_end.append(end)
            pieces += (self.text[place:start], instead)
            place = end
        if not new:
            return self
        pieces.append(self.text[place:])
        return View("".join(pieces), (*self.steps, Step(new, new_end, old, old_end)))

    def replaced(
        self, pattern: re.Pattern[str], instead: str | Callable[[re.Match[str]], str | None]
    ) -> View:
        """This view with every match replaced.

        Args:
            pattern: What to look for.
            instead: What to put there, or what gives it for a match; None leaves the match.
        """
        if isinstance(instead, str):
            return self.edited((m.start(), m.end(), instead) for m in pattern.finditer(self.text))
        found = ((m, instead(m)) for m in pattern.finditer(self.text))
        return self.edited((m.start(), m.end(), new) for m, new in found if new is not None)

    def mapped(self, text: str) -> View:
        """This view with another text of the same length, character for character."""
        return View(text, self.steps)
