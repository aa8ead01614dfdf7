"""Ways to reach a person: taken out of everything that a model is shown.

Telephone and identity card numbers, whole or in pieces, addresses of mail, of houses and of pages, and what
stands behind words such as 联系人. By pattern: a name that stands alone is not recognised.
"""

from __future__ import annotations

import re

from verify.layout import Layout
from verify.stream import Segment

_MOST_PIECES = 5
_NEAR = 60
_WORDS = (  # what stands before a name, a number or an address
    "联系人|联系电话|联系方式|咨询电话|监督电话|电话|手机|传真|邮箱|电子邮件|电子邮箱|邮编|邮政编码|地址|住址|办公地点|"
    "身份证|微信|薇信|经办人|经办|填表人|填报人|制表人|审核人|责任人|负责人|单位领导|VX|vx|QQ|qq|Tel|TEL|tel|Email|E-mail"
)
_SPACED = "|".join(
    r"\s?".join(word) if word.isascii() is False else word for word in _WORDS.split("|")
)
_SIGNS = r"\-－—()（）+＋.．·• \t"
_PERSONAL = re.compile(
    r"[\w.．+-]+\s?(?:[@＠#]|\(at\))\s?[\w-]+(?:\s?[.．]\s?[\w-]+)+"
    r"|https?://\S+|wxid_\w+|转\s?[0-9]{3,}"
    rf"|(?:{_SPACED})\s*[:：]?\s*[^\s|，。；]{{0,40}}(?:[{_SIGNS}]*[0-9０-９]{{2,}})*"
    rf"|[+＋]?[0-9０-９][0-9０-９{_SIGNS}]{{5,}}[0-9０-９Xx]"
    r"|[零〇一二三四五六七八九幺]{7,}"
)
_NAMES = re.compile(rf"(?:{_SPACED})\s*[:：]?\s*[^\s|，。；]{{0,12}}\s*$")
_TOLD = re.compile(rf"(?:{_SPACED})\s*[:：]|@|https?://")


def without_ways(text: str, hidden: str) -> str:
    """A text with every way to reach a person replaced."""
    return _PERSONAL.sub(hidden, text)


def names_a_person(line: str) -> bool:
    """Whether a line says how to reach somebody: nothing of it is shown."""
    return _TOLD.search(line) is not None


def reaching(layout: Layout, segment: Segment) -> set[int]:
    """Offsets of figures of a run that may be pieces of a telephone number or an identity card's."""
    entries = segment.entries
    found: set[int] = set()
    before = layout.text_of(segment.start, entries[0].start)[-_NEAR:] if entries else ""
    if _NAMES.search(before):
        found.update(entry.start for entry in entries[:_MOST_PIECES])
    for at, entry in enumerate(entries):
        text = entry.text
        following = entries[at + 1 : at + _MOST_PIECES - 1]
        lengths = [len(piece.text) for piece in following]
        area = len(text) > 2 and text[0] == "0" and text.strip("0").isdigit()
        abroad = len(text) > 1 and text[0] == "+" and max(lengths, default=0) > 3
        mobile = len(text) == 3 and text[0] == "1" and lengths[:2] == [4, 4]
        born = len(text) == 8 and text.startswith(("19", "20"))
        if area or abroad or mobile or born:
            near = [*entries[max(0, at - born) : at], entry, *following]
            found.update(one.start for one in near if len(one.text) > 1)
    return found
