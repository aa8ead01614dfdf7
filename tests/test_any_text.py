"""Whatever a text says in whatever order: there is a verdict, never a fault of the program."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extractor.readers import builtin
from extractor.rules.sample import printed
from tests.each import each
from verify import lay_out, verify
from verify.forms import every_form
from verify.provenance import Provenance, Source
from verify.result import to_result
from verify.rules import Example

WORDS = sorted(
    {
        word
        for form in every_form()
        for table in form.tables
        for row in table.rows
        for word in (
            row.label,
            row.group,
            row.ordinal,
            table.title,
            *row.variants,
            *(column.label for column in row.columns),
            *table.words,
        )
        if word
    }
)
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["\n", "\t", " ", "|", "，", "。", "；", "、", "：", "\r\n", "\n\n", "　", "其中"]
    ),
    st.sampled_from(
        ["0", "1", "12", "-3", "/", "—", "3件", "O", "000", "1 2", "15.20", "152790元"]
    ),
    st.sampled_from(
        [
            "收到政府信息公开申请",
            "未收到",
            "行政复议",
            "共",
            "件",
            "项",
            "十二件",
            "均为0",
            "2023年",
            "青岚市水利局2023年政府信息公开工作年度报告",
            "一、总体情况",
            "占40%",
            "上年",
        ]
    ),
)
SOURCE = Source(name="any.txt", sha256="0" * 64, encoding="utf-8", chars=0)


def verdict_of(text: str) -> str:
    layout = lay_out(text)
    verified = verify(layout, builtin.read(layout))
    to_result(verified, Provenance(source=SOURCE, reader="builtin", form_data="1", version="0"))
    return verified.verdict


@pytest.mark.fuzz
@given(st.lists(PIECES, max_size=60).map("".join))
@example("不予公开 0 件、无法提供 0 件、不予处理 0 件、其他处理 0 件。主动\n4%。")
@settings(max_examples=300, deadline=None, derandomize=True)
def test_words_of_the_form_in_any_order_have_a_verdict(text: str) -> None:
    verdict_of(text)


@pytest.mark.fuzz
@given(st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_report_with_pieces_put_in_anywhere_has_a_verdict(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([form.variant for form in every_form()]))
    text = printed(Example(form=form))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 40))
        text = text[:at] + data.draw(PIECES) + text[at + cut :]
    verdict_of(text)


@each("variant", [form.variant for form in every_form()])
def test_the_whole_report_is_accepted(variant: str) -> None:
    assert verdict_of(printed(Example(form=variant))) == "accepted"


@each("variant", [form.variant for form in every_form()])
def test_a_sentence_that_uses_words_of_a_row_is_no_row(variant: str) -> None:
    for sentence in (
        "全年作出行政处罚8件（普通程序），当场处罚0件（简易程序），信息公示率100%。",
        "办理行政许可12件（含变更），行政强制3件（查封）；收费0.5万元（证照工本），均已公示。",
    ):
        assert verdict_of(printed(Example(form=variant, prose=sentence))) == "accepted"
