"""The ceiling of the protocol: an oracle that sees only the prompt, and careless answerers made of it.

Any number of reports, and the cases of a folder: ``python -m tests.oracle``.
"""

from __future__ import annotations

import json
import subprocess
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random

import pytest

from extractor.readers import builtin, whole
from extractor.readers.shapes import Marks
from extractor.rederive import rederive
from extractor.source import load
from tests.conftest import extract
from tests.each import each
from tests.garbler import garble
from tests.hard.reports import HARD
from tests.loopback import Server, scripted
from tests.oracle import CARELESS, Oracle, Source, trial
from tests.oracle.careless import LYING, mutated
from tests.scripted.ask import Script
from tests.suites import few_or_many
from verify.judge import judge
from verify.layout import lay_out
from verify.named import NAMED
from verify.stored.shape import read_stored
from verify.verdict import ground, verify

# labels in words of an office's own; the figures are drawn
_WORDS = {
    "一、本年新收政府信息公开申请数量": "今年一共收到的件",
    "二、上年结转政府信息公开申请数量": "以前没办完接着办的件",
    "（一）予以公开": "全部都给了的",
    "1.属于国家秘密": "涉密不给的",
    "1.本机关不掌握相关政府信息": "我们手里没有的",
    "1.信访举报投诉类申请": "其实是来上访的",
    "2.重复申请": "同样内容又来要的",
    "（七）总计": "办掉的一共",
    "四、结转下年度继续办理": "还要接着办的件",
}


@cache
def reworded() -> Source:
    """A whole report in which rows have other words; code cannot name them."""
    report = next(
        r
        for seed in range(200)
        if (
            r := garble(
                seed,
                variant="2021+2021",
                scale="medium",
                layout="tabs_dense",
                shape="standard",
                damages=(),
            )
        ).sound
    )
    text = report.text
    for old, new in _WORDS.items():
        assert old in text
        text = text.replace(old, new, 1)
    return Source("reworded", text, {n: c.value for n, c in report.expected.items()})


def test_rows_that_only_a_model_can_name_are_read_in_full_and_are_unconfirmed() -> None:
    assert verify(reworded().text, builtin.read(lay_out(reworded().text))).verdict == "rejected"
    done = trial(reworded(), Oracle(reworded().truth))
    assert (done.verdict, done.right, done.wrong) == ("unconfirmed", done.known, ())
    assert NAMED in done.reasons


def test_where_every_printed_figure_has_its_cell_nothing_further_is_asked() -> None:
    """Rows that are not printed are not in the whole section either."""
    text = reworded().text
    for old, new in _WORDS.items():
        text = text.replace(new, old, 1)
    gone = ("逾期不补正", "要求缴纳费用", "3.其他")
    text = "".join(
        line for line in text.splitlines(keepends=True) if not any(one in line for one in gone)
    )
    lost = {name: None for name in reworded().truth if name.startswith("requests.other_")}
    source = Source("lost", text, {**reworded().truth, **lost})
    done = trial(source, Oracle(source.truth))
    assert (done.verdict, done.questions, done.right) == ("incomplete", 1, done.known)


def test_rows_that_were_all_pointed_at_are_only_named_and_a_wrong_name_is_not_taken() -> None:
    """Every row has its figures; only what the words mean is open, so nothing is shown whole."""
    right = Oracle(reworded().truth)
    rows = {"rows": [[1, 25, 7, 31], [31, 36, 1, 6], [51, 53, 32, 34]], "cells": [], "order": []}

    def answer(system: str, user: str, slip: int = 0) -> str:
        if '"names"' not in system:
            right.whole(_user(whole.show(layout, tables)))  # so that it knows the words
            return json.dumps(rows)
        names = right.names(user)
        return json.dumps({"names": [[n, row + slip * (n == 2)] for n, row in names]})

    layout = lay_out(reworded().text)
    tables = whole.unsettled(layout, verify(layout, builtin.read(layout)))
    done = trial(reworded(), answer)
    assert (done.verdict, done.right, done.questions) == ("unconfirmed", done.known, 2)
    slipped = trial(reworded(), lambda system, user: answer(system, user, 1))
    assert slipped.verdict == "rejected"


def test_figures_that_are_shown_have_marks_and_are_never_in_the_names() -> None:
    script = Script(Oracle(reworded().truth))
    trial(reworded(), script.answer)
    layout = lay_out(reworded().text)
    tables = whole.unsettled(layout, verify(layout, builtin.read(layout)))
    shown = whole.show(layout, tables)
    for figure in shown.figures:
        assert f"]{figure.text}" in shown.text
    answer = Marks.model_validate_json(Oracle(reworded().truth)('"skip"', _user(shown)))
    reading = whole.reading_of(layout, builtin.read(layout), shown, answer)
    words = whole.words_of(layout, reading)
    assert words
    assert not any(character.isdigit() for text, _ in words.values() for character in text)


