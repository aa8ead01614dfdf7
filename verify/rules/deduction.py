"""Cells that were not read, as rules: what follows for them, and what is left open."""

from __future__ import annotations

from collections.abc import Iterator

from verify.rules._pieces import FORMS, PLAIN, THREE, line, table
from verify.rules._types import Example, Family, Rule, family

_R = "requests."


@family("deduction", kind="deduction", severity="info", codes=("cells_deduced",))
def follows() -> Iterator[Rule]:
    """Cells that were not read follow from the identities alone, or every cell was read.

    What it says:
        Where at most 25 cells were not read and the identities, with no count below 0, leave
        exactly one value for each of them, those values are given, marked `deduced`, with the
        identities that prove them. The report is `completed`. A finding says which cells these are.

    Why:
        A blank is not a zero. But a blank whose row and column are otherwise known has one value.

    Example:
        予以公开 leaves 商业企业 empty, the other figures of the row are 0 and its 总计 is 0: it is 0.

    What breaks it:
        Nothing is broken: the finding says that figures were derived and not printed. In a report
        whose cells were all read there is none.

    Source:
        Of this program, from the identities of both circulars.

    规则：
        未读出的格不超过25个，而且勾稽关系加上“件数不为负”使每格恰好只有一个值的，给出该值，标为 deduced，
        附上所据的勾稽关系，结论为 completed，并说明是哪些格。

    理由：
        空白不是零；但同行同列其余都已知的空白只有一个值。

    举例：
        “予以公开”的商业企业空着，同行其余为0、总计为0：该格为0。

    何时不符：
        没有不符，只说明数字是推出的而不是印出的；各格都读出的报告没有这一条。

    出处：
        本程序所定，依据两个文件的勾稽关系。
    """
    yield Rule(
        "deduction", FORMS, "未读出的单元格由勾稽关系唯一推出",
        "cells that were not read follow from the identities alone", PLAIN,
        Example({_R + "granted.business": "/"}),
    )  # fmt: skip


@family("deduction.unguarded", kind="deduction", severity="error", codes=("deduction_alone",))
def unguarded() -> Iterator[Rule]:
    """A derived value is confirmed by an identity that its proof does not use.

    What it says:
        A derived value uses up the identity that proves it. It becomes a cell of a `completed` report
        only where another identity holds the cell as well, and holds once all derived values are put
        in. Else the report is `incomplete`, and the value stands beside the cell as `derived`.

    Why:
        Were a figure beside the blank printed wrong, the derived value would be wrong with it, and no
        sum would notice.

    Example:
        A row of table 四 has one sum. When one of its cells is blank, the sum gives that cell and
        nothing confirms it. A blank in table 三 stands in a row and in a column.

    What breaks it:
        A blank in table 四, or several blanks in one row and one column.

    Source:
        Of this program.

    规则：
        推算一格要用掉证明它的那一式。另有一式也含这一格、且代入全部推算值后仍然成立的，才作为该格的数字；
        否则结论为 incomplete，推算值只列在旁边。

    理由：
        空格旁边若有一个数字印错，推算值随之而误，而任何一式都看不出来。

    举例：
        表四一行只有一式；其中一格空白，这一式推出该格，没有别的式子印证。表三的空格则既在行内又在列内。

    何时不符：
        表四有空格，或者同一行同一列有几处空格。

    出处：
        本程序所定。
    """
    yield Rule(
        "deduction.unguarded",
        FORMS,
        "推算出的数字另有一式印证",
        "a derived value is confirmed by a second identity",
        Example({_R + "granted.business": "/"}),
        Example(
            {
                "proceedings.reconsideration.other": "/",
                "proceedings.reconsideration.upheld": "2",
                "proceedings.reconsideration.total": "2",
            }
        ),
    )


@family("deduction.impossible", kind="deduction", severity="error", codes=("blanks_impossible",))
def impossible() -> Iterator[Rule]:
    """Some figures that are not negative fit the cells that were not read.

    What it says:
        When the cells that were not read are eliminated from the identities, what remains can
        still hold with no count below 0. If it cannot, no way of filling the blanks makes the
        report balance, and it is `inconsistent`.

    Why:
        To skip every identity that has a blank misses almost half of all errors in a report with
        twenty blanks.

    Example:
        予以公开 prints 2 for 自然人, nothing for 商业企业 and 1 for 总计: no count makes that a sum.

    What breaks it:
        A wrong figure in a row or column that also has a blank.

    Source:
        Of this program, from the identities of both circulars.

    规则：
        从各勾稽关系中消去未读出的格，余下的在件数不为负时仍然可以成立。若不能，空格无论怎样填都不平，
        结论为 inconsistent。

    理由：
        凡有空格的勾稽关系都略过不查，二十个空格就会漏掉近一半的错误。

    举例：
        “予以公开”自然人2、商业企业空白、总计1：填什么件数都不成立。

    何时不符：
        有空格的行或列中另有一个数字错了。

    出处：
        本程序所定，依据两个文件的勾稽关系。
    """
    good = {**THREE, _R + "granted.business": "/"}
    bad = {**good, _R + "granted.total": "1"}
    yield Rule(
        "deduction.impossible", FORMS, "空缺处有非负数可填而各式成立",
        "some figures that are not negative fit the cells that were not read",
        Example(good), Example(bad),
    )  # fmt: skip


