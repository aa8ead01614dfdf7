"""The sums and balances (勾稽关系) as rules, made from the identities of `verify.forms`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from verify.forms import every_form
from verify.rules._types import Example, Family, Rule, family

_FAILED = ("identity_failed",)
_ONE_REQUEST = {
    "requests.new_received.natural_person": "3", "requests.new_received.total": "3",
    "requests.granted.natural_person": "2", "requests.granted.total": "2",
    "requests.results_total.natural_person": "2", "requests.results_total.total": "2",
    "requests.carried_out.natural_person": "1", "requests.carried_out.total": "1",
}  # fmt: skip
"""Three requests of natural persons, two granted and one carried over: everything balances."""


def _moved(column: str, changes: Mapping[str, str]) -> dict[str, str]:
    """The example of three requests with a column in the place of natural persons, then changed."""
    if column == "total":
        column = "natural_person"
    cells = {name.replace("natural_person", column): text for name, text in _ONE_REQUEST.items()}
    return {**cells, **changes}


def _rules(prefix: str) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """Id, forms and sentences of the identities whose ids begin so."""
    found: dict[str, tuple[list[str], str, str]] = {}
    for form in every_form():
        for identity in form.identities:
            if identity.id.startswith(f"{prefix}."):
                entry = (identity.sentence_zh, identity.sentence_en)
                forms, *said = found.setdefault(identity.id, ([], *entry))
                assert tuple(said) == entry, identity.id
                forms.append(form.variant)
    for id, (forms, zh, en) in found.items():
        yield id, tuple(forms), zh, en


@family("balance", kind="identity", severity="error", codes=_FAILED)
def balance() -> Iterator[Rule]:
    """What came in is what was dealt with and what is carried on, column by column of table 三.

    What it says:
        In each column of table 三, items 一 (received this year) and 二 (carried in) together equal
        item 三（七） (all results) and item 四 (carried out) together. Tolerance is zero.

    Why:
        Every request is either received or carried in, and is either dealt with or carried out.
        A column that does not balance has lost a request or counted one twice.

    Example:
        3 received and 0 carried in; 2 dealt with and 1 carried out: 3 + 0 = 2 + 1.

    What breaks it:
        Most often a carry-over that was not brought forward, a （七）总计 that was typed and not
        summed, or one of the figures entered in the wrong column.

    Source:
        Printed at the head of table 三 of 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号:
        本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和.

    规则：
        表三每一列：第一项（本年新收）加第二项（上年结转）之和，等于第三项（七）总计加第四项（结转下年度）之和，
        不容许误差。

    理由：
        每件申请不是本年收到就是上年结转，不是已经办结就是转入下年。某列不平，就是漏计或者重计了申请。

    举例：
        新收3件、上年结转0件，办结2件、结转下年1件：3＋0＝2＋1。

    何时不符：
        多见于上年结转没有转入、（七）总计是填写的而不是加出来的，或者某个数字填错了列。

    出处：
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号表三表头：
        “本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和”。
    """
    for id, forms, zh, en in _rules("balance"):
        column = id.partition(".")[2]
        wrong = {f"requests.carried_out.{c}": "2" for c in (column, "total")}
        yield Rule(id, forms, zh, en, Example(_moved(column, {})), Example(_moved(column, wrong)))


@family("results", kind="identity", severity="error", codes=_FAILED)
def results() -> Iterator[Rule]:
    """The rows of results sum to （七）总计, column by column of table 三.

    What it says:
        In each column of table 三, all rows of 三（一）to（六）sum to （七）总计: 21 rows in form
        2021, where （六）has three, and 19 in form 2019, where it is one row. The group lines
        （三）,（四）and（五）have no figures of their own.

    Why:
        A request that was dealt with has one result and is counted in one row.

    Example:
        2 requests granted (予以公开) and none with any other result: （七）总计 is 2.

    What breaks it:
        A row left out of the sum, a request counted under two results, rows printed one line up
        or down, or a （七）总计 taken from another year.

    Source:
        The form of both circulars: （七）总计 is the total of item 三. For 部分公开 it prints
        区分处理的，只计这一情形，不计其他情形, so that each request is counted once.

    规则：
        表三每一列：第三项（一）至（六）各行之和，等于（七）总计。2021年版（六）有三行，共二十一行相加；
        2019年版（六）只有一行，共十九行相加。（三）（四）（五）各组的组名行本身没有数字。

    理由：
        一件办结的申请只有一种办理结果，只计入一行。

    举例：
        予以公开2件，没有其他结果：（七）总计为2。

    何时不符：
        漏加了某一行、一件申请计入两种结果、各行整体错位一行，或者（七）总计沿用了别的年度的数字。

    出处：
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号表三：（七）为第三项的总计；
        部分公开一行注明“区分处理的，只计这一情形，不计其他情形”。
    """
    for id, forms, zh, en in _rules("results"):
        column = id.partition(".")[2]
        wrong = {f"requests.{row}.{c}": "3" if row == "results_total" else "0"
                 for row in ("results_total", "carried_out") for c in (column, "total")}  # fmt: skip
        yield Rule(id, forms, zh, en, Example(_moved(column, {})), Example(_moved(column, wrong)))


@family("row", kind="identity", severity="error", codes=_FAILED)
def row() -> Iterator[Rule]:
    """The six kinds of applicants sum to 总计, row by row of table 三.

    What it says:
        In each row of table 三 the six columns of applicants (自然人, 商业企业, 科研机构, 社会公益组织,
        法律服务机构, 其他) sum to 总计. The words 法人或其他组织 are a heading and no column.

    Why:
        A request has one applicant, who belongs to one kind.

    Example:
        1 request of a natural person and 2 of businesses: 总计 is 3.

    What breaks it:
        A 总计 that was not updated, a figure in the wrong column, or a row whose figures stand one
        column further left or right than its header.

    Source:
        The form of both circulars: 总计 is the total of the columns of applicants.

    规则：
        表三每一行：自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他六列之和，等于总计。
        “法人或其他组织”是上级表头，不是一列。

    理由：
        一件申请只有一个申请人，只属于一类。

    举例：
        自然人1件，商业企业2件：总计为3。

    何时不符：
        总计没有随之更新、数字填错了列，或者整行比表头偏左、偏右一列。

    出处：
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号表三：“总计”一列。
    """
    for id, forms, zh, en in _rules("row"):
        name = id.partition(".")[2]
        good = _row_of_three(name)
        bad = {**good, f"requests.{name}.total": "4"}
        form = forms[0] if name != "other" else "2019+2019"
        yield Rule(id, forms, zh, en, Example(good, form=form), Example(bad, form=form))


def _row_of_three(row: str) -> dict[str, str]:
    """A report in which this row has 1 and 2 and their sum, and all else balances."""
    rows: tuple[str, ...]
    if row in ("new_received", "carried_in"):
        rows = (row, "carried_out")
    elif row == "carried_out":
        rows = ("new_received", row)
    elif row == "results_total":
        rows = ("new_received", "granted", row)
    else:
        rows = ("new_received", row, "results_total")
    figures = {"natural_person": "1", "business": "2", "total": "3"}
    return {f"requests.{r}.{column}": text for r in rows for column, text in figures.items()}


@family("proceedings", kind="identity", severity="error", codes=_FAILED)
def proceedings() -> Iterator[Rule]:
    """The four outcomes sum to 总计, for each kind of proceedings of table 四.

    What it says:
        For 行政复议, 未经复议直接起诉 and 复议后起诉 the four outcomes (结果维持, 结果纠正, 其他结果,
        尚未审结) sum to 总计.

    Why:
        A case has one outcome, or is still open.

    Example:
        1 case upheld and 2 still open: 总计 is 3.

    What breaks it:
        Open cases left out of the total, a case counted under two outcomes, or fifteen figures in
        one line whose order was lost when the table was copied.

    Source:
        The form of both circulars, table 四: 总计 is the total of the four outcomes.

    规则：
        表四中行政复议、未经复议直接起诉、复议后起诉：结果维持、结果纠正、其他结果、尚未审结之和，等于总计。

    理由：
        一个案件只有一种结果，或者尚未审结。

    举例：
        维持1件，尚未审结2件：总计为3。

    何时不符：
        总计漏计尚未审结的案件、一案计入两种结果，或者复制表格时一行十五个数字的次序乱了。

    出处：
        国办公开办函〔2019〕60号、国办公开办函〔2021〕30号表四：“总计”一列。
    """
    for id, forms, zh, en in _rules("proceedings"):
        good = {f"{id}.upheld": "1", f"{id}.pending": "2", f"{id}.total": "3"}
        yield Rule(id, forms, zh, en, Example(good), Example({**good, f"{id}.total": "2"}))


FAMILIES: tuple[Family, ...] = (balance, results, row, proceedings)