def _user(shown: whole.Shown) -> str:
    return f"原文：\n<data-000000>\n{shown.text}\n</data-000000>"


@few_or_many("hostile")
@each("name", ["swap", "slip", "merge", "ditto", "skip", "confirm", *LYING])
def test_a_careless_answer_or_a_lie_is_never_taken(name: str, many: bool) -> None:
    """Two rows exchanged hold every sum; what their words name, asked apart, tells them apart."""
    for seed in range(4) if many else [len(name)]:
        how = {**CARELESS, **LYING}[name]
        done = trial(reworded(), mutated(Oracle(reworded().truth), how, seed))
        assert not done.silent
        assert done.verdict in ("rejected", "incomplete") or not done.wrong, (seed, done)


@pytest.mark.parametrize("name", ["reworded_in_tabs", "scattered_over_the_text"])
def test_hard_reports_without_official_labels_are_read(name: str) -> None:
    report = HARD[name]
    source = Source(name, report.text, dict(report.figures))
    done = trial(source, Oracle(source.truth))
    assert done.right == done.known
    assert not done.wrong


def test_a_sum_that_fails_is_held_against_the_model_and_not_against_the_report() -> None:
    source = reworded()
    layout = lay_out(source.text)
    base = builtin.read(layout)
    shown = whole.show(layout, whole.unsettled(layout, verify(layout, base)))
    right = json.loads(Oracle(source.truth)('"skip"', _user(shown)))
    slipped = deepcopy(right)
    CARELESS["slip"](slipped, Random(1))
    verdicts = []
    for answer in (right, slipped):
        reading = whole.reading_of(layout, base, shown, Marks.model_validate(answer))
        verdicts.append(judge(ground(layout, reading)).verdict)
    assert verdicts == ["unconfirmed", "rejected"]


def test_the_oracle_is_reached_through_the_command_line_and_its_result_follows(
    tmp_path: Path,
) -> None:
    report = tmp_path / "report.txt"
    report.write_text(reworded().text, encoding="utf-8")
    oracle = Oracle(reworded().truth)
    with Server(scripted(lambda call: oracle(call.system, call.user))) as server:
        done: subprocess.CompletedProcess[bytes] = extract(
            report, "--model", "openai/oracle", "--base-url", server.url, OPENAI_API_KEY="scripted"
        )
    result = json.loads(done.stdout)
    assert result["verdict"] == "unconfirmed"
    assert done.returncode == 1
    rederived = rederive(read_stored(done.stdout.decode()), load(str(report)))
    assert rederived.wrong == ()
    assert rederived.verified.verdict == "unconfirmed"
    # whoever names a row by other words than stand before its figures is found out
    named = next(r for r in result["reasons"] if r["code"] == NAMED)
    named["span"] = [0, 4]
    changed = json.dumps(result, ensure_ascii=False)
    assert rederive(read_stored(changed), load(str(report))).wrong


@cache
def side_by_side() -> Source:
    """Table 三 of two years on the same lines, the report's own first, the years printed over both."""
    own, other = (
        garble(
            seed,
            variant="2021+2021",
            scale="medium",
            layout="tabs_dense",
            shape="standard",
            damages=(),
        )
        for seed in (3, 4)
    )
    begins, ends = "三、收到和处理", "四、政府信息公开行政复议"
    before, _, rest = own.text.partition(begins)
    part, _, after = rest.partition(ends)
    theirs = other.text.partition(begins)[2].partition(ends)[0]
    lines = [theirs.split("\n")[0], "2023年\t2022年"]
    lines[0] = part.split("\n")[0]
    last = iter([line for line in theirs.split("\n") if line.count("\t") == 7])
    for line in part.split("\n")[1:]:
        full = line.count("\t") == 7 and line[-1].isdigit()
        lines.append(line + "\t" + next(last).split("\t", 1)[1] if full else line)
    year = next(y for y in range(2015, 2030) if f"{y}年" in own.text.split("\n")[0])
    text = before + begins + "\n".join(lines) + ends + after
    text = text.replace("2023年\t2022年", f"{year}年\t{year - 1}年", 1)
    return Source("side by side", text, {n: c.value for n, c in own.expected.items()})


def test_the_half_of_another_year_is_never_taken_for_the_reports_own() -> None:
    right = trial(side_by_side(), Oracle(side_by_side().truth))
    assert (right.verdict, right.right, right.wrong) == ("unconfirmed", right.known, ())
    for how in (CARELESS["last_year"], LYING["call_all_last_year"]):
        done = trial(side_by_side(), mutated(Oracle(side_by_side().truth), how, 1))
        assert done.verdict not in ("accepted", "completed", "unconfirmed"), done