@family(
    "deduction.contradicted", kind="deduction", severity="error", codes=("deduction_contradicted",)
)
def contradicted() -> Iterator[Rule]:
    """What follows for a row is what the row prints, however it is read.

    What it says:
        Where a row prints something that could not be placed, the values that the identities leave
        for its cells are among the placements. If they are not, nothing is derived and the report is
        `incomplete`.

    Why:
        A deduced value must never stand against what is printed.

    Example:
        予以公开 prints a single 0 for the whole row, while the totals leave 3 for 自然人.

    What breaks it:
        Totals that do not belong to the rows above them.

    Source:
        Of this program, from the identities of both circulars.

    规则：
        某行印出的数字未能归列时，勾稽关系推出的各格数字必须是其中一种归列方法；不是的，不作推定，结论为
        incomplete。

    理由：
        推出的数字不能与印出的数字相抵触。

    举例：
        “予以公开”整行只印一个0，而各合计推出自然人为3。

    何时不符：
        合计不是上面各行的合计。

    出处：
        本程序所定，依据两个文件的勾稽关系。
    """
    single = ((line("granted", THREE), "（一）予以公开\t0"),)
    yield Rule(
        "deduction.contradicted", FORMS, "推出的数字与该行印出的数字相合",
        "what follows for a row is what it prints",
        Example(edits=((line("granted"), "（一）予以公开\t0"),)), Example(THREE, edits=single),
    )  # fmt: skip


@family(
    "deduction.unread", kind="deduction", severity="error",
    codes=("cells_blank", "cells_missing", "not_a_figure", "votes_differ", "recognitions_differ"),
)  # fmt: skip
def unread() -> Iterator[Rule]:
    """Every cell is read, or follows from the identities.

    What it says:
        A cell that is empty, holds a mark such as "/", is not in the text, or holds something that
        is no figure, is not known unless it follows. One finding names all cells of a kind. A cell
        about which several samples of a model disagree is not known either.

    Why:
        Missing is not zero: whoever takes a blank for 0 counts what was never said.

    Example:
        行政许可 prints "/" where the number of decisions belongs; no identity contains that cell.

    What breaks it:
        Cells left empty for zero, rows lost at a page break, words or marks in place of a figure.

    Source:
        Of this program: a cell that is not filled in says nothing.

    规则：
        每格都读出数字，或者可以推出。空白、“/”一类的记号、文中没有、不是数字的格，推不出就是未知，同类的一并报出；
        模型几次取样不一致的格也是未知。

    理由：
        缺失不等于零：把空白当作0，就是计入了没有填报的数。

    举例：
        “行政许可”应填处理决定数量处印的是“/”，没有勾稽关系包含这一格。

    何时不符：
        以空白代替0、换页丢行、以文字或记号代替数字。

    出处：
        本程序所定：没有填的格什么也没有说。
    """
    yield Rule(
        "deduction.unread", FORMS, "每格都读出数字或者可以推出",
        "every cell is read or follows", PLAIN, Example({"proactive.licensing.decisions": "/"}),
    )  # fmt: skip


@family("table", kind="deduction", severity="error", codes=("table_missing",))
def whole_table() -> Iterator[Rule]:
    """Each of the three tables is in the text.

    What it says:
        Tables 二, 三 and 四 are printed, each with at least some of its cells. A table of which
        nothing is there is named as a whole, not cell by cell.

    Why:
        A table that is lost is not a table of zeros.

    Example:
        A report that goes from table 三 to section 五.

    What breaks it:
        A table that is a picture, or a page that was cut.

    Source:
        The forms of 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号 have all three tables.

    规则：
        表二、表三、表四都在文中，至少有一部分单元格；整张不在的，整张报出，不逐格列举。

    理由：
        丢失的表不是全为0的表。

    举例：
        表三之后直接是第五部分的报告。

    何时不符：
        表格是图片，或者页面被截断。

    出处：
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号的格式都有这三张表。
    """
    for id, number in (("proactive", "二"), ("requests", "三"), ("proceedings", "四")):
        yield Rule(
            f"table.{id}", FORMS, f"表{number}在文中", f"table {number} is in the text", PLAIN,
            Example(edits=((table(id), ""),)),
        )  # fmt: skip


FAMILIES: tuple[Family, ...] = (
    follows,
    unguarded,
    impossible,
    contradicted,
    unread,
    whole_table,
)
