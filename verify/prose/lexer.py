"""Match a vocabulary at a place in text, trying only the words that can begin with its character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter


def first_characters(pattern: str) -> frozenset[str]:
    """The characters with which a match of a pattern can begin.

    Args:
        pattern: Literals, classes, groups, assertions and greedy quantifiers, no more.

    Raises:
        ValueError: It can begin with any character, or be empty.
    """
    found, empty, _ = _branches(pattern, 0)
    if empty or not found:
        raise ValueError(f"the pattern {pattern!r} may match nothing; give it a first character")
    return frozenset(found)


def _branches(pattern: str, at: int) -> tuple[set[str], bool, int]:
    """First characters of alternatives up to a closing bracket, whether one may be empty, the end."""
    found: set[str] = set()
    empty = False
    going = True  # nothing of this alternative has had to match yet
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            empty, going = empty or going, True
            at += 1
            continue
        firsts, optional, at = _atom(pattern, at)
        if at < len(pattern) and pattern[at] in "?*+{":
            optional = optional or pattern[at] in "?*" or pattern.startswith("{0", at)
            at = pattern.index("}", at) + 1 if pattern[at] == "{" else at + 1
        if going:
            found |= firsts
            going = optional
    return found, empty or going, at


def _atom(pattern: str, at: int) -> tuple[set[str], bool, int]:
    if pattern[at] == "(":
        asserts = re.match(r"\(\?(?:<?[=!])", pattern[at : at + 4]) is not None
        opening = re.match(r"\((?:\?(?:<?[=!]|:|P<\w+>))?", pattern[at : at + 24])
        assert opening is not None
        found, empty, end = _branches(pattern, at + opening.end())
        return (set(), True, end + 1) if asserts else (found, empty, end + 1)
    if pattern[at] == "[":
        end = pattern.index("]", at)
        inside = pattern[at + 1 : end]
        if inside.startswith("^"):
            return set(), False, end + 1  # never first, or `first_characters` would say so
        return _members(inside), False, end + 1
    if pattern[at] == "\\":
        return {pattern[at + 1]}, False, at + 2
    return {pattern[at]}, False, at + 1


def _members(inside: str) -> set[str]:
    found = set(inside.replace("-", "")) | ({"-"} if inside.endswith("-") else set())
    for match in re.finditer("([0-9A-Za-z])-([0-9A-Za-z])", inside):
        found |= set(map(chr, range(ord(match[1]), ord(match[2]) + 1)))
    return found


def branches(pattern: str) -> list[str]:
    """The alternatives of a pattern."""
    found: list[str] = []
    depth = begin = at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif character == "[":
            at = pattern.index("]", at)
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and not depth:
            found.append(pattern[begin:at])
            begin = at + 1
        at += 1
    return [*found, pattern[begin:]]


class Lexer:
    """Words, each a pattern with a name, tried in order at a place of a text."""

    def __init__(self, stages: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Take the words; nothing is sorted or compiled before it is needed.

        Args:
            stages: Names and patterns; the words of one stage are compiled together.
        """
        self.stages = stages
        self._ready: dict[str, tuple[re.Pattern[str], ...]] = {}
        self._compiled: dict[str, re.Pattern[str]] = {}

    @cached_property
    def _fitting(self) -> dict[str, list[list[tuple[str, str]]]]:
        """For each character, stage by stage, the alternatives that can begin with it."""
        found: dict[str, list[list[tuple[str, str]]]] = {}
        for place, stage in enumerate(self.stages):
            for name, pattern in stage:
                for branch in branches(pattern):
                    for character in first_characters(branch):
                        found.setdefault(character, [[] for _ in self.stages])
                        found[character][place].append((name, branch))
        return found

    def match(self, text: str, place: int, end: int) -> re.Match[str] | None:
        """The first word that stands at a place; ``lastgroup`` is its name."""
        ready = self._ready.get(text[place])
        if ready is None:
            ready = self._prepare(text[place])
        for pattern in ready:
            match = pattern.match(text, place, end)
            if match is not None:
                return match
        return None

    def _prepare(self, character: str) -> tuple[re.Pattern[str], ...]:
        if character not in self._fitting:
            return ()
        patterns = []
        for stage in self._fitting[character]:
            joined = "|".join(
                f"(?P<{name}>{'|'.join(branch for _, branch in group)})"
                for name, group in groupby(stage, itemgetter(0))
            )
            if not joined:
                continue
            if joined not in self._compiled:
                self._compiled[joined] = re.compile(joined)
            patterns.append(self._compiled[joined])
        self._ready[character] = tuple(patterns)
        return self._ready[character]
