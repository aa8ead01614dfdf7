"""Bounds as rules: a count is never negative."""

from __future__ import annotations

from collections.abc import Iterator

from verify.forms import every_form
from verify.rules._types import Example, Family, Rule, family

FORMS = tuple(form.variant for form in every_form())
_TABLES = {
    "proactive": ("二", "proactive.licensing.decisions"),
    "requests": ("三", "requests.new_received.natural_person"),
    "proceedings": ("四", "proceedings.reconsideration.upheld"),
}


@family("bound", kind="bound", severity="error", codes=("negative_count",))
def bound() -> Iterator[Rule]:
    """No count and no sum of money is negative; only 本年增/减 of form 2019 may be.

    What it says:
        Every figure of the three tables is 0 or more, with the one exception of 本年增/减
        (`change`) in table 二 of form 2019. A finding names the cell behind the name of the rule:
        `bound.requests.granted.total`.

    Why:
        Requests, cases, documents and decisions are counted. Less than none cannot be. A minus
        sign is often a mark for an empty cell that stuck to a figure, or a balance that someone
        forced.

    Example:
        行政许可 with -4 decisions is a finding; 本年增/减 with -2 is none.

    What breaks it:
        A negative figure entered to make a sum come out, or a difference to last year entered
        where the count itself belongs.

    Source:
        Of this program; the circulars take it for granted. The exception follows from the header
        本年增/减 of 国办公开办函〔2019〕60号.

    规则：
        三张表的数字都不小于0，只有2019年版表二的“本年增/减”（change）可以为负。
        问题所带的规则编号在表名之后写明单元格，例如 bound.requests.granted.total。

    理由：
        申请、案件、文件、处理决定都是件数，不会少于没有。负号多半是空格记号粘在了数字上，或者有人为凑平而填。

    举例：
        行政许可处理决定填-4件，报出；“本年增/减”填-2，不报。

    何时不符：
        为凑平合计而填负数，或者在应填件数处填了与上年的差数。

    出处：
        本程序所定，文件视为当然；例外依据国办公开办函〔2019〕60号表二“本年增/减”一栏。
    """
    for table, (number, cell) in _TABLES.items():
        form = "2019+2019" if table == "proactive" else "2021+2021"
        good = {"proactive.licensing.change": "-2"} if table == "proactive" else {}
        yield Rule(
            f"bound.{table}", FORMS, f"表{number}：数字不小于0",
            f"table {number}: no figure is less than 0",
            Example(good, form=form), Example({cell: "-4"}, form=form),
        )  # fmt: skip


FAMILIES: tuple[Family, ...] = (bound,)
