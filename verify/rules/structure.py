"""Structure as rules: a reading that breaks one of these is not trusted, however well it adds up."""

from __future__ import annotations

from collections.abc import Iterator

from verify.rules._pieces import (
    END,
    FORMS,
    PLAIN,
    TITLE,
    again,
    table,
    whole_row,
)
from verify.rules._types import Example, Family, Rule, family
from verify.rules.sample import printed


@family("structure.table", kind="structure", severity="error", codes=("no_table",))
def known_table() -> Iterator[Rule]:
    """The text prints at least one table of a known form.

    What it says:
        At least one of the tables 二, 三 and 四 of form 2019 or form 2021 is recognised by its
        labels. Without one there is nothing to read, and the report is `unsupported`.

    Why:
        A narrative, a report on a form before 2019 or an empty page is no wrong report: it is not
        one that this program can judge.

    Example:
        A report that keeps sections 一, 五 and 六 and prints no table.

    What breaks it:
        Tables that are pictures and were lost when the page was saved as text; a report of a year
        before the form of 2019.

    Source:
        The labels of 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号; the check is of this program.

    规则：
        文中至少能按标签认出2019年版或2021年版表二、表三、表四中的一张；一张也没有，就没有可读的内容，结论为 unsupported。

    理由：
        只有文字叙述、2019年以前的旧表式或空白页，不是填错的报告，而是本程序无从判断的报告。

    举例：
        只有第一、五、六部分而没有表格的报告。

    何时不符：
        表格是图片，存成文本时丢失；或者是2019年版表式之前年度的报告。

    出处：
        标签依据国办公开办函〔2019〕60号、国办公开办函〔2021〕30号；核对为本程序所定。
    """
    edits = tuple((table(id), "") for id in ("proactive", "requests", "proceedings"))
    yield Rule(
        "structure.table", FORMS, "文中至少有一张2019年版或2021年版的统计表",
        "the text has at least one table of a known form", PLAIN, Example(edits=edits),
    )  # fmt: skip


@family(
    "structure.reader", kind="structure", severity="error",
    codes=("no_reading", "answer_unusable", "not_qualified", "requests_spent", "prompt_clipped",
           "provider_failed", "readers_agree"),
)  # fmt: skip
def usable_reading() -> Iterator[Rule]:
    """The reader, builtin or a language model, gave a reading that can be checked.

    What it says:
        There is a reading for the tables that the text prints. A model's answer that cannot be
        used after asking again, or a model that is not qualified where only qualified ones were
        asked for, is an error. That a cap was reached, a question was cut short, a service failed
        or several readers agree is said as a warning or a note and decides nothing.

    Why:
        Without a usable reading there are tables and no figures; nothing may be guessed instead.

    Example:
        The text prints three tables, and the reading names no form.

    What breaks it:
        A model that answers in words instead of marks, or a service that breaks off.

    Source:
        Of this program.

    规则：
        文中印出的表，识读器（内置的或语言模型）给出了可以核对的识读。模型的回答再问之后仍不能用，或者要求只用检定过的
        模型而它未经检定，是错误；达到上限、提问被截断、服务失败、几个识读器读法相同，只作提示，不影响结论。

    理由：
        没有可用的识读，就只有表而没有数字，不能猜测代替。

    举例：
        文中印有三张表，而识读没有说明是哪种表式。

    何时不符：
        模型以文字代替标记作答，或者服务中断。

    出处：
        本程序所定。
    """
    yield Rule(
        "structure.reader", FORMS, "识读器给出了可以核对的识读", "the reader gave a usable reading",
        PLAIN, Example(reading={"form": "none"}),
    )  # fmt: skip


