"""The official forms as data: rows, columns, labels and the spellings seen in real reports.

Sources: 国办公开办函〔2019〕60号 (form 2019) and 国办公开办函〔2021〕30号 (form 2021). Labels are the
official ones; variants are what agencies print instead. Matching ignores spaces, brackets and
punctuation and folds traditional characters, so a variant is listed only when its words differ.
"""

from __future__ import annotations

from verify.forms._types import Column, Row, Table

# --- 二、主动公开政府信息情况 -------------------------------------------------------------------

_ISSUED = (
    Column("issued", "本年制发件数", ("制发件数", "本年制发数量", "本年制发数")),
    Column("repealed", "本年废止件数", ("废止件数", "本年废止数量", "本年废止数")),
    Column("in_force", "现行有效件数", ("现行有效数量", "现行有效数", "现行有效")),
)
_DECISIONS = (Column("decisions", "本年处理决定数量", ("处理决定数量", "本年处理决定数")),)
_FEE = (
    Column(
        "amount",
        "本年收费金额（单位：万元，保留4位小数）",
        ("本年收费金额", "收费金额", "本年收费总金额"),
        kind="money",
    ),
)
PROACTIVE_2021 = Table(
    "proactive",
    "主动公开政府信息情况",
    (
        Row("regulations", "规章", _ISSUED, ("政府规章",), group="第二十条第（一）项"),
        Row(
            "normative_documents",
            "行政规范性文件",
            _ISSUED,
            ("规范性文件",),
            group="第二十条第（一）项",
        ),
        Row("licensing", "行政许可", _DECISIONS, group="第二十条第（五）项"),
        Row("penalties", "行政处罚", _DECISIONS, group="第二十条第（六）项"),
        Row("coercion", "行政强制", _DECISIONS, group="第二十条第（六）项"),
        Row("fees", "行政事业性收费", _FEE, ("行政事业收费",), group="第二十条第（八）项"),
    ),
    words=("信息内容", "第二十条第一项", "第二十条第五项", "第二十条第六项", "第二十条第八项"),
)

_MADE = (
    Column("made", "本年新制作数量", ("新制作数量", "本年制作数量")),
    Column("disclosed", "本年新公开数量", ("新公开数量", "本年公开数量")),
    Column("disclosed_total", "对外公开总数量", ("对外公开总数", "公开总数量")),
)
_ITEMS = (
    Column("previous_items", "上一年项目数量", ("上年项目数量", "上一年度项目数量")),
    Column("change", "本年增/减", ("本年增减", "本年度增减", "增减"), kind="change"),
)
_ITEMS_DECISIONS = (*_ITEMS, Column("decisions", "处理决定数量", ("本年处理决定数量",)))
_PROCUREMENT = (
    Column("items", "采购项目数量", ("采购项目数",)),
    Column("amount", "采购总金额", ("采购金额", "采购总金额万元"), kind="money"),
)
PROACTIVE_2019 = Table(
    "proactive",
    "主动公开政府信息情况",
    (
        Row("regulations", "规章", _MADE, ("政府规章",), group="第二十条第（一）项"),
        Row(
            "normative_documents",
            "规范性文件",
            _MADE,
            ("行政规范性文件",),
            group="第二十条第（一）项",
        ),
        Row("licensing", "行政许可", _ITEMS_DECISIONS, group="第二十条第（五）项"),
        Row(
            "other_services",
            "其他对外管理服务事项",
            _ITEMS_DECISIONS,
            ("其他对外管理服务",),
            group="第二十条第（五）项",
        ),
        Row("penalties", "行政处罚", _ITEMS_DECISIONS, group="第二十条第（六）项"),
        Row("coercion", "行政强制", _ITEMS_DECISIONS, group="第二十条第（六）项"),
        Row("fees", "行政事业性收费", _ITEMS, ("行政事业收费",), group="第二十条第（八）项"),
        Row("procurement", "政府集中采购", _PROCUREMENT, group="第二十条第（九）项"),
    ),
    words=(*PROACTIVE_2021.words, "第二十条第九项"),
)

# --- 三、收到和处理政府信息公开申请情况 -----------------------------------------------------------

APPLICANTS = (
    Column("natural_person", "自然人"),
    Column("business", "商业企业"),
    Column("research", "科研机构", ("科研单位",)),
    Column("public_welfare", "社会公益组织", ("社会组织", "公益组织")),
    Column("legal_service", "法律服务机构", ("法律机构",)),
    Column("other_org", "其他"),
    Column("total", "总计", ("合计",)),
)
_G1, _G2, _G3, _G4 = "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"


def _row(id: str, label: str, *variants: str, ordinal: str = "", group: str = "") -> Row:
    return Row(id, label, APPLICANTS, variants, ordinal=ordinal, group=group)


