"""What is said and decides nothing: how a table was read, and how its figures are spelled."""

from __future__ import annotations

from collections.abc import Iterator

from verify.rules._pieces import END, FORMS, PLAIN, THREE, again, line, table, whole_row
from verify.rules._types import Example, Family, Rule, family
from verify.rules.sample import printed

_FEE = "proactive.fees.amount"


@family("spelling", kind="structure", severity="info", codes=("spelled_oddly",))
def spelling() -> Iterator[Rule]:
    """Figures are printed in plain digits.

    What it says:
        A figure in full-width digits, with a letter O or 〇 for 0, with thousands commas, with a
        blank inside, with a unit, a plus sign, a leading zero, decimals that are zeros (822.0) or a dash
        for a minus is read as meant. Its text is kept, and the finding says how it is spelled.

    Why:
        Whoever searches the source for the figure must find what is printed there.

    Example:
        行政许可 prints １２; it is read as 12.

    What breaks it:
        Full-width input, figures copied from a sheet with formats, scanned pages.

    Source:
        Of this program.

    规则：
        全角数字、以字母O或〇代0、千分位逗号、中间有空格、带单位、带加号、前面有0、小数部分为0（822.0）、以破折号作负号的数字，照其本意读出，
        保留原文，并说明写法。

    理由：
        要在原文中找到这个数，就要知道原文怎样印。

    举例：
        “行政许可”印作１２，读作12。

    何时不符：
        全角输入、从带格式的表格复制、扫描识别。

    出处：
        本程序所定。
    """
    yield Rule(
        "spelling", FORMS, "数字以普通数字印出", "figures are printed in plain digits",
        Example({"proactive.licensing.decisions": "12"}),
        Example({"proactive.licensing.decisions": "１２"}),
    )  # fmt: skip


@family("spelling.yuan", kind="structure", severity="info", codes=("yuan_converted",))
def yuan() -> Iterator[Rule]:
    """Money is printed in 万元.

    What it says:
        A sum that is printed with the unit 元 is converted to 万元, exactly. A bare figure is never
        converted.

    Why:
        The form asks for 万元; a sum in 元 that is read as printed is ten thousand times too much.

    Example:
        行政事业性收费 prints 152790元; it is read as 15.279 万元.

    What breaks it:
        A figure copied from the books with its unit.

    Source:
        The header of 国办公开办函〔2021〕30号, table 二: 单位：万元，保留4位小数. The conversion is of
        this program.

    规则：
        带单位“元”的金额按万元精确换算；不带单位的数字从不换算。

    理由：
        表式要求以万元填报，按元照读就大了一万倍。

    举例：
        “行政事业性收费”印作152790元，读作15.279万元。

    何时不符：
        从账上照抄，连同单位。

    出处：
        国办公开办函〔2021〕30号表二“本年收费金额（单位：万元，保留4位小数）”；换算为本程序所定。
    """
    yield Rule(
        "spelling.yuan", FORMS, "金额以万元印出", "money is printed in 万元",
        Example({_FEE: "15.2790"}), Example({_FEE: "152790元"}),
    )  # fmt: skip


_SAID = {
    "form_assumed": ("区分表式的部分都在文中", "the parts that tell the forms apart are there"),
    "table_repeated": ("每张表只印一份", "each table is printed once"),
    "other_report": ("文中只有一份报告", "the text holds one report"),
    "placement_decided": ("每行数字的个数与列数相同", "each row has as many figures as columns"),
    "zeros_in_order": ("印有0的行各列都有数字", "a row that prints zeros has one in each column"),
    "label_lost": ("每行的标签都印出", "each row has its label"),
    "label_reworded": ("每行的标签用表式的文字", "each label has the words of the form"),
    "columns_reordered": ("各列按表式的次序印出", "the columns stand in the order of the form"),
    "local_row": ("表内没有自行增加的行", "no local row stands in a table"),
    "stray_figure": ("表内没有页码之类的数字", "no page number or the like stands in a table"),
    "figure_skipped": ("模型没有略去数字", "no figure is passed over by a model"),
    "remark_harmless": ("数字旁没有附注", "no words stand beside a figure"),
    "bad_bytes": ("文件的字节都能解码", "every byte of the file is part of a character"),
}


@family("notes", kind="structure", severity="info", codes=tuple(_SAID))
def notes() -> Iterator[Rule]:
    """A table is printed as the form has it, and nothing had to be settled to read it.

    What it says:
        Each of these notes says one thing in which a table departs from the form and how it was
        read all the same: rows without their label or under other words, columns in another order,
        figures that belong to no cell, a table printed twice alike, another year's report in the
        same text. No verdict follows from a note.

    Why:
        Whoever uses the figures should know where they were not read off straight.

    Example:
        The row 重复申请 has lost its label; the rows before and after leave no other place for it.

    What breaks it:
        Whatever happens to tables on their way into text.

    Source:
        Of this program.

    规则：
        每条说明表格在一处与表式不同，以及怎样仍然读出：行标签缺失或换了说法、列序不同、有不属于任何格的数字、
        同一张表重复印出、文中另有别的年度的报告。说明不影响结论。

    理由：
        使用数字的人应当知道哪些数字不是直接读出的。

    举例：
        “重复申请”一行丢了标签，由上下各行确定没有别的可能。

    何时不符：
        表格转成文本时遇到的种种情形。

    出处：
        本程序所定。
    """
    words = "投诉举报件"
    reworded = Example(
        edits=(("1.信访举报投诉类申请", words),),
        reading=whole_row("unprocessed_petition", f"={words}"),
    )
    six = ((line("granted", THREE), "（一）予以公开\t3\t0\t0\t0\t0\t3"),)
    fails = {
        "form_assumed": Example(edits=((table("proactive"), ""), (table("requests"), ""))),
        "table_repeated": Example(edits=again(table("proceedings"))),
        "other_report": Example(edits=((END, END + printed(PLAIN, 2022)),)),
        "placement_decided": Example(THREE, edits=six),
        "zeros_in_order": Example(edits=(("规章\t0\t0\t0", "规章\t0\t0"),)),
        "label_lost": Example(edits=(("2.重复申请", ""),)),
        "label_reworded": reworded,
        "columns_reordered": Example(
            edits=(("申请人情况\t自然人\t商业企业", "申请人情况\t商业企业\t自然人"),)
        ),
        "local_row": Example(
            edits=(("2.重复申请", "其中：网络申请\t1\t0\t0\t0\t0\t0\t1\n2.重复申请"),)
        ),
        "stray_figure": Example(edits=(("2.重复申请", "3\n2.重复申请"),)),
        "figure_skipped": Example(
            edits=(("2.重复申请", "3\n2.重复申请"),),
            reading={"named": "requests", "skipped": "=3\n2.重>0"},
        ),
        "remark_harmless": Example({"proactive.regulations.issued": "3（其中修订2件）"}),
        "bad_bytes": Example(edits=((END, END.replace("其他", "\ufffd他")),)),
    }
    for code, (zh, en) in _SAID.items():
        yield Rule(f"notes.{code}", FORMS, zh, en, PLAIN, fails[code])


FAMILIES: tuple[Family, ...] = (spelling, yuan, notes)
