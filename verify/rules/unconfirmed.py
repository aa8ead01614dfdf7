"""What a person has to look at, as rules: nothing is wrong for certain, and nothing is passed over."""

from __future__ import annotations

from collections.abc import Iterator

from verify.rules._pieces import FORMS, THREE, TITLE
from verify.rules._types import Example, Family, Rule, family

_ISSUED = "proactive.regulations.issued"


@family("remarks", kind="structure", severity="error", codes=("remark", "header_unread"))
def remarks() -> Iterator[Rule]:
    """Every word in a table that is not the form's own is understood.

    What it says:
        In a table, its headers, labels, captions and notes stand the words of the form, ordinals,
        units, furniture of the page, and a short list of additions that are known to change
        nothing: 其中修订2件 with a number not above the figure, last year's figure with its year,
        同比增长5%. Any other word is a remark. It is tied to the cell, row, column or table beside
        which it stands, and the report is `unconfirmed`.

    Why:
        A word beside a figure may say that it is of half a year, estimated or corrected. What is not
        understood is said, never skipped.

    Example:
        规章 prints 3（更正为5） under 本年制发件数. With 3（其中修订2件） nothing has to be looked at.

    What breaks it:
        Notes of the office that filled in the table, left in when it was published.

    Source:
        Of this program.

    规则：
        表格、表头、行标签、表题和表注中，除表式用语、序号、单位、版面文字，以及少数已知不影响数字的附加语
        （“其中修订2件”而不大于该数、写明年度的上年数、“同比增长5%”）之外，其他文字都是附注：
        归于所在的格、行、列或表，结论为 unconfirmed。

    理由：
        数字旁的话可能说明它只是半年数、估计数或者已经更正。看不懂的要说出来，不能略过。

    举例：
        规章的“本年制发件数”印作“3（更正为5）”。印作“3（其中修订2件）”则无须核对。

    何时不符：
        填表单位内部的说明，公开时没有删去。

    出处：
        本程序所定。
    """
    yield Rule(
        "remarks",
        FORMS,
        "表内文字都能识别，或已知不影响数字",
        "every word in a table is understood, or known to change nothing",
        Example({_ISSUED: "3（其中修订2件）"}),
        Example({_ISSUED: "3（更正为5）"}),
    )


@family("proof", kind="structure", severity="error", codes=("not_proven", "recognition_unsure"))
def proof() -> Iterator[Rule]:
    """Identities fail in every way in which the source may be read, or they do not fail.

    What it says:
        That a report is `inconsistent` is said where it is proven: for each placement of the figures
        that the structure allows, and with no open remark at a cell, row, column or table that the
        failed identity uses. Else the report is `unconfirmed`, and it is said what stands against
        the proof. Of a scan every suspect must be recognised alike each time; a figure that not every
        recognition read so makes the report `unconfirmed` (`recognition_unsure`).

    Why:
        Whoever is told that his report is wrong must be able to rely on it.

    Example:
        本年新收 prints 2（核减后3） for 自然人, and the sums fail with 2. Without the remark it is
        proven that they fail.

    What breaks it:
        A remark at a suspect cell; a row whose figures may stand in more than one place.

    Source:
        Of this program.

    规则：
        只有在结构容许的每一种归列方法下都不平，而且所用的格、行、列、表没有未核实的附注，才说报告有误
        （inconsistent）；否则结论为 unconfirmed，并说明尚不能确认的原因。扫描件还须每次识别的结果都相同；
        几次识别不全相同的数字，结论为 unconfirmed（recognition_unsure）。

    理由：
        说一份报告有误，必须靠得住。

    举例：
        “本年新收”自然人一格印作“2（核减后3）”，按2计不平。没有这条附注，即可确认不平。

    何时不符：
        可疑的格旁有附注；一行数字可以归入不止一处。

    出处：
        本程序所定。
    """
    received = "requests.new_received.natural_person"
    yield Rule(
        "proof",
        FORMS,
        "勾稽不符的，确认是原文不平",
        "where identities fail it is proven that the source does not balance",
        Example(
            THREE | {received: "2"},
        ),
        Example(THREE | {received: "2（核减后3）"}),
    )


@family("heading.years", kind="structure", severity="error", codes=("two_years",))
def one_year() -> Iterator[Rule]:
    """The titles over one set of tables name one year.

    What it says:
        Where several titles stand before the tables of one report, they name the same year.
        Otherwise the year is not known and the report is `unconfirmed`; its figures are read as
        they stand, and no sum is blamed for it.

    Why:
        A panel has one row for an agency and a year. Figures of the wrong year are worse than none.

    Example:
        The title of 2022 stands above the title of 2023, and then come the tables of one report.

    What breaks it:
        The page of last year's report used as a template; the title of a web page that was kept.

    Source:
        Of this program.

    规则：
        一份报告的表格之前有几个标题的，所写年度相同；不同的，年度作未知，结论为 unconfirmed，数字照读，
        不因此说勾稽不符。

    理由：
        面板数据中一个机关一个年度只有一行，年度错了比没有更糟。

    举例：
        2022年的标题之下是2023年的标题，再往下才是一份报告的表格。

    何时不符：
        以上年报告的网页作模板；网页标题没有改。

    出处：
        本程序所定。
    """
    last = TITLE.replace("2023", "2022")
    yield Rule(
        "heading.years",
        FORMS,
        "同一组表之前的各标题写的是同一年度",
        "the titles over one set of tables name one year",
        Example(edits=((TITLE, TITLE + TITLE),)),
        Example(edits=((TITLE, last + TITLE),)),
    )


FAMILIES: tuple[Family, ...] = (remarks, proof, one_year)
