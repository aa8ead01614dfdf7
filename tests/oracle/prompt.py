"""What stands in a prompt: marks with the figures and the words that a reader sees beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.scripted.strong import data_of

_MARK = re.compile(r"\[(\d+)(?:-(\d+))?\](?:×(\d+))?")
_SECTION = re.compile(r"^【(.)】$")
_FIGURE = re.compile(r"^-?[0-9][0-9,，]*(?:\.[0-9]+)?|^[/〇无—-]+")
_LETTERED = re.compile(r"(?:^| )([a-z]{1,2})=(\S*)")


@dataclass(slots=True)
class Mark:
    """A mark, or a range of marks, as it is shown.

    Attributes:
        first: Its number.
        last: The last of a range.
        count: How many figures each has, where that is told.
        before: The words before it, back to the mark before.
        shown: What stands behind it, up to the next mark or the end of the line.
        line: Number of its line.
        section: The sign of its section, where sections are shown.
    """

    first: int
    last: int
    count: int
    before: str
    line: int
    section: str
    shown: str = ""
    figures: list[str] = field(default_factory=list)


def marks_of(user: str, *, whole: bool) -> list[Mark]:
    """The marks of an excerpt, in order."""
    found: list[Mark] = []
    section = ""
    above = ""
    for number, line in enumerate(data_of(user).split("\n")):
        heading = _SECTION.match(line)
        if heading:
            section, above = heading[1], ""
            continue
        place, words = 0, above
        for match in _MARK.finditer(line):
            between = line[place : match.start()]
            if found and found[-1].line == number:
                _show(found[-1], between, whole=whole)
                between = _FIGURE.sub("", between, count=1) if whole else between
            words = between if between.strip() or place else above
            first = int(match[1])
            found.append(
                Mark(first, int(match[2] or first), int(match[3] or 0), words, number, section)
            )
            place = match.end()
        if found and found[-1].line == number:
            _show(found[-1], line[place:], whole=whole)
            above = ""
        else:
            above = line
    return found


def _show(mark: Mark, text: str, *, whole: bool) -> None:
    mark.shown = text.strip()
    if whole:
        figure = _FIGURE.match(text.strip())
        mark.figures = [figure[0]] if figure else []
    elif _LETTERED.search(text):
        mark.figures = [shown for _, shown in _LETTERED.findall(text)]
    else:
        mark.figures = text.split()
