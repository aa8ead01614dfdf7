"""Where cells are said to stand, as rules: whole figures of the right table, once, in order, all of them."""

from __future__ import annotations

from collections.abc import Iterator

from verify.rules._pieces import FORMS, PLAIN, THREE, line, whole_row
from verify.rules._types import Example, Family, Rule, family

_R = "requests."


@family(
    "structure.grounded", kind="structure", severity="error", codes=("not_grounded", "glyphs_twice")
)
def grounded() -> Iterator[Rule]:
    """Each span is a whole figure, or a whole mark, of a table of the source.

    What it says:
        Where the reading says that a cell stands, the source has one whole figure inside a table,
        or for an empty cell one whole mark. Part of a figure, a year in a title or a word is none.

    Why:
        A value is what stands under its span. A span beside the figure would give a figure that
        the report does not print.

    Example:
        A reading that gives the year 2023 of the title as the number of requests received.

    What breaks it:
        A reader, most often a model, that points at a wrong place. It is no fault of the report.

    Source:
        Of this program.

    规则：
        识读所指的位置，在原文的表内必须正好是一个完整的数字；空格则正好是一个完整的记号。
        数字的一部分、标题中的年份、文字都不算。

    理由：
        单元格的值就是该位置的文字。指偏了，读出的就是报告没有印的数字。

    举例：
        识读把标题中的2023当作本年新收的件数。

    何时不符：
        识读器（多为模型）指错了位置，不是报告的错误。

    出处：
        本程序所定。
    """
    yield Rule(
        "structure.grounded", FORMS, "每格所指的位置正好是表内一个完整的数字",
        "each span is a whole figure of a table", PLAIN,
        Example(reading={_R + "new_received.natural_person": "=2023"}),
    )  # fmt: skip


@family("structure.exclusive", kind="structure", severity="error", codes=("used_twice",))
def exclusive() -> Iterator[Rule]:
    """No figure of the source is used for two cells.

    What it says:
        Two cells never share a figure or part of one. Digits printed without a gap may be divided
        among the cells of a row, each digit for one cell.

    Why:
        In a table of zeros one printed 0 could stand for all. Then a lost row would go unnoticed.

    Example:
        A reading that gives the first figure of 二、上年结转 for 一、本年新收 as well.

    What breaks it:
        A reader that fills a lost row with the figures of its neighbour.

    Source:
        Of this program.

    规则：
        原文的一个数字不能用于两个单元格，也不能各用一部分；连写的数字可以逐个分给一行的各格，每个数字只归一格。

    理由：
        全为0的表里，一个0可以充作所有的格，丢了一行也看不出来。

    举例：
        识读把“二、上年结转”的第一个数字同时用作“一、本年新收”。

    何时不符：
        识读器用相邻一行的数字填补丢失的一行。

    出处：
        本程序所定。
    """
    same = {_R + "new_received.natural_person": _R + "carried_in.natural_person"}
    yield Rule(
        "structure.exclusive", FORMS, "一个数字只用于一个单元格", "no figure is used for two cells",
        PLAIN, Example(reading=same),
    )  # fmt: skip


@family("structure.inside", kind="structure", severity="error", codes=("outside_table",))
def inside() -> Iterator[Rule]:
    """The figures of a table stand in that table, in one printed copy of it.

    What it says:
        All cells of a table are read from one place where that table is printed, in the report
        that the title names: not from another table, not half from one copy and half from another.

    Why:
        Figures of another table or another report balance as well as the right ones.

    Example:
        A reading that takes 行政许可 for 本年新收 and the other way round.

    What breaks it:
        A reader that mixes two copies of a table, or last year's tables with this year's.

    Source:
        Of this program.

    规则：
        一张表的各格都读自这张表印出的同一处，而且在标题所指的那份报告之内；
        不取自别的表，也不一半取自一份、一半取自另一份。

    理由：
        别的表、别的报告的数字同样可以自相平衡。

    举例：
        识读把“行政许可”的数字与“本年新收”的数字互换。

    何时不符：
        识读器把两份相同的表，或者上年和本年的表混在一起。

    出处：
        本程序所定。
    """
    one, two = _R + "new_received.natural_person", "proactive.licensing.decisions"
    yield Rule(
        "structure.inside", FORMS, "一张表的数字都在这张表内",
        "the figures of a table stand in that table", PLAIN, Example(reading={one: two, two: one}),
    )  # fmt: skip


