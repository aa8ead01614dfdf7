"""Where the words around a printed table begin and end: its heading, or what prose or another table parts from it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from verify.document.model import SheetCell
from verify.fold import fold_text
from verify.forms import DISCLOSURE, Table
from verify.labels import heading_table, is_boundary, only_of_other_table, phrases_in, squeeze
from verify.layout import Layout
from verify.unexplained import NOTHING, unexplained

FIELD_END = re.compile(r"[\t|\n]|  ")
_SENTENCE = re.compile("[。；;!！]|[，,](?![0-9])")
_POINTS = re.compile(
    r"(?:具体)?(?:情况|统计|数据|内容)?(?:如[上下]表?|见[上下]表|见表[0-9一二三])(?:所示)?[:：。]?"
)
_POINTS_ON = re.compile(_POINTS.pattern + r"(?:(?<=[:：。])|(?=[,，;；])|\Z)")
_OF_TABLE = re.compile(
    "[本此上下该附续各]表|表[中内格一二三四]|[报样]表|统计表|数据|数字|单位[:为是]|口径|上述|以上|以下|[备附]?注:|说明:"
)
_BEHIND = re.compile(r"存在的?主?要?问题|需要报告的?事项")
_YEAR = re.compile("(20[0-9]{2})年")
_OF_THE_WORK = re.compile(
    "公开|申请|受理|办理|答复|发布|信息|网站|文件|规章|许可|处罚|强制|收费|复议|诉讼|平台|政务|条例|公众|群众|服务|制度|机制|要求|规定"
)  # what such reports tell of; another sentence over a table may say how it was filled in
_LONG = 18  # characters of a sentence
_SHORT = 12  # characters of a sentence that closes another section
_TAIL_LINES = 8
_CAPTION = 40  # most characters of a caption
_MOST_LINES = 60
_SECTIONS = tuple(fold_text(words) for words in (*DISCLOSURE.headings, *DISCLOSURE.ends))


class Surroundings:
    """The words around the tables of one source.

    Args:
        layout: The source.
    """

    def __init__(self, layout: Layout) -> None:
        self.text = layout.stream.folded.text
        anchors = layout.document.anchors if layout.document else ()
        self.on_sheets = bool(anchors) and isinstance(anchors[0].place, SheetCell)
        self.year = layout.titles[0].year if layout.titles else None
        self.titles: Sequence[int] = [title.start for title in layout.titles]
        self.ends = [zone.segments[-1].entries[-1].end for zone in layout.zones]
        self.bounds: Sequence[int] = sorted([*self.ends, *self.titles])
        self.zones = sorted(
            (zone.segments[0].entries[0].start, zone.table) for zone in layout.zones
        )

    def head(self, table: Table, first: int) -> int:
        """Where the words over a table begin: its heading, or else what no sentence parts from it."""
        at = bisect_left(self.bounds, first)
        floor = self.bounds[at - 1] if at else 0
        start = self.text.rfind("\n", 0, first) + 1
        best = start
        for _ in range(_MOST_LINES):
            line = self.text[start : self.text.find("\n", start)]
            if start < floor:
                return max(best, floor) if best > start else floor
            if heading_table(line) == table.id:
                return start
            ends = (
                is_boundary(line)
                or self.is_prose(line)
                or _is_whole_sentence(line)
                or _is_of_other(line, table)
            )
            if start < best and ends and not self._heading_above(table, start, floor):
                return best
            best = start
            if start == 0:
                return 0
            start = self.text.rfind("\n", 0, start - 1) + 1
        return best

    def is_elsewhere(self, table: Table, head: int) -> bool:
        """Whether a table stands under its heading behind a later section, or where its heading was before."""
        if heading_table(self.text[head : self.text.find("\n", head)]) != table.id:
            return False
        above = self.text[self._title_before(head) : head].split("\n")
        return any(is_behind(line) or heading_table(line) == table.id for line in above)

    def _title_before(self, place: int) -> int:
        """Where the last title before a place stands, or 0."""
        at = bisect_left(self.titles, place)
        return self.titles[at - 1] if at else 0

    def captioned(self, head: int) -> int:
        """Where the caption over the words of a table begins, if there is one: what no sentence parts from it."""
        best = head
        for start, stop in self._lines_over(head):
            if not self._may_be_caption(self.text[start:stop].strip()):
                break
            best = start
        return best

    def sentence_over(self, head: int) -> tuple[int, int] | None:
        """The line right over the words of a table, if it is a sentence or another section's heading.

        On a sheet of a workbook, whose name says what it holds, there is none.
        """
        first = next((end for end in sorted(self.ends) if end < head), head)
        above = self.text[max(first, self._title_before(head)) : head].split("\n")
        if self.on_sheets or not any(map(is_behind, above)):
            return None
        for start, stop in self._lines_over(head):
            line = self.text[start:stop].strip()
            return (start, stop) if not self._may_be_caption(line) or self.is_prose(line) else None
        return None

    def _lines_over(self, place: int) -> Iterator[tuple[int, int]]:
        """Lines above a place that are not blank, the nearest first, down from no other table or title."""
        start = place
        for _ in range(_TAIL_LINES):
            if start == 0:
                return
            above = self.text.rfind("\n", 0, start - 1) + 1
            if any(above < bound <= start for bound in self.bounds):
                return
            if self.text[above : start - 1].strip():
                yield above, start - 1
            start = above

    @staticmethod
    def _may_be_caption(line: str) -> bool:
        return not (is_boundary(line) or line.endswith("。") or len(line) > _CAPTION)

    def _heading_above(self, table: Table, start: int, floor: int) -> bool:
        """Whether the heading of the table stands a few lines above."""
        for _ in range(_TAIL_LINES):
            if start <= floor or start == 0:
                return False
            above = self.text.rfind("\n", 0, start - 1) + 1
            line = self.text[above : start - 1]
            if heading_table(line) == table.id:
                return True
            if is_boundary(line):
                return False
            start = above
        return False

    def tail(self, table: Table, last: int, *, copied: bool = False) -> int:
        """Where the words under a table end: the next heading, table, title, sentence, or copy if there is one."""
        at = bisect_left(self.zones, (last, ""))
        ceiling, below = self.zones[at] if at < len(self.zones) else (len(self.text), None)
        if copied and below == table.id:  # its header is the copy's
            ceiling = max(last, self.head(table, ceiling))
        end = self.text.find("\n", last)
        end = len(self.text) if end < 0 else end
        for _ in range(_TAIL_LINES):
            if end >= ceiling:
                return min(end, max(last, self.text.rfind("\n", 0, ceiling)))
            stop = self.text.find("\n", end + 1)
            stop = len(self.text) if stop < 0 else stop
            line = self.text[end + 1 : stop]
            if is_boundary(line) or heading_table(line) or _is_of_other(line, table):
                return end
            end = stop
            if end >= len(self.text):
                return end
        return end

    def cut_at_heading(self, start: int, end: int) -> int:
        """Where in a tail another section begins, its heading on the line of the table."""
        found = (self.text.find(words, start, end) for words in _SECTIONS)
        return min((at for at in found if at >= 0), default=end)

    def is_prose(self, line: str) -> bool:
        """A whole sentence that does not speak of the table: prose, and no remark."""
        if _POINTS.fullmatch(line.strip()):
            return True
        bare = _POINTS_ON.sub("", line.strip())
        headed = heading_table(line) and not line.strip().endswith("。")
        if FIELD_END.search(bare) or _SENTENCE.search(line) is None or headed:
            return False
        if bare != line.strip() and _OF_TABLE.search(bare) is None:
            years = _YEAR.findall(bare)  # of another year, it is a caption
            return self.year is None or all(int(year) == self.year for year in years)
        return (
            len(bare) >= _LONG
            and _OF_TABLE.search(bare) is None
            and _OF_THE_WORK.search(bare) is not None
        )


def is_behind(line: str) -> bool:
    """Whether a line is the heading of a section that follows the tables."""
    return is_boundary(line) and _BEHIND.search(line) is not None


def _is_of_other(line: str, table: Table) -> bool:
    """Whether a line holds words of the form and nothing else, some of them another table's."""
    return not unexplained(line, NOTHING) and any(
        only_of_other_table(phrase, table.id) for phrase, _ in phrases_in(squeeze(line))
    )


def _is_whole_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does; where no heading follows, it ends another section."""
    bare = line.strip()
    return len(bare) >= _SHORT and bare.endswith("。") and _OF_TABLE.search(bare) is None
