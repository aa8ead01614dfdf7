"""The region of an agency by its name: a code of GB/T 2260, or nothing where the name does not settle it.

The codes are data (``divisions.csv``); where they come from and of which dates stands in ``divisions.toml``. A name
is matched only as a whole: from its beginning, each division inside the one before it, down to the last place
that the name has. 鼓楼区财政局 is of several cities and has no code; 南京市鼓楼区财政局 has one.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from verify.agencies import parse
from verify.data import toml_of
from verify.fold import fold_text

_PROVINCE = "省 市 自治区 壮族自治区 回族自治区 维吾尔自治区 特别行政区".split()  # noqa: SIM905
_TOWNSHIP = frozenset("街道 镇 乡 苏木".split())  # noqa: SIM905
_BEFORE = ("国家税务总局", "中国共产党", "中共")
_SHORTEST = 3
"""A name such as 东区 is of no one place, even where only one place is called so today."""


@dataclass(frozen=True, slots=True)
class Region:
    """A division of GB/T 2260."""

    code: str  # six digits
    name: str  # its own name, without those that it lies in


@dataclass(frozen=True, slots=True)
class _Table:
    """The divisions by code and by what a name may begin with."""

    names: Mapping[str, tuple[str, ...]]
    called: Mapping[str, tuple[str, ...]]
    longest: int


def sources() -> dict[str, Any]:
    """Where the codes come from, with date and licence."""
    return toml_of("extractor.panel", "divisions.toml")


def region_with(code: str | None) -> Region | None:
    """The division with a code, None when there is none or its name changed between the two lists."""
    names = _table().names.get(code or "", ())
    return Region(code or "", names[-1]) if names else None


@lru_cache(maxsize=16_384)
def region_of(agency: str | None) -> Region | None:
    """The division that an agency's name names, None where it names none or more than one.

    Args:
        agency: The name as it is printed.
    """
    name = "".join(fold_text(agency or "").split())
    for before in _BEFORE:
        name = name.removeprefix(before)
    ends: defaultdict[int, set[str]] = defaultdict(set)
    for code, end in _chains(name, 0, ""):
        ends[end].add(code)
    if not ends:
        return None
    codes = ends[max(ends)]
    if len(codes) != 1:
        return None
    (code,) = codes
    region = region_with(code)
    return region if region is not None and _is_last_place(name, _table().names[code]) else None


def _chains(name: str, at: int, within: str) -> Iterator[tuple[str, int]]:
    """Every way to read divisions from a place on: the code of the last, and where it ends."""
    table = _table()
    for end in range(min(len(name), at + table.longest), at + 1, -1):
        for code in table.called.get(name[at:end], ()):
            if not _inside(code, within):
                continue
            whole = name[at:end] in table.names[code]
            if whole and (within or end - at >= _SHORTEST):
                yield code, end
            yield from _chains(name, end, code)


def _inside(code: str, within: str) -> bool:
    """Whether a division lies in another, and is not that one."""
    digits = 2 if within.endswith("0000") else 4 if within.endswith("00") else 6
    return not within or (code != within and code.startswith(within[:digits]))


def _is_last_place(name: str, called: tuple[str, ...]) -> bool:
    """Whether no further place of a county or above follows: 西安市高新区 is not 西安市."""
    places = [stem + level for stem, level in parse(name).places if level not in _TOWNSHIP]
    return not places or any(one.endswith(places[-1]) or places[-1].endswith(one) for one in called)


@cache
def _table() -> _Table:
    text = resources.files("extractor.panel").joinpath("divisions.csv").read_text("utf-8")
    names: defaultdict[str, list[str]] = defaultdict(list)
    called: defaultdict[str, list[str]] = defaultdict(list)
    rows = list(csv.DictReader(text.splitlines()))
    for row in sorted(rows, key=lambda one: one["stood"].split()[-1]):
        code, name = row["code"], row["name"]
        names[code].append(name)
        for short in (name, *_short(code, name)):
            if code not in called[short]:
                called[short].append(code)
    return _Table(
        {code: tuple(found) for code, found in names.items()},
        {name: tuple(codes) for name, codes in called.items()},
        max(map(len, called)),
    )


def _short(code: str, name: str) -> Iterator[str]:
    """A province as names of agencies below it begin with: 黑龙江双鸭山市."""
    if code.endswith("0000"):
        for end in _PROVINCE:
            if name.endswith(end) and len(name) - len(end) > 1:
                yield name.removesuffix(end)
