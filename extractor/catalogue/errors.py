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
_ERRORS, _PROVIDER = "errors", "provider"
_WHO = "{} at {}: "
_STATUS = re.compile(r" \(HTTP (\d+)\)")
_TRIES = re.compile(r"(\d+) requests?")


def in_chinese(message: str) -> str:
    """An English message in Chinese; one that the catalogue does not have stays as it is."""
    return _translated(message, _ERRORS) or _of_provider(message) or message


def _of_provider(message: str) -> str | None:
    """What is said when a model's service fails: which, why, and perhaps its own words, which stay."""
    for frame, chinese in _patterns(_PROVIDER):
        found = frame.fullmatch(message) if chinese[1].startswith(_WHO) else None
        if found is None:
            continue
        model, service, line, *said = found.groups()
        inner = _translated(line, _PROVIDER)
        if inner is not None:
            return chinese[0].format(_quoted(model), service, inner, *said)
    return None


def _translated(message: str, table: str) -> str | None:
    for pattern, (chinese, _) in _patterns(table):
        found = pattern.fullmatch(message)
        if found:
            return chinese.format(*map(_quoted, found.groups()))
    return None


def _quoted(fact: str) -> str:
    """A name that Python quoted, in Chinese quotation marks; a status and a number of requests in Chinese."""
    fact = _STATUS.sub(
        r"（HTTP \1）", _TRIES.sub(r"\1次请求", fact) if _TRIES.fullmatch(fact) else fact
    )
    quoted = len(fact) > 1 and fact[0] == fact[-1] and fact[0] in "'\""
    return f"“{fact[1:-1]}”" if quoted and fact.count(fact[0]) == 2 else fact


@cache
def _patterns(table: str) -> list[tuple[re.Pattern[str], tuple[str, str]]]:
    """Each with its Chinese and its English text.

    The longest texts first: a short one with a fact at its end would take a longer one's place.
    """
    texts = pairs(table)
    found = sorted(texts.items(), key=lambda pair: -len(pair[0].replace(_FACT, "")))
    return [(_pattern(english), (chinese, english)) for english, chinese in found]


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, english.split(_FACT))), re.DOTALL)


def pairs(table: str = _ERRORS) -> dict[str, str]:
    """English text and Chinese text of every error.

    Args:
        table: ``errors``, or ``provider``: what `extractor.models.explain` says of services.
    """
    with open(os.path.join(FOLDER, "errors.zh.toml"), "rb") as file:
        loaded: dict[str, str] = tomllib.load(file)[table]
    return loaded
