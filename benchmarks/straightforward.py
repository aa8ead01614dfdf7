"""The design that most people would write first, as the measure for the token benchmark.

One nested pydantic model with a number per cell, instructor around the OpenAI client, the whole report
in one message. It is written to be cheap, so that the comparison is fair:

* a row of applicants and a row of outcomes are each defined once and referred to;
* each row and column has one description, its label, the long ones shortened;
* cells are required and may be null, which makes a shorter schema than a default would;
* the system message is two sentences, and there is no worked example;
* one request a report, nothing asked again;
* the mode of instructor that costs less is the one that counts (`MODES`);
* the scripted answer is right at once and compact, without blanks or line ends.

Schemas are those that pydantic makes and instructor sends, titles included. There are two of this design:
``one model`` holds the tables of both official forms, for nobody knows a report's form before reading
it; ``form told`` is given the model of the report's own form for nothing, which no real program could
be, as the least that this design can cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import instructor
from openai import OpenAI
from pydantic import BaseModel, Field

from verify.forms import Form

__all__ = [
    "KINDS",
    "MODES",
    "REPORTS",
    "SYSTEM",
    "Kind",
    "Mode",
    "ask",
    "model_for",
    "right_answer",
]

Mode = Literal["TOOLS", "JSON_SCHEMA"]
Kind = Literal["one model", "form told"]
KINDS: tuple[Kind, ...] = ("one model", "form told")
MODES: tuple[Mode, ...] = ("TOOLS", "JSON_SCHEMA")

SYSTEM = (
    "你负责从政府信息公开工作年度报告中提取统计表数据。"
    "逐格照抄报告中的数字，空白或没有的单元格填null，不要推算。"
)


def _of(label: str) -> Any:
    return Field(description=label)


class Issued(BaseModel):
    issued: int | None = _of("本年制发件数")
    repealed: int | None = _of("本年废止件数")
    in_force: int | None = _of("现行有效件数")


class Decisions(BaseModel):
    decisions: int | None = _of("本年处理决定数量")


class Fees(BaseModel):
    amount: float | None = _of("本年收费金额（万元）")


class Proactive2021(BaseModel):
    regulations: Issued = _of("规章")
    normative_documents: Issued = _of("行政规范性文件")
    licensing: Decisions = _of("行政许可")
    penalties: Decisions = _of("行政处罚")
    coercion: Decisions = _of("行政强制")
    fees: Fees = _of("行政事业性收费")


class Made(BaseModel):
    made: int | None = _of("本年新制作数量")
    disclosed: int | None = _of("本年新公开数量")
    disclosed_total: int | None = _of("对外公开总数量")


class Items(BaseModel):
    previous_items: int | None = _of("上一年项目数量")
    change: int | None = _of("本年增/减")


class ItemsDecisions(Items):
    decisions: int | None = _of("处理决定数量")


class Procurement(BaseModel):
    items: int | None = _of("采购项目数量")
    amount: float | None = _of("采购总金额（万元）")


class Proactive2019(BaseModel):
    regulations: Made = _of("规章")
    normative_documents: Made = _of("规范性文件")
    licensing: ItemsDecisions = _of("行政许可")
    other_services: ItemsDecisions = _of("其他对外管理服务事项")
    penalties: ItemsDecisions = _of("行政处罚")
    coercion: ItemsDecisions = _of("行政强制")
    fees: Items = _of("行政事业性收费")
    procurement: Procurement = _of("政府集中采购")


class Applicants(BaseModel):
    natural_person: int | None = _of("自然人")
    business: int | None = _of("商业企业")
    research: int | None = _of("科研机构")
    public_welfare: int | None = _of("社会公益组织")
    legal_service: int | None = _of("法律服务机构")
    other_org: int | None = _of("其他")
    total: int | None = _of("总计")


class Requests(BaseModel):
    new_received: Applicants = _of("本年新收申请数量")
    carried_in: Applicants = _of("上年结转申请数量")
    granted: Applicants = _of("予以公开")
    partially_granted: Applicants = _of("部分公开")
    denied_state_secret: Applicants = _of("属于国家秘密")
    denied_prohibited_by_law: Applicants = _of("其他法律行政法规禁止公开")
    denied_security_and_stability: Applicants = _of("危及“三安全一稳定”")
    denied_third_party_rights: Applicants = _of("保护第三方合法权益")
    denied_internal_affairs: Applicants = _of("属于三类内部事务信息")
    denied_process_information: Applicants = _of("属于四类过程性信息")
    denied_enforcement_files: Applicants = _of("属于行政执法案卷")
    denied_administrative_inquiry: Applicants = _of("属于行政查询事项")
    unable_not_held: Applicants = _of("本机关不掌握相关政府信息")
    unable_needs_creation: Applicants = _of("没有现成信息需要另行制作")
    unable_unclear: Applicants = _of("补正后申请内容仍不明确")
    unprocessed_petition: Applicants = _of("信访举报投诉类申请")
    unprocessed_repeated: Applicants = _of("重复申请")
    unprocessed_publication: Applicants = _of("要求提供公开出版物")
    unprocessed_excessive: Applicants = _of("无正当理由大量反复申请")
    unprocessed_confirmation: Applicants = _of("要求行政机关确认或重新出具已获取信息")


class Requests2021(Requests):
    other_not_corrected: Applicants = _of("申请人逾期不补正")
    other_fee_unpaid: Applicants = _of("申请人逾期未缴费")
    other_other: Applicants = _of("其他处理：其他")
    results_total: Applicants = _of("办理结果总计")
    carried_out: Applicants = _of("结转下年度继续办理")


class Requests2019(Requests):
    other: Applicants = _of("其他处理")
    results_total: Applicants = _of("办理结果总计")
    carried_out: Applicants = _of("结转下年度继续办理")


class RequestsOfAnyForm(Requests):
    other_not_corrected: Applicants | None = _of("申请人逾期不补正")
    other_fee_unpaid: Applicants | None = _of("申请人逾期未缴费")
    other_other: Applicants | None = _of("其他处理：其他")
    other: Applicants | None = _of("其他处理，只印一行时")
    results_total: Applicants = _of("办理结果总计")
    carried_out: Applicants = _of("结转下年度继续办理")


class Outcomes(BaseModel):
    upheld: int | None = _of("结果维持")
    corrected: int | None = _of("结果纠正")
    other: int | None = _of("其他结果")
    pending: int | None = _of("尚未审结")
    total: int | None = _of("总计")


class Proceedings(BaseModel):
    reconsideration: Outcomes = _of("行政复议")
    litigation_direct: Outcomes = _of("未经复议直接起诉")
    litigation_after_reconsideration: Outcomes = _of("复议后起诉")


class Report2021(BaseModel):
    proactive: Proactive2021
    requests: Requests2021
    proceedings: Proceedings


class Report2019(BaseModel):
    proactive: Proactive2019
    requests: Requests2019
    proceedings: Proceedings


class Report2021And2019(BaseModel):
    proactive: Proactive2021
    requests: Requests2019
    proceedings: Proceedings


class Report2019And2021(BaseModel):
    proactive: Proactive2019
    requests: Requests2021
    proceedings: Proceedings


class Report(BaseModel):
    proactive_2021: Proactive2021 | None
    proactive_2019: Proactive2019 | None
    requests: RequestsOfAnyForm
    proceedings: Proceedings


REPORTS: dict[str, type[BaseModel]] = {
    "2021+2021": Report2021,
    "2019+2019": Report2019,
    "2021+2019": Report2021And2019,
    "2019+2021": Report2019And2021,
}
"""Keys are the forms of tables 二 and 三."""


def model_for(variant: str, kind: Kind) -> type[BaseModel]:
    """The model that a report of some form is read with."""
    return Report if kind == "one model" else REPORTS[variant]


def ask(text: str, model: type[BaseModel], mode: Mode, base_url: str) -> BaseModel:
    """Read a report in one request, as this design would.

    Args:
        text: The whole report.
        model: What is asked for.
        mode: How instructor asks for it.
        base_url: An OpenAI-compatible service.
    """
    client = instructor.from_openai(
        OpenAI(base_url=base_url, api_key="scripted", max_retries=0), mode=instructor.Mode[mode]
    )
    return client.create(
        model="scripted",
        response_model=model,
        messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": text}],
        max_retries=0,
        temperature=0,
    )


def right_answer(
    form: Form, figures: Mapping[str, int | Decimal | None], model: type[BaseModel]
) -> dict[str, Any]:
    """What a faultless model would write for a report: every cell, nested as the models above."""
    answer: dict[str, Any] = {}
    for name in form.cells:
        table, row, column = name.split(".")
        figure = figures[name]
        plain = float(figure) if isinstance(figure, Decimal) else figure
        if isinstance(plain, float) and plain.is_integer():
            plain = int(plain)
        answer.setdefault(table, {}).setdefault(row, {})[column] = plain
    if model is Report:
        proactive = answer["proactive"]
        new = "issued" in proactive["regulations"]
        answer = {
            "proactive_2021": proactive if new else None,
            "proactive_2019": None if new else proactive,
            "requests": {
                row: answer["requests"].get(row) for row in RequestsOfAnyForm.model_fields
            },
            "proceedings": answer["proceedings"],
        }
    return answer
