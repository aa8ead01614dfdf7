"""How far each figure of a result can be trusted, in words; `extractor.flat.Flat.qualities` says which for each cell."""

from __future__ import annotations

QUALITIES: dict[str, tuple[str, str]] = {
    "guarded": (
        "从原文读出，且至少一项包含它的勾稽关系成立（项数为sums_held）；全为0的一行也算成立",
        "read from the source, in sums_held identities that hold; a row of zeros holds as well",
    ),
    "unguarded": (
        "从原文读出，但没有一项成立的勾稽关系包含它（表二没有勾稽关系）",
        "read from the source; no identity that holds guards it (table 二 has none)",
    ),
    "deduced": (
        "由勾稽关系推算，原文中没有",
        "follows from the identities; it does not stand in the source",
    ),
    "entered": ("由人录入", "entered by a person"),
    "suspect": (
        "从原文读出，但在不成立的勾稽关系的可疑之列",
        "read from the source, and among the suspects of an identity that fails",
    ),
    "named": (
        "从原文读出，但行列名称由模型或词表认定，须人工核对",
        "read from the source, but its row or column was named by a model or a lexicon; a person has to look",
    ),
    "remarked": (
        "从原文读出，但旁边有其他文字，可能改变其含义",
        "read from the source, with words beside it that may change what it means",
    ),
    "questioned": (
        "从原文读出，但另有一项错误或提醒涉及它",
        "read from the source, and an error or warning names it",
    ),
    "tentative": (
        "报告读取不可信：读到过一个数字，但不采用，数值为空",
        "of a rejected report: a figure was tried and is not given, value is empty",
    ),
    "blank": ("空白或为“/”一类的记号，未知", "blank, or a mark such as “/”: not known"),
    "missing": ("原文中没有这一格，未知", "the cell is not in the text: not known"),
    "unreadable": (
        "原文此处不是数字，或不能确定是哪一格的，未知",
        "what stands there is no figure, or not certain to be this cell's: not known",
    ),
}
"""Each word with what it means, in Chinese and English; the first that applies, in the order suspect, named, remarked, questioned."""
DOUBTED = frozenset({"suspect", "named", "remarked", "questioned"})
"""Of figures that were read and that a person has to look at."""


__all__ = ["DOUBTED", "QUALITIES"]
