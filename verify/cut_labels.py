"""Labels that are cut by their figures: the first part stands before them, the rest right behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from verify.forms import Table
from verify.gaps import Gap, row_of, row_phrases

_HAN = re.compile("[\u4e00-\u9fff]")
_CLOSING = re.compile(r"[)\]。：:；;]*")
_ORDINAL = re.compile(r"(?<![0-9])\(?(?P<digit>[0-9])[.、．)]? ?\Z")
_ORDINAL_LENGTH = 5
_FEWEST = 4  # characters of a label of which parts can be told


def cut_labels(text: str, table: Table, gaps: Sequence[Gap]) -> Iterator[tuple[int, int]]:
    """Folded ranges of the parts of labels that are whole only together.

    Args:
        text: The folded text.
        table: The table.
        gaps: Its gaps, in order of the text.
    """
    last: dict[str, Gap] = {}
    for gap in gaps:
        left, right = row_of(gap.left), row_of(gap.right)
        if left and left != right and left in last:
            yield from _parts(text, table, left, last[left], gap)
        if right and left != right:
            last[right] = gap


def _parts(text: str, table: Table, row: str, before: Gap, after: Gap) -> Iterator[tuple[int, int]]:
    """The two parts of the label of one row, where they are that label verbatim."""
    first = [match.start() for match in _HAN.finditer(text, before.start, before.end)]
    rest = [match.start() for match in _HAN.finditer(text, after.start, after.end)]
    head = "".join(text[at] for at in first)
    tail = "".join(text[at] for at in rest)
    for label in row_phrases(table.rows[table.places[row]]):
        for cut in range(len(label) - 1, 0, -1) if len(label) >= _FEWEST else ():
            if not (head.endswith(label[:cut]) and tail.startswith(label[cut:])):
                continue
            start, stop = first[len(head) - cut], rest[len(label) - cut - 1] + 1
            end = _CLOSING.match(text, stop)
            ranges = ((start, before.end), (after.start, end.end() if end else stop))
            if not any(c.isdigit() for a, b in ranges for c in text[a:b]):
                own = _ordinal_before(text, table, row, before, start)
                yield own, before.end
                yield ranges[1]
            return


def _ordinal_before(text: str, table: Table, row: str, gap: Gap, start: int) -> int:
    """Where the number of a row begins that stands right before its label, or where the label does."""
    found = _ORDINAL.search(text, max(gap.start, start - _ORDINAL_LENGTH), start)
    digits = re.findall("[0-9]", table.rows[table.places[row]].ordinal)
    return found.start() if found and digits == [found["digit"]] else start
