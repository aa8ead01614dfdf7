"""Words beside a row's label that say that its figures are somebody else's, or another year's."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from verify.forms import Row, Table
from verify.labels import Mark, may_hold, squeeze
from verify.stream import Segment
from verify.used import Used
from verify.zones import Zone, rows_in

_SHORT = 12  # longest note over a row
_OTHERS = re.compile("上年|去年|往年|上期|上年度|另|下属|所属|其他单位")
_FEW_WORDS = "[件条宗个份起人例部次数量总计元万单位案事决定情况共合类]"
_HARMLESS = re.compile(
    f"(?:{_FEW_WORDS}|目|金额|数额|总额|处理|办理|办结|办件|实施|作出|做出|措施|和?执行"
    "|含(?:备案|委托(?:事)?|变更|延续)|本年度?|全年|当年)+"
)  # 行政许可事项, 行政处罚案件数, 行政许可（含备案）; not 受理, 备案: other counts
_HARMLESS_BEFORE_OTHERS = re.compile(f"{_FEW_WORDS}+")
_WHOSE = re.compile(
    "事数|总数|合计|总计|总量|共计|[全本][省市州县区旗镇乡]|本级|本[机部单]?[关门位局]"
)


def of_others(
    table: Table, zone: Zone, used: Sequence[Used], block: Mapping[int, Segment], *, after: bool
) -> Iterator[Used]:
    """Rows whose figures may be another's, by the words before them.

    Args:
        table: Whose rows they are.
        zone: The printed copy of it.
        used: The rows.
        block: Where the labels of rows stand that are not right before their figures, by place.
        after: Labels follow their figures.
    """
    if not after:
        bare = {
            a.index
            for a, b in itertools.pairwise(zone.segments)
            if b.entries and not rows_in(b, table.id)
        }
        for use in used:
            segment = block.get(use.at, use.spots[0].segment)
            if _is_told_otherwise(table, use.row, segment, several=segment.index in bare):
                yield use
    elif table.id == "proactive":
        for use in used:
            segment = use.spots[0].segment
            last = max((mark.end for mark in segment.marks), default=0)
            if _are_strange(_words_from(segment, last), table, use.row, several=True):
                yield use


def _is_told_otherwise(table: Table, row: Row, segment: Segment, *, several: bool) -> bool:
    """Whether words around a verbatim label say that the figures after it need not be the row's.

    上年, 其中, 见附件. 合计, 全市: not where figures under other words follow (``several``), which may be
    the row's as well.
    """
    labels = rows_in(segment, table.id)
    if not labels or labels[-1].likeness < 1 or row.id not in labels[-1].ids:
        return False
    further = [mark for mark in segment.marks if mark.start >= labels[-1].end]
    if table.id == "proactive" and (
        _is_anothers(segment, labels[-1].start)
        or (several and any("results_total" in mark.ids for mark in further))  # 合计: of more rows
        or _of_other_group(further, row)  # 第（六）项 2: of the rows to come
    ):
        return True
    if further:
        return False  # headers or words of the form
    return _are_strange(_words_from(segment, labels[-1].end), table, row, several=several)


def _words_from(segment: Segment, place: int) -> str:
    return "".join(text for start, text in segment.parsed.unknown if start >= place)


def _are_strange(words: str, table: Table, row: Row, *, several: bool) -> bool:
    if not words or _is_harmless(words, several=several):
        return False
    return not may_hold(words, table.id, row.id)


def _is_anothers(segment: Segment, label: int) -> bool:
    """Whether a few words over a label say that what follows is last year's or somebody else's."""
    begin = max(
        (m.end for m in segment.marks if m.kind in ("heading", "end", "title") and m.end <= label),
        default=0,
    )
    return any(
        begin <= start < label and len(text) <= _SHORT and _OTHERS.match(text)
        for start, text in segment.parsed.unknown
    )


def _of_other_group(marks: Sequence[Mark], row: Row) -> bool:
    """Whether another group's label stands between the label of a row and its figures."""
    own = squeeze(row.group)
    return any(
        mark.kind == "word" and any(id.startswith("第二十条") and id != own for id in mark.ids)
        for mark in marks
    )


def _is_harmless(words: str, *, several: bool) -> bool:
    """A unit, or what may be said after any label; where several runs follow, not whose they are."""
    if several:
        plain = _HARMLESS_BEFORE_OTHERS.fullmatch(words) is not None
        return plain and _WHOSE.search(words) is None
    return _HARMLESS.fullmatch(_WHOSE.sub("", words) or "数") is not None