_REQUESTS_HEAD = (
    _row("new_received", "本年新收政府信息公开申请数量", "本年新收", "本年收到政府信息公开申请数量",
         "本年度新收政府信息公开申请数量", ordinal="一、"),
    _row("carried_in", "上年结转政府信息公开申请数量", "上年结转", "上年度结转政府信息公开申请数量",
         ordinal="二、"),
    _row("granted", "予以公开", ordinal="（一）", group="三、本年度办理结果"),
    _row("partially_granted", "部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开",
         ordinal="（二）", group="三、本年度办理结果"),
    _row("denied_state_secret", "属于国家秘密", "国家秘密", ordinal="1.", group=_G1),
    _row("denied_prohibited_by_law", "其他法律行政法规禁止公开", "其他法律法规禁止公开",
         "法律行政法规禁止公开", "法律法规禁止公开", ordinal="2.", group=_G1),
    _row("denied_security_and_stability", "危及“三安全一稳定”", "三安全一稳定", ordinal="3.",
         group=_G1),
    _row("denied_third_party_rights", "保护第三方合法权益", "第三方合法权益", ordinal="4.", group=_G1),
    _row("denied_internal_affairs", "属于三类内部事务信息", "三类内部事务信息", "内部事务信息",
         ordinal="5.", group=_G1),
    _row("denied_process_information", "属于四类过程性信息", "四类过程性信息", "过程性信息",
         ordinal="6.", group=_G1),
    _row("denied_enforcement_files", "属于行政执法案卷", "行政执法案卷", ordinal="7.", group=_G1),
    _row("denied_administrative_inquiry", "属于行政查询事项", "行政查询事项", ordinal="8.", group=_G1),
    _row("unable_not_held", "本机关不掌握相关政府信息", "不掌握相关政府信息", ordinal="1.", group=_G2),
    _row("unable_needs_creation", "没有现成信息需要另行制作", "没有现成信息", "需要另行制作",
         ordinal="2.", group=_G2),
    _row("unable_unclear", "补正后申请内容仍不明确", "申请内容仍不明确", ordinal="3.", group=_G2),
    _row("unprocessed_petition", "信访举报投诉类申请", "信访举报投诉", ordinal="1.", group=_G3),
    _row("unprocessed_repeated", "重复申请", ordinal="2.", group=_G3),
    _row("unprocessed_publication", "要求提供公开出版物", "提供公开出版物", ordinal="3.", group=_G3),
    _row("unprocessed_excessive", "无正当理由大量反复申请", "大量反复申请", ordinal="4.", group=_G3),
    _row("unprocessed_confirmation", "要求行政机关确认或重新出具已获取信息",
         "确认或重新出具已获取信息", "重新出具已获取信息", ordinal="5.", group=_G3),
)  # fmt: skip
_REQUESTS_TAIL = (
    _row("results_total", "总计", "合计", ordinal="（七）", group="三、本年度办理结果"),
    _row("carried_out", "结转下年度继续办理", "结转下年继续办理", "结转下年度", ordinal="四、"),
)
_REQUESTS_WORDS = (
    "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和", "申请人情况", "法人或其他组织",
    "本年度办理结果", "不予公开", "无法提供", "不予处理", "其他处理",
)  # fmt: skip

REQUESTS_2021 = Table(
    "requests",
    "收到和处理政府信息公开申请情况",
    (
        *_REQUESTS_HEAD,
        _row("other_not_corrected",
             "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
             "申请人无正当理由逾期不补正行政机关不再处理", "申请人无正当理由逾期不补正",
             "逾期不补正", ordinal="1.", group=_G4),
        _row("other_fee_unpaid",
             "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
             "申请人逾期未按收费通知要求缴纳费用行政机关不再处理", "申请人逾期未按收费通知要求缴纳费用",
             "逾期未缴费", "逾期未按收费通知要求缴纳费用", "逾期未缴纳费用", ordinal="2.", group=_G4),
        _row("other_other", "其他", ordinal="3.", group=_G4),
        *_REQUESTS_TAIL,
    ),
    words=_REQUESTS_WORDS,
)  # fmt: skip
REQUESTS_2019 = Table(
    "requests",
    "收到和处理政府信息公开申请情况",
    (
        *_REQUESTS_HEAD,
        _row("other", "其他处理", "其他", "其它处理", ordinal="（六）", group="三、本年度办理结果"),
        *_REQUESTS_TAIL,
    ),
    words=_REQUESTS_WORDS,
)

# --- 四、政府信息公开行政复议、行政诉讼情况 ---------------------------------------------------------

_OUTCOMES = (
    Column("upheld", "结果维持"),
    Column("corrected", "结果纠正"),
    Column("other", "其他结果"),
    Column("pending", "尚未审结"),
    Column("total", "总计", ("合计",)),
)
PROCEEDINGS = Table(
    "proceedings",
    "政府信息公开行政复议、行政诉讼情况",
    (
        Row("reconsideration", "行政复议", _OUTCOMES),
        Row("litigation_direct", "未经复议直接起诉", _OUTCOMES, ("直接起诉",), group="行政诉讼"),
        Row("litigation_after_reconsideration", "复议后起诉", _OUTCOMES, group="行政诉讼"),
    ),
    words=("行政诉讼",),
)
