"""What may stand beside the words of the form and changes no figure: a short positive list, as data.

`harmless.toml` holds the entries with their sources; whatever is not there is a remark
(`verify.remarks`). A pattern that names the report's own year or agency holds only where its title does.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

Where = Literal["line", "beside", "label", "after", "title", "top", "sentence", "sheet", "row"]


@dataclass(frozen=True, slots=True)
class Harmless:
    """One kind of words that change no figure.

    Attributes:
        id: Its name.
        where: ``line`` explains a whole line, ``label`` words next to a label or a header, ``beside``
            both and words next to a figure, ``after`` words next to a label that are not a header alone, ``title``
            words of the title, ``sentence`` a whole sentence that speaks of the tables, ``sheet``
            the name of a sheet, ``row`` the label of a row that an agency adds.
        pattern: Of folded text without blanks; must match the whole.
        source: Where it is defined or was seen.
        example: What it explains.
        near: Neighbours that it must not explain.
        most: Whether the numbers in it may not exceed the figure beside which it stands.
    """

    id: str
    where: Where
    pattern: str
    source: str
    example: tuple[str, ...]
    near: tuple[str, ...]
    most: bool = False


@cache
def harmless_list() -> tuple[Harmless, ...]:
    """Every entry, in the order of the file."""
    text = resources.files("verify").joinpath("harmless.toml").read_text("utf-8")
    return tuple(
        Harmless(
            entry["id"],
            entry["where"],
            entry["pattern"],
            entry["source"],
            tuple(entry["example"]),
            tuple(entry["near"]),
            entry.get("most", False),
        )
        for entry in tomllib.loads(text)["harmless"]
    )


_APPLY: dict[Where, tuple[Where, ...]] = {
    "line": ("line", "beside"),
    "beside": ("beside",),
    "label": ("beside", "label"),
    "after": ("beside", "label", "after"),
    "title": ("title",),
    "top": ("line", "title", "top"),
    "sentence": ("sentence",),
    "sheet": ("sheet",),
    "row": ("row",),
}
_NEEDED = re.compile(r"\{(year|before|later|after|agency|person)\}")
_PART_NUMBER = re.compile("[0-9]+")
_BLANKS = re.compile(r"\s+")
_LONGEST = 120
_AGENCY = "\ue010"  # in the place of the agency's name: patterns are compiled once for all reports of a year


@cache
def _surnames() -> str:
    """The hundred most frequent, of the ministry's report on names of 2020 (二〇二〇年全国姓名报告)."""
    return resources.files("verify").joinpath("surnames.txt").read_text("utf-8").strip()


@lru_cache(maxsize=256)
def _patterns(year: int | None, *, named: bool) -> tuple[tuple[Harmless, re.Pattern[str]], ...]:
    """The patterns as they read in a report of this year; its agency, where it is named, is one character."""
    names = {"agency": _AGENCY} if named else {}
    names["person"] = f"(?:[{_surnames()}]|欧阳|司马|上官|诸葛)[\u4e00-\u9fff]{{1,2}}"
    if year is not None:
        names["year"] = str(year)
        names["later"] = f"(?:{year}|{year + 1})"
        names["after"] = "(?:" + "|".join(str(year + i) for i in range(1, 4)) + ")"
        names["before"] = "(?:" + "|".join(str(year - i) for i in range(1, 9)) + ")"
    found = []
    for entry in harmless_list():
        pattern = _NEEDED.sub(lambda name: names.get(name[1], r"(?!)"), entry.pattern)
        found.append((entry, re.compile(pattern)))
    return tuple(found)


class Grammar:
    """The harmless list as it reads in one report.

    Args:
        year: Of the report's title, or None.
        agency: Of the report's title, folded, or None.
    """

    def __init__(self, year: int | None, agency: str | None) -> None:
        self._agency = None if agency is None else _BLANKS.sub("", agency)
        self.year = year
        self._patterns = _patterns(year, named=agency is not None)

    def explains(self, text: str, where: Where, figure: int | None = None) -> str | None:
        """The id of the entry that explains folded text as a whole, or None.

        Args:
            text: A line, or words beside a figure or a label.
            where: Which of them.
            figure: What stands beside it; numbers of parts may not be larger.
        """
        bare = _BLANKS.sub("", text)
        if len(bare) > _LONGEST:
            return None
        said = [bare]
        if self._agency and self._agency in bare:
            said.append(bare.replace(self._agency, _AGENCY))
        for entry, pattern in self._patterns:
            if entry.where not in _APPLY[where]:
                continue
            if not any(pattern.fullmatch(words) for words in said):
                continue
            if entry.most and not self._fits(bare, figure):
                continue
            return entry.id
        return None

    @staticmethod
    def _fits(text: str, figure: int | None) -> bool:
        parts = [int(n) for n in _PART_NUMBER.findall(text.partition("其中")[2])]
        return figure is not None and all(part <= figure for part in parts)
