"""Whether two names are one agency's, and at what level it stands, from the names alone.

A name is taken apart into the places that it begins with and the duty that follows. Names are
matched with care: a place left out is no difference, a short name is no difference, and an agency
that was renamed or merged is a question for a person. Only another place, or a duty that has
nothing in common, is another agency.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from verify.data import toml_of
from verify.fold import fold_text

Sameness = Literal["same", "question", "different"]
Level = Literal["province", "city", "county", "township"]

_LONGEST_NAME = 60
_LONGEST_STEM = 14
_IGNORED = re.compile(
    r"[^0-9\u4e00-\u9fff]|本级|机关本部|^关于|^中国共产党|^中共|国家税务总局(?=.)"
)
_COUNTRY = re.compile("^中国(?=.{1,10}[省州盟市县旗区镇乡])")
_PARTY = re.compile("^(.{1,10}?[省州盟市县旗区])委(?:员会)?(?:\\1|(?=人民政府))(?:人民政府)?(?=.)")
"""What stands before an office of a party committee and a government, in a name that says both."""
_ZONE_NAMES = (
    (re.compile("高新技术(?:产业)?开发区"), "高新区"),
    (re.compile("经济技术开发区|经济开发区"), "经开区"),
)
_WORDS = toml_of("verify", "agencies.toml")
_LEVEL, _DUTY = re.compile(_WORDS["level"]), re.compile(_WORDS["duty"])
_RANKS: dict[str, Level] = {
    n: level for level, names in _WORDS["ranks"].items() for n in names.split()
}
_GOES_ON = {level: re.compile(pattern) for level, pattern in _WORDS["goes_on"].items()}
_EVERYWHERE = frozenset(_WORDS["everywhere"].split())
_ZONES: tuple[str, ...] = tuple(_WORDS["zones"])
_CITY_WARD = re.compile("市[北南中]区")
_KIND = re.compile("(?:委员会|办公室|办公厅|局|厅|部)$")
_CONNECTIVES = str.maketrans("", "", "和与及暨")


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of an agency's name.

    Attributes:
        places: Stem and level of each, the largest first; a stem may be empty.
        duty: What it does, in the short form; empty when the name has none.
    """

    places: tuple[tuple[str, str], ...]
    duty: str


def same_agency(a: str, b: str) -> Sameness:
    """Whether two printed names are one agency's.

    Args:
        a: A name as a report prints it.
        b: Another.

    Returns:
        ``same`` for one name in two spellings (short name, place left out, 人民政府办公室 and
        政府办), ``question`` where one may be the other renamed or merged, or where a name says
        too little, ``different`` for another place or a duty with nothing in common.
    """
    first, second = parse(a), parse(b)
    if first == second:
        return "same" if first.places or first.duty else "question"
    if _unclear(first) or _unclear(second):
        return "question"
    return _worse(_places(first.places, second.places), _duties(first.duty, second.duty))


def level_of(agency: str) -> Level | None:
    """The level of the place that an agency's name ends its places with, where that is certain.

    A 市 under another 市 is a county; development zones and the like have no certain level.
    """
    name = parse(agency)
    places = name.places
    if not places or not places[-1][0]:
        return None
    stem, level = places[-1]
    if name.duty.startswith("管理委员会") or (level == "区" and stem.endswith(_ZONES)):
        return None
    rank = _RANKS.get(level)
    if rank == "city" and any(_RANKS.get(level) == "city" for _, level in places[:-1]):
        return "county"
    return rank


def is_government(agency: str) -> bool:
    """Whether a name is that of a whole government or its office, not of one department."""
    duty = parse(agency).duty
    return duty in ("", "政府", "办事处") or duty.startswith("政府办公")


def _unclear(name: Name) -> bool:
    """Whether nothing in a name is understood, as when a title is damaged."""
    return not name.places and _DUTY.match(name.duty) is None


def _worse(*found: Sameness) -> Sameness:
    order: tuple[Sameness, ...] = ("same", "question", "different")
    return max(found, key=order.index)


def parse(name: str) -> Name:
    """The parts of a name; of a very long one, of its beginning."""
    return _parsed(name[:_LONGEST_NAME])


