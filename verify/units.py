"""Units that headers name: money that a header asks for in 元, figures under a caption such as 单位：百件."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.figures import read_figure
from verify.forms import Table
from verify.layout import Layout
from verify.reading import Reading
from verify.used import Used
from verify.zones import Zone

_SCALED = re.compile("单位[十百千万亿]+(?:人次|[件条项个次份宗])")
_YUAN_SIGNS = ("￥", "¥")
_ASKED = re.compile("单位(?:人民币)?[百千]?元")
_YUAN = re.compile("(?<!万)元|亿")


def other_unit(
    table: Table, zone: Zone, used: Sequence[Used], layout: Layout, reading: Reading
) -> dict[str, str]:
    """The cells whose bare figure is of another unit than the form's, with the reason code.

    Under a header that asks for 元, not for 万元, bare money is another sum; nothing is converted by a header.
    """
    head = "".join(zone.segments[0].words)
    whole = _ASKED.search(head) is not None
    scaled = _SCALED.search(head) is not None
    paid = any(column.kind == "money" for row in table.rows for column in row.columns)
    if not (paid or scaled):
        return {}
    found = {}
    for use in used:
        segment = use.spots[0].segment
        own = _asks_yuan(layout.stream.folded.text[segment.start : segment.entries[0].start])
        for name, column in zip(table.cells(use.row), use.row.columns, strict=True):
            place = reading.place(name)
            if place.span is None:
                continue
            start, end = place.span
            money = column.kind == "money"
            priced = layout.source[max(start - 1, 0) : start] in _YUAN_SIGNS
            text = layout.source[start:end]
            if (money and "元" not in text and (own or whole or priced)) or scaled:
                figure = read_figure(text, column.kind)
                if figure is not None and figure.value != 0:
                    found[name] = "columns_unclear"
    return found


def _asks_yuan(words: str) -> bool:
    """Whether the words before a run name 元, or another unit than 万元, after the money's header."""
    text = "".join(words.split())
    return _YUAN.search(text, max(text.rfind("金额"), 0)) is not None
