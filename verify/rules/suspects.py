"""What could explain failed identities, as rules: a slip of the table, or a cell that was hard to read."""

from __future__ import annotations

from collections.abc import Iterator

from verify.rules._pieces import FORMS, THREE
from verify.rules._types import Example, Family, Rule, family

_R = "requests."
_COLUMNS = ("natural_person", "business", "research", "public_welfare", "legal_service", "other_org",
            "total")  # fmt: skip


@family("slip", kind="identity", severity="warning", codes=("structure_suspected",))
def slip() -> Iterator[Rule]:
    """Failed identities are not explained by one slip of the table.

    What it says:
        Where identities fail, the single slips that happen to tables are tried: a row rolled by
        one, two total rows exchanged, a column exchanged with 总计, a sign lost, a figure split or
        glued. Those that would restore every identity are named, all of them. Nothing is repaired.

    Why:
        One slip moves many figures. Looking for a few wrong cells would then name the wrong ones.

    Example:
        予以公开 prints 12 for 总计 first and then 5 and 7 for 自然人 and 商业企业: the row is rolled.

    What breaks it:
        A cell inserted or deleted when a row was typed; rows pasted in each other's place.

    Source:
        Of this program.

    规则：
        勾稽不符时，逐一检验表格常见的单次移位：整行移一格、两个合计行互换、某列与总计互换、丢了负号、
        数字断开或粘连。能使各式都成立的全部列出；不作任何改动。

    理由：
        一次移位牵动许多数字，只去找少数几个错格，反而找错地方。

    举例：
        “予以公开”先印总计12，再印自然人5、商业企业7：整行移了一格。

    何时不符：
        录入时多插或少插了一格，或者两行贴反了。

    出处：
        本程序所定。
    """
    figures = ("5", "7", "0", "0", "0", "0", "12")
    rows = ("new_received", "granted", "results_total")
    good = {f"{_R}{row}.{c}": x for row in rows for c, x in zip(_COLUMNS, figures, strict=True)}
    rolled = (*figures[-1:], *figures[:-1])
    bad = {**good, **{f"{_R}granted.{c}": x for c, x in zip(_COLUMNS, rolled, strict=True)}}
    yield Rule(
        "slip", FORMS, "各式不符不能由一处移位解释", "failed identities are not one slip of the table",
        Example(good), Example(bad),
    )  # fmt: skip


@family("structure.doubtful", kind="structure", severity="error", codes=("suspect_doubtful",))
def doubtful() -> Iterator[Rule]:
    """Failed identities are not explained by cells that were doubtful to read.

    What it says:
        Where changing only cells whose label, place or spelling was doubtful would restore a group
        of identities, the reading is at fault before the source: the report is `rejected`, and the
        cells to look at again are named. The value that would balance is never evidence.

    Why:
        A source that does not balance is not a misreading, and a misreading is not a source that
        does not balance. Which cell was hard to read tells more than arithmetic does.

    Example:
        予以公开 prints "1 2", read as 12, where the sums leave another figure.

    What breaks it:
        A figure split by a blank, a letter for a digit, a row whose label is lost.

    Source:
        Of this program.

    规则：
        只改动标签、位置或写法可疑的格就能使一组式子成立的，先疑识读而不疑原文：结论为 rejected，
        并列出须重看的格。能凑平的数从来不是证据。

    理由：
        原文不平不是误读，误读也不是原文不平；哪一格难以辨读，比算术更能说明问题。

    举例：
        “予以公开”印作“1 2”，读作12，而各合计要求另一个数。

    何时不符：
        数字中间有空格、字母代替数字、行标签丢失。

    出处：
        本程序所定。
    """
    split = _R + "granted.natural_person"
    good = {**THREE, _R + "new_received.natural_person": "12", _R + "new_received.total": "12",
            split: "1 2", _R + "granted.total": "12",
            _R + "results_total.natural_person": "12", _R + "results_total.total": "12"}  # fmt: skip
    wrong = {name: "3" for name in good if name != split}
    yield Rule(
        "structure.doubtful", FORMS, "各式不符不能由难以辨读的单元格解释",
        "failed identities are not explained by cells that were doubtful to read",
        Example(good), Example({**wrong, split: "1 2"}),
    )  # fmt: skip


FAMILIES: tuple[Family, ...] = (slip, doubtful)
