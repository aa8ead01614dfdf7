"""Errors in Chinese: the English message is the key, its facts are carried over.

Errors are written where they are raised, in English with their facts. ``errors.zh.toml`` has for each such
text, its facts as ``{}``, the same in Chinese, its facts as ``{0}``, ``{1}`` in the order of the English.
"""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache

from extractor.catalogue import FOLDER

_FACT = "{}"


def in_chinese(message: str) -> str:
    """An English message in Chinese; one that the catalogue does not have stays as it is."""
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(message)
        if found:
            return chinese.format(*map(_quoted, found.groups()))
    return message


def _quoted(fact: str) -> str:
    """A name that Python quoted, in Chinese quotation marks."""
    quoted = len(fact) > 1 and fact[0] == fact[-1] and fact[0] in "'\""
    return f"“{fact[1:-1]}”" if quoted and fact.count(fact[0]) == 2 else fact


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The longest texts first: a short one with a fact at its end would take a longer one's place."""
    texts = pairs()
    found = sorted(texts.items(), key=lambda pair: -len(pair[0].replace(_FACT, "")))
    return [(_pattern(english), chinese) for english, chinese in found]


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, english.split(_FACT))), re.DOTALL)


def pairs() -> dict[str, str]:
    """English text and Chinese text of every error."""
    with open(os.path.join(FOLDER, "errors.zh.toml"), "rb") as file:
        loaded: dict[str, str] = tomllib.load(file)["errors"]
    return loaded


__all__ = ["in_chinese", "pairs"]
