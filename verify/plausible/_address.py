"""Text addressed to a language model: instructions, roles, tags of a chat.

A report that speaks about models (引入大语言模型辅助答复) is no such text: what counts is the second
person, the order to forget earlier instructions, or the marks of a chat format. The patterns stand
in ``_address.toml`` beside this module.
"""

from __future__ import annotations

import re
from itertools import islice

from verify.data import toml_of
from verify.plausible._joined import Joined
from verify.rules.check import rule

_LISTED = toml_of("verify.plausible", "_address.toml")


def _patterns(language: str) -> tuple[tuple[list[str], re.Pattern[str]], ...]:
    found = []
    for entry in _LISTED[language]:
        pattern = entry["pattern"]
        for piece, means in _LISTED["pieces"].items():
            pattern = pattern.replace(f"{{{piece}}}", means)
        found.append((entry["marks"], re.compile(pattern)))
    return tuple(found)


_PATTERNS = (_patterns("chinese"), _patterns("english"))
# One pass for all marks: most reports have none, and then no pattern is looked at.
_ANY_MARK = tuple(
    re.compile("|".join(re.escape(mark) for marks, _ in patterns for mark in marks))
    for patterns in _PATTERNS
)
_STOP = re.compile("[。！!？?;；\n]")
_SHOWN = 80
_MOST = 200


@rule("plausible.addressed", severity="warning", codes=("addressed_to_model",))
def find_address(joined: Joined) -> tuple[int, int, int] | None:
    """The first sentence of a text that addresses a model, and how many there are.

    Returns:
        Folded start and end of the first, from the telling words on, and the number of
        sentences (200 of a kind at most are counted), or None.
    """
    text = joined.folded
    starts: list[int] = []
    for marks, pattern in _PATTERNS[0] if _ANY_MARK[0].search(joined.text) else ():
        if any(mark in joined.text for mark in marks):
            found = islice(pattern.finditer(joined.text), _MOST)
            starts += [joined.back(match.start()) for match in found]
    latin = text.encode("ascii", "ignore").decode().lower()  # little of a report; only for marks
    lower = ""
    for marks, pattern in _PATTERNS[1] if _ANY_MARK[1].search(latin) else ():
        if any(mark in latin for mark in marks):
            lower = (
                lower or "\n" + text.replace("İ", "I").lower()
            )  # as long as the text, but for one
            for match in islice(pattern.finditer(lower), _MOST):
                starts.append(match.end() - len(match[0].lstrip()) - 1)
    if not starts:
        return None
    count = 0
    first = (0, 0)
    after = -1
    for start in sorted(starts):
        if start < after:
            continue
        stop = _STOP.search(text, start, start + _SHOWN)
        after = stop.start() if stop else min(start + _SHOWN, len(text))
        count += 1
        if count == 1:
            first = (start, after)
    return (*first, count)
