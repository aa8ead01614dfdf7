"""The rules across years with their documentation and examples."""

from __future__ import annotations

from collections.abc import Iterator

from verify.forms import APPLICANTS
from verify.rules._types import Example, Family, Rule, family

__all__ = ["FAMILIES"]

_ALL = ("2021+2021", "2019+2019", "2021+2019", "2019+2021")
_TABLE_TWO_2021 = ("2021+2021", "2021+2019")
_TABLE_TWO_2019 = ("2019+2019", "2019+2021")


@family(
    "years.carry_over",
    kind="years",
    severity="warning",
    codes=("carry_over_differs", "years_not_compared"),
)
def carry_over() -> Iterator[Rule]:
    """What last year carried out is what this year carried in, column by column.

    What it says:
        `carried_in` of a year equals `carried_out` of the year before, for each of the seven
        columns.

    Why:
        An application that was open on 31 December is open on 1 January. Sums within one report
        cannot notice that a wrong number was carried in and balanced.

    Example:
        Last year carried out 3 applications of natural persons; this year 2 are carried in.

    What breaks it:
        Last year's figure was corrected later; offices were merged and brought open applications
        along; one of the two reports is wrong. It is never known which, so it is a warning.
        Where either figure is not known the rule is open and said once as info.

    Source:
        Both forms, table 三: 二、上年结转政府信息公开申请数量 and 四、结转下年度继续办理.

    规则：
        本年“二、上年结转”逐列等于上一年报告的“四、结转下年度继续办理”。

    理由：
        12月31日尚未办结的申请，1月1日仍未办结。单份报告内部的勾稽发现不了结转数抄错后又凑平的情形。

    举例：
        上一年自然人结转下年度3件，本年自然人上年结转2件。

    何时不符：
        上一年数字后来更正，机构合并带入未办结申请，或两份报告之一有误。无法判定是哪一份，所以只作提示；
        任何一边数字未知的，不作比较，以说明列出一次。

    出处：
        两版格式的第三部分表格：“二、上年结转政府信息公开申请数量”与“四、结转下年度继续办理”。
    """
    for column in APPLICANTS:
        now, before = f"requests.carried_in.{column.id}", f"requests.carried_out.{column.id}"
        yield Rule(
            f"years.carry_over.{column.id}",
            _ALL,
            f"{column.label}一列：本年的上年结转等于上一年报告的结转下年度继续办理",
            f"column {column.id}: carried_in equals last year's carried_out",
            Example(cells={now: "3"}, previous={before: "3"}),
            Example(cells={now: "2"}, previous={before: "3"}),
        )


@family(
    "years.in_force",
    kind="years",
    severity="warning",
    codes=("in_force_differs", "years_not_compared"),
)
def in_force() -> Iterator[Rule]:
    """Documents in force roll forward: last year's, and issued, less repealed.

    What it says:
        `in_force` equals last year's `in_force` plus this year's `issued` less this year's
        `repealed`, for regulations and for normative documents.

    Why:
        In table 二 no identity ties these figures together, so a slip in them is seen only
        against another year.

    Example:
        12 in force last year, 2 issued and 1 repealed this year give 13; the report says 15.

    What breaks it:
        A recount or a clean-up that was not reported as repeals, documents that expired by
        themselves, agencies merged. So it is a warning. The form of 2019 has no figure in force;
        its 对外公开总数量 follows no such rule and is not compared.

    Source:
        Form 2021, table 二: 本年制发件数, 本年废止件数, 现行有效件数.

    规则：
        现行有效件数等于上一年现行有效件数加本年制发件数减本年废止件数，规章、行政规范性文件各一条。

    理由：
        第二部分表格内没有勾稽关系约束这几个数，抄错只有跨年才看得出。

    举例：
        上一年现行有效12件，本年制发2件、废止1件，应为13件，报告写15件。

    何时不符：
        重新清理而未计入废止，文件到期自行失效，机构合并。因此只作提示。2019年版没有现行有效件数，其
        “对外公开总数量”不服从这一关系，不作比较。

    出处：
        2021年版第二部分表格：“本年制发件数”“本年废止件数”“现行有效件数”。
    """
    for row, label in (("regulations", "规章"), ("normative_documents", "行政规范性文件")):
        at = f"proactive.{row}."
        moved = {at + "issued": "2", at + "repealed": "1"}
        yield Rule(
            f"years.in_force.{row}",
            _TABLE_TWO_2021,
            f"{label}：现行有效件数等于上一年现行有效件数加本年制发件数减本年废止件数",
            f"{row}: in_force equals last year's in_force plus issued less repealed",
            Example(cells={**moved, at + "in_force": "13"}, previous={at + "in_force": "12"}),
            Example(cells={**moved, at + "in_force": "15"}, previous={at + "in_force": "12"}),
        )