@family("structure.order", kind="structure", severity="error", codes=("wrong_order",))
def in_order() -> Iterator[Rule]:
    """The cells of a row stand in the order of the printed columns, in one run.

    What it says:
        Read from left to right (or from top to bottom, one cell a line) the figures of a row are
        those of the columns in the order of their header, with no other row's label between.

    Why:
        Two applicants exchanged in every row change no sum.

    Example:
        A reading that exchanges 自然人 and 商业企业 in the row 予以公开.

    What breaks it:
        A reader that takes columns by name from memory and not from the header.

    Source:
        The order of columns of both circulars, or of the header as printed; of this program.

    规则：
        一行的数字从左到右（一格一行时从上到下）依次属于表头所印的各列，中间没有别的行的标签。

    理由：
        两列申请人互换，各式合计都不变。

    举例：
        识读把“予以公开”一行的自然人与商业企业互换。

    何时不符：
        识读器凭记忆而不按表头取列。

    出处：
        列序依据两个文件或原文表头；核对为本程序所定。
    """
    a, b = _R + "granted.natural_person", _R + "granted.business"
    printed = line("granted", THREE)
    upright = ((printed, printed.replace("\t", "\n")),)
    yield Rule(
        "structure.order", FORMS, "一行的数字依次属于表头所印的各列",
        "the cells of a row stand in the order of the printed columns",
        Example(THREE, edits=upright), Example(THREE, edits=upright, reading={a: b, b: a}),
    )  # fmt: skip


@family("structure.placed", kind="structure", severity="error", codes=("misplaced",))
def placed() -> Iterator[Rule]:
    """Where a row has more or fewer figures than columns, the reading places them as the source does.

    What it says:
        The verifier works out again which figure of such a row belongs to which column. A reading
        that places them otherwise is refused.

    Why:
        Six figures in seven columns can be shifted by one without anyone seeing it.

    Example:
        予以公开 prints 3, 0, 0, 0, 0, 3: the first is 自然人 and the last 总计. A reading that leaves
        商业企业 empty instead of 其他 has another place for each figure between.

    What breaks it:
        A reader that fills from the left whatever is there.

    Source:
        Of this program.

    规则：
        一行的数字多于或少于列数时，由核对程序重新确定各数所在的列；识读与之不同的不予采信。

    理由：
        七列只印六个数字，错开一列没有人看得出来。

    举例：
        “予以公开”印作3、0、0、0、0、3：第一个是自然人，末一个是总计。识读空出商业企业而不是其他，中间各数就都错位。

    何时不符：
        识读器不论缺哪一格，一律从左填起。

    出处：
        本程序所定。
    """
    short = ((line("granted", THREE), "（一）予以公开\t3\t0\t0\t0\t0\t3"),)
    shift = {_R + "granted.business": "missing", _R + "granted.research": _R + "granted.business",
             _R + "granted.public_welfare": _R + "granted.research",
             _R + "granted.legal_service": _R + "granted.public_welfare",
             _R + "granted.other_org": _R + "granted.legal_service"}  # fmt: skip
    yield Rule(
        "structure.placed", FORMS, "各数所在的列与原文所能确定的一致",
        "figures are placed as the source places them",
        Example(THREE, edits=short), Example(THREE, edits=short, reading=shift),
    )  # fmt: skip


@family("structure.exhaustive", kind="structure", severity="error", codes=("figure_left_over",))
def exhaustive() -> Iterator[Rule]:
    """Every figure that stands in a table is used, or explained.

    What it says:
        A figure inside a table is a cell of the reading, or something that is known to be none: an
        ordinal, a date, a page number, a remark, a local row. Anything else is left over.

    Why:
        A lost row with the rest moved up leaves figures over, and no sum of zeros tells.

    Example:
        A reading that says 予以公开 is missing, while the text prints the row.

    What breaks it:
        A reader that overlooks a row; figures of another table that slipped into this one.

    Source:
        Of this program.

    规则：
        表内的每个数字，要么归入一个单元格，要么能说明不属于表：序号、日期、页码、备注、自行增加的行。此外都是多余。

    理由：
        丢一行而其余上移，必有多余的数字；全是0的合计看不出来。

    举例：
        识读说“予以公开”缺失，而原文印有这一行。

    何时不符：
        识读器漏看一行，或者别的表的数字混了进来。

    出处：
        本程序所定。
    """
    yield Rule(
        "structure.exhaustive", FORMS, "表内每个数字都归入单元格或者得到说明",
        "every figure of a table is used or explained",
        Example(THREE), Example(THREE, reading=whole_row("granted", "missing")),
    )  # fmt: skip


FAMILIES: tuple[Family, ...] = (grounded, exclusive, inside, in_order, placed, exhaustive)
