"""Sources that invite a wrong reading: rows lost, others added in their place, labels changed."""

from __future__ import annotations

from random import Random

from verify.forms import Row

from .draft import CELLS, PIPES, SPACES, TABS, Draft, HardReport

REWORDED: dict[str, tuple[str, ...]] = {
    "new_received": ("当年新收件数", "申请总件数"),
    "carried_in": ("上年留下的件", "从上年结转来的件"),
    "granted": ("同意公开",),
    "partially_granted": ("只公开部分内容",),
    "denied_state_secret": ("涉及国家秘密的信息", "涉密信息"),
    "denied_prohibited_by_law": ("法律明文不许", "法律法规规定不得公开"),
    "denied_security_and_stability": ("维护社会稳定", "影响国家安全社会稳定"),
    "denied_third_party_rights": ("损害他人权益", "侵害第三方合法利益"),
    "denied_internal_affairs": ("内部管理信息不予公开", "内部管理文件"),
    "denied_process_information": ("讨论研究等过程性材料", "过程稿"),
    "denied_enforcement_files": ("执法材料", "执法案卷材料"),
    "denied_administrative_inquiry": ("办事进度查询", "行政查询类"),
    "unable_not_held": ("我单位未掌握",),
    "unable_needs_creation": ("需加工制作",),
    "unable_unclear": ("材料内容不清", "补正后仍说不清"),
    "unprocessed_petition": ("投诉举报件", "信访渠道"),
    "unprocessed_repeated": ("多次重复提出",),
    "unprocessed_publication": ("对外出版的书刊", "索取公开出版物"),
    "unprocessed_excessive": ("无理由大量提出",),
    "unprocessed_confirmation": ("要求再次出具",),
    "other_not_corrected": ("未在期限内补正",),
    "other_fee_unpaid": ("未按通知缴纳费用",),
    "other_other": ("其他情况",),
    "other": ("其他情况",),
    "results_total": ("办理结果合计",),
    "carried_out": ("转到下一年的件数", "结转至下一年办理"),
}
LOCAL = (
    "其中：网络申请",
    "其中：信函申请",
    "涉及征地拆迁的",
    "备注",
    "去年同期",
    "上年同期数",
    "平均办理天数",
    "收取费用",
    "减免费用",
    "告知查询途径",
    "涉及商业秘密",
    "涉及个人隐私",
    "环境保护类",
    "投诉件",
    "举报件",
    "信访件",
    "补正通知",
    "季度合计",
    "小计",
    "跨年度办理",
    "结转件办理",
    "档案查询",
    "行政处罚案卷",
    "案卷查阅",
    "执法检查",
    "保护个人信息",
    "内部文件",
    "申请人撤回",
    "转其他机关",
    "按时办结",
    "备案",
    "行政检查",
    "政府信息公开申请办结数量",
    "行政复议",
    "公开目录",
    "年度内补正",
    "咨询类不予处理",
    "本级不予公开",
)


def trap(seed: int) -> HardReport:
    """A report with rows lost, relabelled, added and moved; the same seed gives the same one."""
    rng = Random(seed)
    d = Draft(
        rng.choice(("2021+2021", "2019+2019", "2021+2019", "2019+2021")),
        rng.choice(("zero", "tiny", "tiny", "small", "medium")),
        seed,
    )
    style = rng.choice((TABS, SPACES, CELLS, PIPES))
    d.opening("临山县农业局", 2021, "本局各项工作按计划完成。")
    _small_table(d, rng)
    table = d.heading("requests")
    if rng.random() < 0.8:
        d.request_headers(style)
    rows = list(table.rows)
    for at in range(len(rows) - 1):
        if rng.random() < 0.01:
            rows[at], rows[at + 1] = rows[at + 1], rows[at]
    trouble = rng.choice((0.02, 0.05, 0.1, 0.2))
    for row in rows:
        words, lost = _label(d, row, rng, trouble)
        if rng.random() < trouble / 3 and not lost:
            d.say(style.line(words) if words else "")  # the label alone
        elif not lost:
            d.line(style, words, table.cells(row))
        if rng.random() < trouble / 2 or (lost and rng.random() < 0.6):
            _local_row(d, rng, style.between, style.open, style.close)
    d.proceedings(rng.choice((TABS, SPACES)))
    d.closing("还有不足之处。")
    return d.done("", "trap")


def _label(d: Draft, row: Row, rng: Random, trouble: float) -> tuple[list[str], bool]:
    """The words before a row, and whether the row is not printed at all."""
    chance = rng.random()
    if chance < trouble / 2:
        return [], True
    if chance < trouble:
        return [], False
    if chance < 2 * trouble:
        return [rng.choice(REWORDED[row.id])], False
    return d.labels(row, {}), False


def _local_row(d: Draft, rng: Random, between: str, opening: str, close: str) -> None:
    table = d.form.table("requests")
    label = rng.choice(LOCAL) if rng.random() < 0.9 else ""
    kind = rng.randrange(3)
    figures = ["0"] * 7
    if kind == 1:
        figures = [str(d.figures[name]) for name in table.cells(rng.choice(table.rows))]
    elif kind == 2:
        parts = [rng.choice((0, 0, 1, 2)) for _ in range(6)]
        figures = [*map(str, parts), str(sum(parts))]
    d.say(opening, between.join([label, *figures] if label else figures), close)


def _small_table(d: Draft, rng: Random) -> None:
    """Table 二, one of its rows lost or followed by a row of the agency's own."""
    table = d.heading("proactive")
    before: tuple[str, ...] = ()
    lost = rng.choice(table.rows) if rng.random() < 0.25 else None
    for row in table.rows:
        headers = tuple(column.label for column in row.columns)
        if headers != before:
            d.say(TABS.line([row.group]), TABS.line(["信息内容", *headers]))
        before = headers
        if row is not lost:
            d.line(TABS, [row.label], table.cells(row))
        if (row is lost and rng.random() < 0.7) or rng.random() < 0.05:
            figures = [str(rng.randint(0, 9)) for _ in row.columns]
            d.say(
                TABS.line(
                    [rng.choice(("行政检查", "备案", "行政确认", "小计", "行政奖励")), *figures]
                )
            )