@family(
    "years.previous_items",
    kind="years",
    severity="warning",
    codes=("previous_items_differ", "years_not_compared"),
)
def previous_items() -> Iterator[Rule]:
    """The items of the year before are last year's sum of items and change.

    What it says:
        In the form of 2019, `previous_items` of a year equals last year's `previous_items` plus
        last year's `change`, row by row.

    Why:
        The column asks for last year's number of items, and last year's report gives it as a sum.

    Example:
        Last year: 9 items, change -1. This year's 上一年项目数量 must be 8; it says 9.

    What breaks it:
        Lists of powers that were drawn up anew, items moved to another agency, or 上一年项目数量
        copied from year to year. So it is a warning.

    Source:
        Form 2019, table 二: 上一年项目数量, 本年增/减.

    规则：
        2019年版中，本年的“上一年项目数量”逐行等于上一年报告的“上一年项目数量”加“本年增/减”。

    理由：
        这一列问的就是上一年的项目数量，而上一年的报告给出了它的两个部分。

    举例：
        上一年为9项、减1项，本年的上一年项目数量应为8，报告写9。

    何时不符：
        权责清单重新编制，事项划转，或逐年照抄上一年项目数量。因此只作提示。

    出处：
        2019年版第二部分表格：“上一年项目数量”“本年增/减”。
    """
    labels = {
        "licensing": "行政许可", "other_services": "其他对外管理服务事项", "penalties": "行政处罚",
        "coercion": "行政强制", "fees": "行政事业性收费",
    }  # fmt: skip
    for row, label in labels.items():
        at = f"proactive.{row}."
        last = {at + "previous_items": "9", at + "change": "-1"}
        yield Rule(
            f"years.previous_items.{row}",
            _TABLE_TWO_2019,
            f"{label}：上一年项目数量等于上一年报告的上一年项目数量加本年增/减",
            f"{row}: previous_items equals last year's previous_items plus change",
            Example(cells={at + "previous_items": "8"}, form="2019+2019", previous=last),
            Example(cells={at + "previous_items": "9"}, form="2019+2019", previous=last),
        )


@family("years.tenfold", kind="years", severity="warning", codes=("far_from_last_year",))
def tenfold() -> Iterator[Rule]:
    """No figure is exactly ten or a hundred times last year's, or a tenth or a hundredth.

    What it says:
        A figure is not exactly 10 or 100 times last year's of the same cell, nor 1/10 or 1/100;
        money is not exactly 10,000 times or 1/10,000 either. Only figures that say enough are
        held against this: two significant digits at least, and counts from 12 on.

    Why:
        A digit too many, a moved point or 元 entered for 万元 give an exact power of ten; growth
        hardly ever does.

    Example:
        123 licences last year, 1230 this year.

    What breaks it:
        A real change that happens to be exact, about once in a thousand pairs of years (nine
        times in 10,000 pairs that were drawn with realistic growth).

    Source:
        None in the forms; a check of plausibility.

    规则：
        同一单元格的数字不恰为上一年的10倍、100倍或十分之一、百分之一；金额也不恰为1万倍或万分之一。
        只看信息量够的数字：至少两位有效数字，件数不小于12。

    理由：
        多打一位、小数点移位、以元填万元，得出的恰是10的幂；真实的增长很少如此。

    举例：
        上一年行政许可123件，本年1230件。

    何时不符：
        真实变化恰好如此，约一千对年份中有一例（按接近实际的增幅随机抽取10,000对，出现9次）。

    出处：
        格式没有规定，属于合理性检查。
    """
    name = "proactive.licensing.decisions"
    yield Rule(
        "years.tenfold",
        _ALL,
        "同一单元格的数字不恰为上一年的10倍、100倍（金额还有1万倍）或其倒数",
        "no figure is exactly 10 or 100 times (money: 10,000 times) last year's, or the inverse",
        Example(cells={name: "1231"}, previous={name: "123"}),
        Example(cells={name: "1230"}, previous={name: "123"}),
    )