@family(
    "structure.anchored", kind="structure", severity="error", codes=("wrong_label", "not_anchored")
)
def anchored() -> Iterator[Rule]:
    """The label that stands before a row's figures is that row's and no other's.

    What it says:
        Before the figures of a row stands its official label or a known spelling of it. Where the
        label is lost the rows around must leave exactly one row; where other words stand there,
        they must name that row and all its identities must hold.

    Why:
        Two rows exchanged, or all rows slipped by one, change no sum.

    Example:
        A reading that gives 予以公开 the figures of 部分公开 and the other way round.

    What breaks it:
        A reader that counts rows instead of reading labels; in a source with a lost row and lost
        labels nobody can tell, and the reading is refused rather than guessed.

    Source:
        The labels of both circulars; the check is of this program.

    规则：
        一行数字之前印的是这一行的标签，或者它的已知别称。标签缺失时，上下各行必须只留下一种可能；
        写作别的文字时，文字须指明这一行，而且它的各条勾稽关系都成立。

    理由：
        两行互换、整体错位一行，各式合计都不变。

    举例：
        识读把“予以公开”与“部分公开”两行的数字互换。

    何时不符：
        识读器按行数而不按标签取数；原文既丢行又丢标签时谁也不能断定，宁可不采信也不猜。

    出处：
        标签依据国办公开办函〔2019〕60号、国办公开办函〔2021〕30号；核对为本程序所定。
    """
    swapped = {**whole_row("granted", "partially_granted"),
               **whole_row("partially_granted", "granted")}  # fmt: skip
    yield Rule(
        "structure.anchored", FORMS, "每行数字之前是这一行的标签",
        "the label before a row's figures is that row's", PLAIN, Example(reading=swapped),
    )  # fmt: skip


@family("structure.copies", kind="structure", severity="error", codes=("copy_unread",))
def copies_told() -> Iterator[Rule]:
    """A table that is printed more than once is read each time.

    What it says:
        Where the text prints a table again, the reading says where each of its cells stands in
        every copy.

    Why:
        Two copies may differ, and whoever reads only one cannot know.

    Example:
        Table 四 is printed again after the tables, and the reading tells of one copy.

    What breaks it:
        A reader that stops at the first copy.

    Source:
        Of this program.

    规则：
        同一张表印了几份，识读就要说明每一份各格的位置。

    理由：
        几份可能不同，只读一份无从知道。

    举例：
        表四之后又印了一份表四，而识读只说明一份。

    何时不符：
        识读器读到第一份就停了。

    出处：
        本程序所定。
    """
    twice = again(table("proceedings"))
    yield Rule(
        "structure.copies", FORMS, "印了几份的表，每份都要识读",
        "a table printed more than once is read each time",
        Example(edits=twice), Example(edits=twice, reading={"repeats": "none"}),
    )  # fmt: skip


@family("structure.reports", kind="structure", severity="error", codes=("two_reports",))
def one_report() -> Iterator[Rule]:
    """A text with two reports has a title that tells which one is meant.

    What it says:
        Where a text holds the tables of two reports, the first title names the agency and the year
        of one of them. If nothing tells, neither is read.

    Why:
        The tables of another year or another agency are as sound as the right ones.

    Example:
        Two reports with tables, one after the other, and no title at the top.

    What breaks it:
        Two pages saved into one file.

    Source:
        Of this program.

    规则：
        文中有两份报告的表时，标题要能说明取哪个机关、哪一年度的一份；不能说明的，一份也不取。

    理由：
        别的年度、别的机关的表，本身同样成立。

    举例：
        两份带表的报告接连印出，开头没有标题。

    何时不符：
        两个网页存进了同一个文件。

    出处：
        本程序所定。
    """
    second = printed(PLAIN, 2022)
    untitled = second.partition("\n")[2]
    yield Rule(
        "structure.reports", FORMS, "文中有两份报告时，标题说明取哪一份",
        "where a text holds two reports the title tells which is meant",
        Example(edits=((END, END + second),)),
        Example(edits=((TITLE, ""), (END, END + untitled))),
    )  # fmt: skip


FAMILIES: tuple[Family, ...] = (known_table, usable_reading, anchored, copies_told, one_report)
