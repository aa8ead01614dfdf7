"""Printed names sorted into agencies: those that are one agency's in different spellings.

`same_agency` decides. It is asked only within buckets of names with the same duty and the same
last place, so 50,000 reports cost no more than their names. It is not transitive: a name that leaves
its province out is the same as two others that are not the same as each other. Names that are
tangled like that are not joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verify.agencies import Name, parse, same_agency

_LEVELS = "自治区特别行政省州地盟市县旗经济高新技术产业开发林矿园街道镇乡苏木"
"""Every character of a level: with all of them stripped, two ways to cut a place end alike."""
_MOST_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Agencies:
    """Names sorted into agencies."""

    # number of the agency of each name; names that say nothing are left out
    number: Mapping[str, int]
    placed: frozenset[int]  # agencies of which a name tells a place; 教育局 alone may be anybody's
    # names that were not joined, as they are the same as names of different agencies
    tangled: tuple[str, ...]


def sort_names(names: Iterable[str]) -> Agencies:
    """Sort printed names into agencies.

    Args:
        names: As reports print them, each once.
    """
    spelled: defaultdict[Name, list[str]] = defaultdict(list)
    for name in sorted(names):
        parsed = parse(name)
        if parsed.places or parsed.duty:
            spelled[parsed].append(name)
    buckets: defaultdict[tuple[str, str], list[Name]] = defaultdict(list)
    for parsed in spelled:
        place = "".join(parsed.places[-1]) if parsed.places else ""
        buckets[parsed.duty or "政府", place.rstrip(_LEVELS)].append(parsed)
    number: dict[str, int] = {}
    placed: set[int] = set()
    tangled: list[str] = []
    agency = 0
    for bucket in buckets.values():
        groups, left = _joined(bucket, spelled)
        tangled += [name for parsed in left for name in spelled[parsed]]
        for group in [*groups, *([parsed] for parsed in left)]:
            for parsed in group:
                number.update(dict.fromkeys(spelled[parsed], agency))
                if parsed.places and parsed.places[-1][0]:
                    placed.add(agency)
            agency += 1
    return Agencies(number, frozenset(placed), tuple(sorted(tangled)))


def _joined(
    bucket: list[Name], spelled: Mapping[Name, list[str]]
) -> tuple[list[list[Name]], list[Name]]:
    """Groups in which every name is the same as every other, and the names of no such group."""
    if len(bucket) == 1:
        return [bucket], []
    if len(bucket) > _MOST_TOGETHER:
        return [], bucket
    same: dict[Name, set[Name]] = {parsed: {parsed} for parsed in bucket}
    for i, one in enumerate(bucket):
        for two in bucket[i + 1 :]:
            if same_agency(spelled[one][0], spelled[two][0]) == "same":
                same[one].add(two)
                same[two].add(one)
    groups: list[list[Name]] = []
    left: list[Name] = []
    seen: set[Name] = set()
    for parsed in bucket:
        if parsed in seen:
            continue
        together = _reached(parsed, same)
        seen |= together
        if all(same[one] == together for one in together):
            groups.append([one for one in bucket if one in together])
        else:
            left += [one for one in bucket if one in together]
    return groups, left


def _reached(start: Name, same: Mapping[Name, set[Name]]) -> set[Name]:
    reached, new = {start}, [start]
    while new:
        for other in same[new.pop()] - reached:
            reached.add(other)
            new.append(other)
    return reached
