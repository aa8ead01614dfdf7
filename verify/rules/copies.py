"""Copies as a rule: a table that is printed again says the same."""

from __future__ import annotations

from collections.abc import Iterator

from verify.rules._pieces import FORMS, again, table
from verify.rules._types import Example, Family, Rule, family


@family("copies", kind="copies", severity="error", codes=("copies_differ", "copy_unclear"))
def copies() -> Iterator[Rule]:
    """A table that is printed again has the same figures.

    What it says:
        Each cell of a second copy has the figure of the first. Where they differ the report is
        `inconsistent`, with both places; where the second cannot be read there, it is not known
        whether they agree, and the report is `incomplete`.

    Why:
        A corrected table left beside the old one gives two figures for one cell, and neither is
        more right than the other.

    Example:
        Table 四 printed again with 1 case upheld where the first copy has 0.

    What breaks it:
        A draft left in the text, or a table corrected in one of two places.

    Source:
        Of this program.

    规则：
        同一张表再印一次，各格数字相同。不同的，结论为 inconsistent，并给出两处位置；
        第二份读不出的，不知是否一致，结论为 incomplete。

    理由：
        改过的表与旧表并存，一格就有两个数字，谁也不比谁更对。

    举例：
        又印了一份表四，“结果维持”为1，而第一份为0。

    何时不符：
        文中留有草稿，或者两处只改了一处。

    出处：
        本程序所定。
    """
    other = {"proceedings.reconsideration.upheld": "1", "proceedings.reconsideration.total": "1"}
    yield Rule(
        "copies", FORMS, "同一张表再次印出时各格数字相同",
        "a table that is printed again has the same figures",
        Example(edits=again(table("proceedings"))), Example(edits=again(table("proceedings", other))),
    )  # fmt: skip


FAMILIES: tuple[Family, ...] = (copies,)
