"""Chinese text without the blanks and line ends that a layout puts between its characters."""

from __future__ import annotations

import re
from bisect import bisect_right

_BLANK = r"[^\S\n]"
_GAP = re.compile(  # begins with the blank itself, so that nothing is tried between two characters
    rf"\s(?<=[\u4e00-\u9fff]\s)(?:(?<=\n){_BLANK}{{0,4}}|(?<!\n){_BLANK}{{0,3}}\n?{_BLANK}{{0,4}})"
    r"(?=[\u4e00-\u9fff])"
)


class Joined:
    """A folded text whose words are whole, with the way back.

    A line that is wrapped, or letters that are set apart, cut a word in two; two line ends and more
    part paragraphs and stay.

    Args:
        text: Folded.

    Attributes:
        folded: The folded text.
        text: The same, joined.
    """

    __slots__ = ("_at", "_shift", "folded", "text")

    def __init__(self, text: str) -> None:
        self.folded = text
        pieces: list[str] = []
        self._at: list[int] = [0]
        self._shift: list[int] = [0]
        last = length = 0
        for match in _GAP.finditer(text):
            start, end = match.span()
            pieces.append(text[last:start])
            length += start - last
            self._at.append(length)
            self._shift.append(end - length)
            last = end
        pieces.append(text[last:])
        self.text = "".join(pieces)

    def back(self, offset: int) -> int:
        """The place in the folded text of the character at an offset of the joined one."""
        return offset + self._shift[bisect_right(self._at, offset) - 1]
