"""Words in the own field of a figure, of a header or of a heading: what the form has elsewhere is no part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from verify.fold import fold_text
from verify.forms import Table
from verify.gaps import Gap, row_of
from verify.labels import heading_table, phrases_in, squeeze
from verify.match.names import Phrases, phrases_of
from verify.surroundings import FIELD_END

_BORDER = re.compile(r"[\t|\n]")
_FIELD = re.compile(r"[\t|]")
_NUMBERED = re.compile(r"[ \t|]*([0-9]{1,2}) ?([\u4e00-\u9fff][^\n]*)")
_FAR = 600  # characters from a row to its headers
_FACTOR = re.compile(r"\((?![0-9]{1,2}\))[^\u4e00-\u9fff]*[0-9][^\u4e00-\u9fff]*\)")  # (*10)
_BRACKETED = re.compile(r"\([^()\n\t|]{1,80}\)")


def in_own_field(whole: str, gap: Gap, keyed: AbstractSet[str]) -> Iterator[tuple[int, int, str]]:
    """Words that share the field of a figure in the middle of a row, or at its end, and the figure's cell.

    Args:
        whole: The folded text.
        gap: Between two figures.
        keyed: Rows that print the header of its column before each of their figures.
    """
    text = whole[gap.start : gap.end]
    fields = [match.start() for match in _BORDER.finditer(text)]
    if gap.left is None or not fields:
        return
    same = row_of(gap.left) == row_of(gap.right)
    first = text[: fields[0]]
    line = whole.rfind("\n", 0, gap.start) + 1
    ends_line = text[fields[0] :].lstrip("\t| ").startswith("\n") and (
        not first.startswith(" ") and _FIELD.search(whole, line, gap.start) is not None
    )
    if squeeze(first) and (same or ends_line):
        yield 0, fields[0], gap.left
    last = text[fields[-1] + 1 :]
    if squeeze(last) and same and gap.right is not None and row_of(gap.right) not in keyed:
        yield fields[-1] + 1, len(text), gap.right


def keyed_rows(text: str, table: Table, gaps: Sequence[Gap]) -> set[str]:
    """The rows that print before each of their figures the header of its column."""
    rows: dict[str, list[bool]] = {}
    for gap in gaps:
        if gap.right is not None:
            rows.setdefault(row_of(gap.right), []).append(_is_headed(text, table, gap.right, gap))
    return {row for row, headed in rows.items() if all(headed)}


def _is_headed(text: str, table: Table, cell: str, gap: Gap) -> bool:
    """Whether the header of its column, and nothing else, stands in the field of a figure."""
    _, row, column = cell.split(".")
    said = phrases_of(table.rows[table.places[row]].columns)[column]
    return squeeze(_BORDER.split(text[gap.start : gap.end])[-1]) in said


def heads_several(table: Table, gap: Gap, text: str, start: int, stop: int) -> bool:
    """Whether words are all that their field holds, over a row of several columns."""
    row = table.rows[table.places[row_of(gap.right)]] if gap.right else None
    if row is None or len(row.columns) == 1:
        return False
    before = FIELD_END.split(text[:start])[-1]
    return not squeeze(before + FIELD_END.split(text[stop:])[0])


def in_heading(table: Table, text: str) -> tuple[int, int] | None:
    """A bracket on the line of a heading that holds words of the form which are none of a heading's, or a number."""
    line = text.partition("\n")[0]
    if heading_table(line) != table.id:
        return None
    own = {squeeze(word) for word in table.words} | {table.title}
    for bracket in _BRACKETED.finditer(line):
        found = [phrase for phrase, _ in phrases_in(squeeze(bracket[0]))]
        if found and own.isdisjoint(found) and "".join(found) == squeeze(bracket[0]):
            return bracket.span()
        if _FACTOR.fullmatch(bracket[0]):
            return bracket.span()
    return None


def under_other_heads(whole: str, table: Table, starts: Mapping[str, int]) -> Iterator[str]:
    """The cells of rows whose figures stand under the headers of other columns, field by field.

    Args:
        whole: The folded text.
        table: One whose columns no sum tells apart; of any other, none is found.
        starts: Where the cells stand.
    """
    for row in table.rows if not table.is_uniform else ():
        names = table.cells(row)
        places = [starts[name] for name in names if name in starts]
        if len(names) == 1 or len(places) < len(names):
            continue
        begin = whole.rfind("\n", 0, min(places)) + 1
        line = whole[begin : whole.find("\n", max(places))]
        if "\n" in line:
            continue
        own = [len(_FIELD.findall(whole, begin, place)) for place in places]
        heads = _heads_above(whole[:begin], phrases_of(row.columns), len(_FIELD.findall(line)))
        if heads and heads != own:
            yield from names


def _heads_above(above: str, phrases: Phrases, borders: int) -> list[int]:
    """The fields of the headers of each column, of the last line that has them all and as many fields."""
    for line in reversed(above[-_FAR:].split("\n")):
        if len(_FIELD.findall(line)) != borders:
            continue
        fields = [squeeze(field) for field in _FIELD.split(line)]
        at = [[i for i, f in enumerate(fields) if f in said] for said in phrases.values()]
        if all(len(places) == 1 for places in at):
            return [places[0] for places in at]
    return []


def strange_numbers(
    whole: str, table: Table, gaps: Sequence[Gap]
) -> Iterator[tuple[Gap, int, int]]:
    """Numbers that touch a label, are not the form's, and do not count the rows of the table."""
    found: list[tuple[Gap, int, int]] = []
    for gap in gaps:
        if gap.right is None or row_of(gap.left) == row_of(gap.right):
            continue
        begin = max(whole.rfind("\n", 0, gap.end) + 1, gap.start)
        number = _NUMBERED.match(whole, begin, gap.end)
        row = table.rows[table.places[row_of(gap.right)]]
        labels = (row.label, *row.variants)
        if (
            number
            and number[1] not in row.ordinal
            and squeeze(number[2]) in map(squeeze, map(fold_text, labels))
        ):
            found.append((gap, number.start(1), number.end(1)))
    counts = [int(whole[start:stop]) for _, start, stop in found]
    if len(found) == 1 or any(b <= a for a, b in pairwise(counts)):
        yield from found