@lru_cache(maxsize=1024)
def _parsed(name: str) -> Name:
    text = _COUNTRY.sub("", _IGNORED.sub("", fold_text(name)))
    text = _PARTY.sub(r"\1", text)
    for written, short in _ZONE_NAMES:
        text = written.sub(short, text)
    places = []
    while (found := _place(text)) is not None:
        stem, level = found
        places.append(found)
        text = text[len(stem) + len(level) :]
    return Name(tuple(places), _duty(text))


def _place(text: str) -> tuple[str, str] | None:
    """The place that a name begins with: its stem and its level; the stem may be left out."""
    if not text:
        return None
    bare = _LEVEL.match(text)
    if bare is not None and _DUTY.match(text, bare.end()):
        return "", bare[0]
    duty = _DUTY.match(text)
    if duty is not None:  # 公安局, but also 公安县
        level = _LEVEL.match(text, duty.end())
        if level is None or not _duty_or_end(text, level.end()):
            return None
        return duty[0], level[0]
    for length in range(1, min(_LONGEST_STEM, len(text) - 1) + 1):
        level = _LEVEL.match(text, length)
        if level is not None and _ends(text, length, level):
            return text[:length], level[0]
    return None


def _duty_or_end(text: str, at: int) -> bool:
    return at == len(text) or _DUTY.match(text, at) is not None


def _ends(text: str, length: int, level: re.Match[str]) -> bool:
    """Whether a place's name really ends with this level, and does not go on (新乡市, 郑州市)."""
    end = level.end()
    duty = _duty_or_end(text, end)
    if level[0] == "州" and not duty:
        return False
    if level[0] == "市" and text[length - 1] == "城" and text.startswith("管理", end):
        return False
    if duty or _CITY_WARD.match(text, end):
        return True
    goes_on = _GOES_ON.get(level[0])
    return goes_on is None or goes_on.match(text, end) is None


def _duty(text: str) -> str:
    """A duty in full words: short names spelled out, 人民政府 as 政府, without 和."""
    text = text.translate(_CONNECTIVES).replace("人民政府", "政府").replace("管委会", "管理委员会")
    if text.endswith("委"):
        text += "员会"
    elif text.endswith("办") and len(text) > 1:
        text += "公室"
    kind = _KIND.search(text)
    core = text[: kind.start()] if kind else text
    return str(_WORDS["short"].get(core, core)) + (kind[0] if kind else "")


def _places(first: tuple[tuple[str, str], ...], second: tuple[tuple[str, str], ...]) -> Sameness:
    if first == second:
        return "same"
    if not first or not second:
        return "question"
    found = [_place_pair(first[-1], second[-1])]
    uppers: list[dict[Level, tuple[str, str]]] = [
        {_RANKS[place[1]]: place for place in places[:-1] if place[1] in _RANKS and place[0]}
        for places in (first, second)
    ]
    found += [
        _place_pair(uppers[0][rank], uppers[1][rank]) for rank in uppers[0] if rank in uppers[1]
    ]
    return _worse(*found)


def _place_pair(first: tuple[str, str], second: tuple[str, str]) -> Sameness:
    if first == second or "".join(first) in (second[0], "".join(second)):
        return "same"
    if first[0] == "".join(second):
        return "same"
    if not first[0] or not second[0]:
        return "question"
    for long, short in ((first, second), (second, first)):
        zone = "".join(short)
        if zone.startswith(_ZONES) and "".join(long).endswith(zone):  # 青岚高新区, 青岚市高新区
            return "question"
        if long[0].startswith(short[0]) and long[1].startswith("自治"):  # a people left out
            return "question"
    return "question" if first[0] == second[0] else "different"


def _duties(first: str, second: str) -> Sameness:
    if first == second or {first, second} == {"", "政府"}:
        return "same"
    if {first, second} <= {"", "政府", "办事处", "政府办公室", "政府办公厅", "办公室", "办公厅"}:
        return "question"
    if not first or not second:
        return "different"
    if first in second or second in first:
        return "question"
    one, two = _KIND.sub("", first), _KIND.sub("", second)
    if _themes(one) & _themes(two):
        return "question"
    for group in _WORDS["successions"]:
        if any(word in one for word in group) and any(word in two for word in group):
            return "question"
    return "different"


def _themes(duty: str) -> set[str]:
    """Pairs of characters that say what a duty is about."""
    return {duty[i : i + 2] for i in range(len(duty) - 1)} - _EVERYWHERE
