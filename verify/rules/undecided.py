"""What a source may leave undecided, as rules: then cells are not read, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator

from verify.rules._pieces import FORMS, PLAIN, line
from verify.rules._types import Example, Family, Rule, family

_HEAD_OF_FOUR = "情形\t结果维持\t结果纠正\t其他结果\t尚未审结\t总计"


@family("structure.placement", kind="structure", severity="error", codes=("placement_ambiguous",))
def placement() -> Iterator[Rule]:
    """A row with more or fewer figures than columns leaves exactly one placement.

    What it says:
        All placements that the print allows are listed; those that come to the same figures are
        one, and those that break an identity are out. If more than one is left, or none, the cells
        of the row are not read.

    Why:
        To choose the likelier one would invent figures.

    Example:
        行政规范性文件 prints 3 and 5 under 制发, 废止 and 现行有效, and no identity ties them.

    What breaks it:
        Empty cells lost when a table was copied, or figures glued together.

    Source:
        Of this program.

    规则：
        列出原文允许的各种归列方法；结果相同的算一种，违反勾稽关系的除去。剩下的不是恰好一种，这一行就不读。

    理由：
        挑可能性大的一种，就是编造数字。

    举例：
        “行政规范性文件”三列只印3和5两个数，又没有勾稽关系可以确定。

    何时不符：
        复制表格时丢了空格，或者数字粘连。

    出处：
        本程序所定。
    """
    yield Rule(
        "structure.placement", FORMS, "数字个数与列数不符时，只有一种归列方法",
        "a row with more or fewer figures than columns leaves one placement", PLAIN,
        Example(edits=(("行政规范性文件\t0\t0\t0", "行政规范性文件\t3\t5"),)),
    )  # fmt: skip


@family("structure.row", kind="structure", severity="error", codes=("row_ambiguous",))
def which_row() -> Iterator[Rule]:
    """It is certain to which row a run of figures belongs.

    What it says:
        A run of figures stands under a label of one row, or only one row is left for it. Where two
        rows may claim it, the cells are not read.

    Why:
        The neighbours of a lost row are the rows that are most easily taken for it.

    Example:
        The rows 行政处罚 and 行政强制 have lost their labels and one of them its figure: the 6 that is
        left may be either's.

    What breaks it:
        A page break that took a label and a row with it.

    Source:
        Of this program.

    规则：
        一串数字之前有某一行的标签，或者只剩一行可归；两行都有可能的，不读。

    理由：
        最容易被当成丢失的那一行的，正是它的邻行。

    举例：
        “行政处罚”“行政强制”标签都丢失，又少了一个数字：剩下的6属于哪一行不能确定。

    何时不符：
        换页时标签连同一行一起丢失。

    出处：
        本程序所定。
    """
    yield Rule(
        "structure.row", FORMS, "每串数字属于哪一行是确定的",
        "it is certain to which row figures belong", PLAIN,
        Example(edits=(("行政处罚\t0\n行政强制\t0", "6"),)),
    )  # fmt: skip


@family("structure.columns", kind="structure", severity="error", codes=("columns_unclear",))
def columns() -> Iterator[Rule]:
    """The headers tell which column is which.

    What it says:
        The headers stand in the order of the form, or in another order that they themselves tell
        without doubt. Where they contradict themselves or the figures, the cells are not read.

    Why:
        A flattened header may name 总计 second, and a table of zeros does not object.

    Example:
        Table 四 prints 结果维持 over two of its columns and 结果纠正 over none.

    What breaks it:
        Merged headers of two levels flattened into one line; headers of another table.

    Source:
        The headers of both circulars; the check is of this program.

    规则：
        表头按表式的次序印出，或者虽是别的次序而表头本身说得清楚；自相矛盾或与数字不符的，不读。

    理由：
        两级表头压成一行后，“总计”可能排到第二，而全是0的表毫无反应。

    举例：
        表四有两列都印作“结果维持”，而没有“结果纠正”。

    何时不符：
        两级合并的表头被压成一行，或者混入了别的表的表头。

    出处：
        表头依据两个文件；核对为本程序所定。
    """
    twice = "情形\t结果维持\t结果维持\t其他结果\t尚未审结\t总计"
    yield Rule(
        "structure.columns", FORMS, "表头与各列的对应关系清楚", "the headers tell which column is which",
        PLAIN, Example(edits=((_HEAD_OF_FOUR, twice),)),
    )  # fmt: skip


@family("structure.merged", kind="structure", severity="error", codes=("merged_cell",))
def merged() -> Iterator[Rule]:
    """A single 0 for a whole row is not taken for each of its cells.

    What it says:
        Where a row of five or more columns prints one 0, its cells are not read. They may follow
        from the identities; then the report is `completed`.

    Why:
        The cell may have been merged, or the rest of the row may be lost. Missing is not zero.

    Example:
        Tables whose rows 属于国家秘密 and the four after it print a single 0 each.

    What breaks it:
        A table drawn with one merged cell a row to save typing.

    Source:
        Of this program.

    规则：
        五列以上的一行只印一个0，不当作各格都是0；各格不读，能由勾稽关系推出的，结论为 completed。

    理由：
        可能是合并单元格，也可能是其余的数丢了。缺失不等于零。

    举例：
        “属于国家秘密”起的五行各只印一个0。

    何时不符：
        制表时图省事，一行合并成一格。

    出处：
        本程序所定。
    """
    rows = ("denied_state_secret", "denied_prohibited_by_law", "denied_security_and_stability",
            "denied_third_party_rights", "denied_internal_affairs")  # fmt: skip
    edits = tuple((line(row), line(row).partition("\t")[0] + "\t0") for row in rows)
    yield Rule(
        "structure.merged", FORMS, "整行只印一个0，不当作各格都是0",
        "a single 0 for a whole row is not taken for each cell", PLAIN, Example(edits=edits),
    )  # fmt: skip


@family("structure.form", kind="structure", severity="error", codes=("form_undecided",))
def which_form() -> Iterator[Rule]:
    """The rows （六）are printed, so that it is known whether they are one or three.

    What it says:
        Table 三 prints the row or rows of （六）其他处理. Without them it is not known which form the
        table has, and nothing is derived for cells that may not exist.

    Why:
        Form 2019 has one row there and form 2021 three; the year of a report does not tell which.

    Example:
        Table 三 with all else, and nothing between 重新出具已获取信息 and （七）总计.

    What breaks it:
        A page break that swallowed the three rows.

    Source:
        国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号, table 三; the check is of this program.

    规则：
        表三印有（六）其他处理的一行或三行。一行也没有，就不知道是哪种表式，对可能并不存在的格也不作推算。

    理由：
        2019年版此处一行，2021年版三行，而报告的年度不能说明用的是哪一版。

    举例：
        表三其余各行都在，而“重新出具已获取信息”与“（七）总计”之间什么也没有。

    何时不符：
        换页时三行一起丢失。

    出处：
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号表三；核对为本程序所定。
    """
    lost = ("other_not_corrected", "other_fee_unpaid", "other_other")
    edits = (("（六）其他处理\n", ""), *((line(row) + "\n", "") for row in lost))
    yield Rule(
        "structure.form", FORMS, "（六）各行印在表内，可知是一行还是三行",
        "the rows of （六）are printed, so it is known whether they are one or three", PLAIN,
        Example(edits=edits),
    )  # fmt: skip


FAMILIES: tuple[Family, ...] = (placement, which_row, columns, merged, which_form)