@family(
    "years.agency", kind="years", severity="warning", codes=("other_agency", "different_agency")
)
def agency() -> Iterator[Rule]:
    """Both reports are of one agency.

    What it says:
        The names in the two titles are one agency's. A place left out, a short name or
        人民政府办公室 and 政府办 are no difference. A renamed or merged agency, a county that
        became a city, or a name that says too little is a question: the figures are compared and
        a person decides. Another place or a duty with nothing in common is another agency: nothing
        is compared. A title without a name is said as info.

    Why:
        Figures of two agencies have nothing to do with each other, and after a reform a
        successor's report still continues its predecessor's.

    Example:
        青岚市国土资源局 last year and 青岚市自然资源和规划局 this year: a question.

    What breaks it:
        Reforms of agencies; files mixed up; a title in which the name is damaged.

    Source:
        The title of a report; for successions, the reform of agencies of 2018 and 2019.

    规则：
        两份报告标题中的机关是同一机关。省略上级地名、使用简称、人民政府办公室与政府办不算不同；更名、合并、
        撤县设市，或名称信息不足的，作为疑问，照常核对，由人判断；地方不同或职责毫无关联的，是另一机关，
        不作核对。标题读不出名称的，以说明列出。

    理由：
        两个机关的数字互不相干；而机构改革后，承继机关的报告仍接续原机关的报告。

    举例：
        上一年青岚市国土资源局，本年青岚市自然资源和规划局：疑问。

    何时不符：
        机构改革，文件放错，标题中名称残缺。

    出处：
        报告标题；承继关系依2018至2019年机构改革。
    """
    yield Rule(
        "years.agency",
        _ALL,
        "两份报告是同一机关的",
        "both reports are of one agency",
        Example(agency="青岚市水利局", previous={}, previous_agency="云州省青岚市水利局"),
        Example(agency="青岚市自然资源和规划局", previous={}, previous_agency="青岚市国土资源局"),
    )


@family("years.consecutive", kind="years", severity="warning", codes=("years_apart",))
def consecutive() -> Iterator[Rule]:
    """The two reports are of consecutive years.

    What it says:
        The later report's year is the earlier one's plus one. Otherwise nothing is compared; when
        the order is wrong, that is said. A year that is not known is said as info, and the
        figures are compared in the order given.

    Why:
        The identities across years hold from one year to the next and over no longer time.

    Example:
        A report of 2023 held against that of 2021.

    What breaks it:
        A missing report in a series; the two files exchanged; the same file twice.

    Source:
        The titles of the reports.

    规则：
        后一份报告的年度等于前一份加一。否则不作核对；先后颠倒的，予以说明。年度读不出的，以说明列出，
        按给定的先后核对。

    理由：
        跨年关系只在相邻两年之间成立。

    举例：
        2023年报告与2021年报告比较。

    何时不符：
        中间缺一年，两份文件颠倒，或同一文件给了两次。

    出处：
        报告标题。
    """
    yield Rule(
        "years.consecutive",
        _ALL,
        "两份报告的年度相邻，后一份在后",
        "the reports are of consecutive years, the later one given as the current",
        Example(previous={}),
        Example(previous={}, edits=(("202", "203"),)),
    )


FAMILIES: tuple[Family, ...] = (carry_over, in_force, previous_items, tenfold, agency, consecutive)
