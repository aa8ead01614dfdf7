"""The prose check as rules: what is compared with what, and when a difference is only mentioned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from verify.forms import every_form
from verify.rules._types import Example, Family, Rule, family

FORMS = tuple(form.variant for form in every_form())
_FORM_2019 = tuple(v for v in FORMS if v.startswith("2019"))
_FORM_2021 = tuple(v for v in FORMS if v.startswith("2021"))
_REQUESTS = {
    "requests.new_received.natural_person": "5", "requests.new_received.total": "5",
    "requests.granted.natural_person": "4", "requests.granted.total": "4",
    "requests.results_total.natural_person": "4", "requests.results_total.total": "4",
    "requests.carried_out.natural_person": "1", "requests.carried_out.total": "1",
}  # fmt: skip
_CARRIED = {
    "requests.carried_in.natural_person": "2", "requests.carried_in.total": "2",
    "requests.granted.natural_person": "2", "requests.granted.total": "2",
    "requests.results_total.natural_person": "2", "requests.results_total.total": "2",
}  # fmt: skip
_LITIGATION = {
    "proceedings.litigation_direct.upheld": "1", "proceedings.litigation_direct.total": "1",
    "proceedings.litigation_after_reconsideration.upheld": "1",
    "proceedings.litigation_after_reconsideration.total": "1",
}  # fmt: skip
_RECONSIDERATION = {
    "proceedings.reconsideration.upheld": "2", "proceedings.reconsideration.total": "2",
}  # fmt: skip
_DOCUMENTS = {
    "proactive.normative_documents.issued": "3", "proactive.normative_documents.in_force": "3",
}  # fmt: skip
_BOUGHT = {"proactive.procurement.items": "2", "proactive.procurement.amount": "36.5"}


@family("prose", kind="prose", severity="warning", codes=("prose_contradicts", "prose_scoped"))
def prose() -> Iterator[Rule]:
    """A figure that a sentence states is the figure of the cell or sum that it speaks of.

    What it says:
        Every count or amount that the prose states about something the tables count, and every
        未收到, 无 or 均为0, equals one of the cells or sums that its words may mean. 收到申请 may be
        new_received, or that and carried_in; 办理行政许可 in form 2019 may be decisions, or the
        items of last year and the change. Severity: a warning; where the clause has words of
        another scope (全市, 本局, 区政府办, 截至, 累计, a channel, 其中) or words that are not
        known, and they may be why, it is an info (`prose_scoped`).
    Why:
        The same clerk writes both from the same register. Where they differ one of them is wrong,
        or they count different things; a person can tell which, arithmetic cannot.

    Example:
        The prose says 收到政府信息公开申请6件, the total of 本年新收 is 5: a finding with both spans.
        全市收到6件 is only mentioned, 约6件 and 较上年增加6件 claim nothing.
    What breaks it:
        Prose copied from last year, a table filled in later than the text, a figure for the whole
        district in the report of one office.
    Source:
        Of this program. It decides no verdict and fills no cell: the prose is as often of another
        scope as it is wrong. A figure whose cell is not known is left open.
    规则：
        正文写明的件数、金额，以及“未收到”“无”“均为0”，凡所指事项在表中有统计的，应与其所指的单元格或合计相等。
        措辞可作几种理解时，有一种相等即可：“收到申请”可以是本年新收，也可以连上年结转；2019年版“办理行政许可”
        可以是处理决定数，也可以是上一年项目数加本年增减。不等为警告；该句带有范围词（全市、本局、区政府办、截至、
        累计、渠道、其中）或不认识的词语的，只作提示。
    理由：
        正文和表由同一人依同一台账填写，两者不同，必有一处有误或者口径不同，要由人来判断。
    举例：
        正文称收到政府信息公开申请6件，表中本年新收总计为5，报出并给出两处位置；“全市收到6件”只提示；
        “约6件”“较上年增加6件”不作比较。
    何时不符：
        正文沿用上年文字；表在正文之后改过；一个单位的报告写了全区的数。
    出处：
        本程序所定。不影响结论，也不用正文的数字填表；所指单元格未知的，不作比较。
    """
    for name, zh, en, forms, cells, good, bad in _TABLE:
        form = forms[0]
        yield Rule(
            f"prose.{name}", forms, f"正文所称{zh}与表中一致",
            f"what the prose says of {en} is what the tables say",
            Example(cells, good, form=form), Example(cells, bad, form=form),
        )  # fmt: skip


_TABLE: tuple[tuple[str, str, str, tuple[str, ...], Mapping[str, str], str, str], ...] = (
    ("received", "收到的申请", "requests received", FORMS, _REQUESTS,
     "全年共收到政府信息公开申请5件。", "全年共收到政府信息公开申请6件。"),
    ("answered", "办结答复的申请", "requests answered", FORMS, _REQUESTS,
     "答复政府信息公开申请4件。", "答复政府信息公开申请9件。"),
    ("results", "办理结果", "results of requests", FORMS, _REQUESTS,
     "办结政府信息公开申请4件，予以公开4件。", "办结政府信息公开申请4件，予以公开3件。"),
    ("applicants", "各类申请人的申请", "requests of one kind of applicant", FORMS, _REQUESTS,
     "收到政府信息公开申请5件，其中自然人申请5件。", "收到政府信息公开申请5件，其中自然人申请2件。"),
    ("carried_in", "上年结转的申请", "requests carried in", FORMS, _CARRIED,
     "上年结转政府信息公开申请2件。", "上年结转政府信息公开申请3件。"),
    ("carried_out", "结转下年的申请", "requests carried out", FORMS, _REQUESTS,
     "结转下年度继续办理的政府信息公开申请1件。", "结转下年度继续办理的政府信息公开申请2件。"),
    ("reconsideration", "行政复议", "reconsiderations", FORMS, _RECONSIDERATION,
     "因政府信息公开被申请行政复议2件。", "未发生因政府信息公开引起的行政复议。"),
    ("litigation", "行政诉讼", "lawsuits", FORMS, _LITIGATION,
     "因政府信息公开被提起行政诉讼2件。", "没有政府信息公开行政诉讼。"),
    ("normative_documents", "规范性文件", "normative documents", FORMS, _DOCUMENTS,
     "本年制发行政规范性文件3件。", "本年制发行政规范性文件十三件。"),
    ("regulations", "规章", "regulations (规章)", FORMS, {"proactive.regulations.issued": "1"},
     "本年制定政府规章1件。", "本年制定政府规章2件。"),
    ("licensing", "行政许可", "licences", FORMS, {"proactive.licensing.decisions": "8"},
     "全年作出行政许可决定8件。", "全年作出行政许可决定9件。"),
    ("penalties", "行政处罚", "penalties", FORMS, {"proactive.penalties.decisions": "2"},
     "全年作出行政处罚两件。", "全年没有作出行政处罚决定。"),
    ("coercion", "行政强制", "coercive measures", FORMS, {"proactive.coercion.decisions": "1"},
     "全年实施行政强制1件。", "全年实施行政强制2件。"),
    ("fees", "行政事业性收费", "fees", _FORM_2021, {"proactive.fees.amount": "15.279"},
     "收取行政事业性收费152790元。", "收取行政事业性收费18万元。"),
    ("procurement", "政府集中采购", "procurement", _FORM_2019, _BOUGHT,
     "政府集中采购2项，采购总金额36.5万元。", "政府集中采购3项，采购总金额36.5万元。"),
)  # fmt: skip


@family("prose.parts", kind="prose", severity="warning", codes=("prose_parts",))
def parts() -> Iterator[Rule]:
    """Figures that a sentence names as the parts of a whole add up to it.

    What it says:
        Where a sentence gives a whole and, after 其中, 包括 or 分别为, parts in the same unit: no part
        is more than the whole; parts of one kind (channels, applicants, results) are together not
        more; and where the wording leaves nothing out (分别为, 其余, a last part 其他 or 等方式, or
        自然人 and 法人或其他组织) they are together not less.
    Why:
        Such a sentence contradicts itself, whatever the tables say.

    Example:
        共370条，其中网站49条，微信118条，其他方式203条 adds up. With 213 it does not.
    What breaks it:
        A part changed and the whole forgotten. Not a finding: an incomplete list that is less than
        the whole, and channels one of which has everything, since one item may be on several.
    Source:
        Of this program.
    规则：
        一句中写明总数，又在“其中”“包括”“分别为”之后以同一单位列出各部分的：任何一部分不大于总数；同类部分
        （渠道、申请人、办理结果）之和不大于总数；措辞表明没有遗漏的（分别为、其余、末项为“其他”“等方式”，
        或自然人与法人或其他组织并列），其和不小于总数。
    理由：
        这样的句子自相矛盾，与表无关。
    举例：
        共370条，其中网站49条，微信118条，其他方式203条，相符；末项写作213条则不符。
    何时不符：
        改了一部分而忘了总数。所列不全而小于总数的不报；某一渠道已含全部的不报，因为同一条信息可以发布在几处。
    出处：
        本程序所定。
    """
    text = "主动公开信息370条，其中通过网站公开49条，通过微信公开118条，通过其他方式公开{}条。"
    yield Rule(
        "prose.parts", FORMS, "正文所列各部分之和与其总数相符",
        "the parts that the prose lists add up to their whole",
        Example(prose=text.format(203)), Example(prose=text.format(213)),
    )  # fmt: skip


FAMILIES: tuple[Family, ...] = (prose, parts)
