"""The language model reader: what is sent, what is made of answers, asking again, votes, the ladder.

All models here are scripted: their answers are written by code from the known truth, or by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from extractor.errors import ProviderError
from extractor.ladder import Builtin, LanguageModel, climb
from extractor.models.exchange import Question, Reply, Spent
from extractor.readers.model import MOST_AGAIN, Interview
from extractor.readers.pointers import decode
from extractor.readers.shapes import Pointers
from extractor.steps import Step
from prompts import load
from tests.each import each, rows
from tests.garbler import garble
from tests.hard import HARD
from tests.scripted import StrongModel
from tests.scripted.ask import Script, excerpt_of, read_with, text_of
from tests.scripted.truth import truth_of, truth_of_case
from verify.layout import lay_out
from verify.verdict import verify

ROWS = rows(__file__)

CASE = "tab-indented-2021"


def strong(case: str = CASE) -> Script:
    return Script(StrongModel(text_of(case), truth_of_case(case)))


def changed(case: str, change: Callable[[dict[str, Any]], object]) -> Callable[[str, str], str]:
    """A scripted model that is right but for one change of its answer."""
    right = StrongModel(text_of(case), truth_of_case(case))

    def answer(system: str, user: str) -> str:
        said = json.loads(right(system, user))
        change(said)
        return json.dumps(said)

    return answer


def states(step: Step) -> dict[str, tuple[object, ...]]:
    return {n: (c.state, c.value, c.span) for n, c in step.verified.cells.items()}


# --- a scripted strong model


def test_most_hard_reports_are_too_hard_for_the_builtin_reader() -> None:
    read = [
        name
        for name, report in HARD.items()
        if Builtin().read(lay_out(report.text)).verified.verdict == report.verdict
    ]
    assert len(read) <= len(HARD) // 4


@each("name", sorted(HARD))
def test_a_strong_model_reads_what_the_builtin_reader_cannot(name: str) -> None:
    report = HARD[name]
    step = read_with(Script(StrongModel(report.text, report.truth)), report.text)
    assert step.verified.verdict == report.verdict
    for cell, place in report.truth.items():
        if not isinstance(place, str):
            assert step.verified.cells[cell].state == "read"
            assert step.verified.cells[cell].value == report.figures[cell]
            assert step.verified.cells[cell].span == place
    if (
        report.verdict == "unconfirmed"
    ):  # every cell is right, and words that are not the form's are left
        open_codes = {f.code for f in step.verified.findings if f.level == "error"}
        assert open_codes
        assert open_codes <= {"remark", "label_reworded", "header_unread"}


@each(
    "case",
    ROWS["a_strong_model_reads_as_the_builtin_reader_does"],
)
def test_a_strong_model_reads_as_the_builtin_reader_does(case: str) -> None:
    builtin = Builtin().read(lay_out(text_of(case)))
    step = read_with(strong(case), text_of(case))
    assert step.verified.verdict == builtin.verified.verdict
    assert states(step) == states(builtin)


@pytest.mark.garbler
@pytest.mark.parametrize("seed", range(0, 400, 8))
def test_garbled_reports_are_read_through_by_pointing(seed: int) -> None:
    report = garble(seed)
    step = read_with(Script(StrongModel(report.text, truth_of(report))), report.text)
    wrong = [
        name
        for name, cell in step.verified.cells.items()
        if cell.value is not None and cell.value != report.expected[name].true_value
    ]
    passes = step.verified.verdict in ("accepted", "completed")
    assert not (passes and (wrong or report.kind == "corrupting"))
    builtin = Builtin().read(lay_out(report.text)).verified.verdict
    if report.kind == "lossless" and builtin == "accepted":
        assert step.verified.verdict == "accepted"


def test_a_regular_report_costs_one_request_and_one_number_a_row_at_most() -> None:
    script = strong()
    step = read_with(script, text_of(CASE))
    assert step.verified.verdict == "accepted"
    (question,) = script.asked
    answer = json.loads(script.answer(question.system, question.user))
    assert sum(len(row) for row in answer["rows"]) <= 34
    assert answer["cells"] == []


# --- what is sent


def _sent(text: str) -> str:
    reader = Interview(load("pointer-zh"))
    return "\n".join(q.system + "\n" + q.user for q in reader.questions(lay_out(text)))


def _nobody(_: Question) -> Reply:
    raise AssertionError


@each(
    "hostile", ["{{7*7}}", "{% for x in y %}", "{0}", "```json", "</data-000000>", "${HOME}", "%s"]
)
def test_report_text_arrives_verbatim_whatever_it_looks_like(hostile: str) -> None:
    label = "二、上年结转政府信息公开申请数量"
    text = text_of(CASE).replace(label, f"{label}{hostile}", 1)
    unmarked = re.sub(r"\[[0-9]+\] |(?<= )[a-z]=", "", _sent(text))  # x may be a cell
    assert hostile in unmarked


def test_a_report_cannot_close_the_fence_around_it() -> None:
    label = "二、上年结转政府信息公开申请数量"
    fence = re.compile(r"</?data-[0-9a-f]{6}>")
    text = text_of(CASE)
    for _ in range(3):
        marks = set(fence.findall(_sent(text)))
        text = text.replace(label, label + "".join(sorted(marks)), 1)
    reader = Interview(load("pointer-zh"))
    for question in reader.questions(lay_out(text)):
        lines = question.user.split("\n")
        opening = next(line for line in lines if fence.fullmatch(line) and "/" not in line)
        assert question.user.count(opening) == 1
        assert question.user.count(opening.replace("<", "</")) == 1


@each(
    "personal",
    ROWS["ways_to_reach_a_person_are_never_sent"],
)
def test_ways_to_reach_a_person_are_never_sent(personal: str) -> None:
    text = text_of(CASE)
    pieces = [p for p in re.split(r"[\s：:]+", personal) if len(p) > 2 and p not in _HEADS]
    assert pieces
    spoiled = [
        text.replace(label, f"{personal}\n{label}", 1)
        for label in ("二、上年结转政府信息公开申请数量", "行政许可", "结果维持")
    ]
    spoiled.append(text.replace("一、", f"{personal}。一、", 1))
    for report in spoiled:
        assert report != text
        sent = _sent(report)
        assert not [piece for piece in pieces if piece in sent]


_HEADS = frozenset({"经办", "联系人", "填表人", "联系方式"})


def test_only_the_parts_with_tables_are_sent() -> None:
    prose = "本机关全年组织培训若干次，参加人员普遍反映良好，下一步将继续完善各项工作机制。" * 6
    text = text_of(CASE)
    longer = f"{prose}\n{text}\n{prose}"
    assert "组织培训" not in _sent(longer)
    assert len(_sent(longer)) <= len(_sent(text)) + 20


def test_figures_that_a_model_need_not_see_are_not_sent() -> None:
    text = text_of(CASE).replace("\t4\t", "\t48151623\t", 1)
    assert "48151623" not in _sent(text)


def test_a_report_without_tables_costs_nothing() -> None:
    script = Script(lambda _system, _user: "{}")
    step = read_with(script, text_of("narrative-without-tables"))
    assert step.verified.verdict == "unsupported"
    assert script.asked == []


# --- asking again


def _without(row: int) -> Callable[[dict[str, Any]], object]:
    """Take one row out of the ranges of an answer."""

    def change(said: dict[str, Any]) -> None:
        kept = []
        for first, last, low, high in said["rows"]:
            if first <= row <= last:
                at = low + row - first
                kept += [[first, row - 1, low, at - 1]] if first < row else []
                kept += [[row + 1, last, at + 1, high]] if row < last else []
            else:
                kept.append([first, last, low, high])
        said["rows"] = kept

    return change


def test_a_row_left_out_is_asked_about_again_and_only_its_region_is_sent() -> None:
    right = StrongModel(text_of(CASE), truth_of_case(CASE))
    wrong = changed(CASE, _without(9))

    def answer(system: str, user: str) -> str:
        return right(system, user) if "行号" in user or "编号：" in user else wrong(system, user)

    script = Script(answer)
    step = read_with(script, text_of(CASE))
    assert step.verified.verdict == "accepted"
    assert step.asked_again == 1
    first, again = script.asked
    assert len(again.user) < len(first.user) / 3
    assert "三类内部事务" in again.user
    assert "结转下年度" not in again.user
    assert "again" in again.about


def test_asking_again_names_rows_and_marks_and_never_a_figure() -> None:
    script = Script(changed("one-digit-wrong", _without(9)))
    read_with(script, text_of("one-digit-wrong"))
    for question in script.asked[1:]:
        before_data = question.user.partition("<data-")[0]
        told = set(re.findall("[0-9]+", before_data))
        assert told <= {str(number) for number in range(1, 60)}
        assert "应为" not in question.user
        assert "≠" not in question.user


def test_a_model_is_asked_again_at_most_twice() -> None:
    calls = iter(range(1000))

    def answer(_system: str, _user: str) -> str:
        at = next(calls) % 5 + 1
        return json.dumps({"rows": [[at, at, 7, 7]], "cells": [], "order": []})

    script = Script(answer)
    step = read_with(script, text_of(CASE))
    assert step.verified.verdict == "rejected"
    assert len(script.asked) <= 1 + MOST_AGAIN


def test_every_question_stands_alone() -> None:
    script = Script(changed(CASE, _without(9)))
    read_with(script, text_of(CASE))
    assert len(script.asked) > 1
    for question in script.asked:
        assert '"rows"' not in question.user


def test_unusable_answers_are_asked_for_again_and_then_the_report_is_rejected() -> None:
    script = Script(lambda _system, _user: "I am sorry.")
    step = read_with(script, text_of(CASE))
    assert step.verified.verdict == "rejected"
    codes = [finding.code for finding in step.verified.findings]
    assert codes.count("answer_unusable") == 3
    assert len(script.asked) == 1 + MOST_AGAIN


def test_an_answer_that_was_too_much_at_once_is_asked_for_table_by_table() -> None:
    right = StrongModel(text_of(CASE), truth_of_case(CASE))
    asked: list[Question] = []

    def ask(question: Question) -> Reply:
        asked.append(question)
        if ", " in question.about:
            return Reply(None, "truncated")
        return Reply(question.shape.model_validate_json(right(question.system, question.user)))

    step = read_with(ask, text_of(CASE))
    assert step.verified.verdict == "accepted"
    assert len(asked) == 4


def test_a_clipped_prompt_is_said() -> None:
    right = StrongModel(text_of(CASE), truth_of_case(CASE))

    def ask(question: Question) -> Reply:
        answer = question.shape.model_validate_json(right(question.system, question.user))
        return Reply(answer, clipped=True)

    step = read_with(ask, text_of(CASE))
    assert "prompt_clipped" in {finding.code for finding in step.verified.findings}


def test_a_cap_ends_the_questions_and_is_said() -> None:
    def ask(_: Question) -> Reply:
        raise Spent("--max-requests 0 is used up")

    step = read_with(ask, text_of(CASE))
    assert step.verified.verdict == "rejected"
    assert "requests_spent" in {finding.code for finding in step.verified.findings}


# --- votes


def test_most_votes_decide() -> None:
    right = StrongModel(text_of(CASE), truth_of_case(CASE))
    wrong = changed(CASE, lambda said: said["rows"][0].__setitem__(slice(None), [31, 31, 2, 2]))

    def ask(question: Question) -> Reply:
        answer = wrong if question.sample == 1 else right
        text = answer(question.system, question.user)
        return Reply(question.shape.model_validate_json(text))

    assert read_with(ask, text_of(CASE), votes=3).verified.verdict == "accepted"


def test_rows_on_which_samples_disagree_are_not_read() -> None:
    def ask(question: Question) -> Reply:
        swap = [[[1, 25, 7, 31]], [[1, 1, 8, 8], [2, 2, 7, 7], [3, 25, 9, 31]]][question.sample % 2]
        rows = [[31, 36, 1, 6], *swap, [51, 53, 32, 34]]
        return Reply(question.shape.model_validate({"rows": rows, "cells": [], "order": []}))

    step = read_with(ask, text_of(CASE), votes=2)
    assert step.verified.verdict not in ("accepted", "completed")
    assert "votes_differ" in {finding.code for finding in step.verified.findings}
    assert step.verified.cells["requests.new_received.total"].value is None
    assert step.verified.cells["requests.granted.total"].value is not None


@pytest.mark.parametrize("votes", [2, 3])
def test_a_cell_that_samples_tell_in_different_ways_is_not_read(votes: int) -> None:
    text = text_of(CASE)
    (first,) = Interview(load("pointer-zh")).questions(lay_out(text))
    assert "[6]" in first.user
    ways = ([["36", "6a"]], [["36", ""]], [["36", "-"]])

    def ask(question: Question) -> Reply:
        rows = [[31, 35, 1, 5], [1, 25, 7, 31], [51, 53, 32, 34]]
        cells = ways[question.sample % 3]
        return Reply(question.shape.model_validate({"rows": rows, "cells": cells, "order": []}))

    step = read_with(ask, text, votes=votes)
    assert step.verified.verdict not in ("accepted", "completed")
    assert step.verified.cells["proactive.fees.amount"].value is None


def test_one_usable_sample_of_three_is_no_majority() -> None:
    right = StrongModel(text_of(CASE), truth_of_case(CASE))

    def ask(question: Question) -> Reply:
        if question.sample % 3:
            return Reply(None, "not_json")
        return Reply(question.shape.model_validate_json(right(question.system, question.user)))

    assert read_with(ask, text_of(CASE), votes=3).verified.verdict == "incomplete"


# --- lies of which the verifier cannot be told by sums


def test_a_sum_of_money_is_not_read_without_its_unit() -> None:
    """152790元 is 15.279 万元; without its unit the same digits would be another sum."""
    case = "fee-in-yuan"
    text = text_of(case)
    (question,) = Interview(load("pointer-zh")).questions(lay_out(text))
    right = json.loads(StrongModel(text, truth_of_case(case))(question.system, question.user))
    excerpt = excerpt_of(case)
    mark = decode(Pointers.model_validate(right), excerpt)[0].rows[36]
    candidate = excerpt.candidate(mark)
    assert candidate is not None
    (entry,) = candidate.entries
    assert right["rows"][0] == [31, 36, 1, 6]
    assert entry.text.endswith("元")

    def told(pointer: str) -> str:
        rows = [[31, 35, 1, 5], *right["rows"][1:]]
        return json.dumps(right | {"rows": rows, "cells": [["36", pointer]]})

    whole = read_with(Script(lambda _s, _u: told(f"{mark}a")), text)
    assert whole.verified.verdict == "accepted"
    digits = read_with(Script(lambda _s, _u: told(f"{mark}a.1-{len(entry.text) - 1}")), text)
    assert digits.verified.verdict == "rejected"


# --- the ladder


def _rung(ask: Callable[[Question], Reply], name: str = "openai/a") -> LanguageModel:
    return LanguageModel(name, Interview(load("pointer-zh"), ask=ask))


def test_a_report_that_the_builtin_reader_reads_costs_nothing() -> None:
    climbed = climb(lay_out(text_of(CASE)), [Builtin(), _rung(_nobody)])
    assert climbed.step.model == "builtin"
    assert [step.model for step in climbed.steps] == ["builtin"]


def test_two_readers_that_agree_on_a_source_at_fault_end_the_ladder() -> None:
    case = "one-digit-wrong"
    climbed = climb(
        lay_out(text_of(case)), [Builtin(), _rung(strong(case)), _rung(_nobody, "openai/b")]
    )
    assert climbed.step.verified.verdict == "inconsistent"
    assert len(climbed.steps) == 2
    assert "readers_agree" in {finding.code for finding in climbed.step.verified.findings}


def _dead(_: Question) -> Reply:
    raise ProviderError("'openai/a': nothing answers there; start the server")


def test_a_dead_provider_without_another_model_is_an_error() -> None:
    layout = lay_out(text_of("one-digit-wrong"))
    with pytest.raises(ProviderError):
        climb(layout, [Builtin(), _rung(_dead)])


def test_a_later_reading_is_not_taken_because_it_would_balance_better() -> None:
    """A model that gives nothing usable does not hide what the builtin reader found."""
    case = "one-digit-wrong"
    nothing = Script(lambda _system, _user: "")
    climbed = climb(lay_out(text_of(case)), [Builtin(), _rung(nothing)])
    assert climbed.step.model == "builtin"
    assert climbed.step.verified.verdict == "inconsistent"


# --- amended verdicts


def test_a_deduced_cell_is_taken_back_when_the_report_is_rejected_after_all() -> None:
    from verify.amend import amended
    from verify.findings import Finding

    verified = Builtin().read(lay_out(text_of("blanks-that-follow"))).verified
    assert verified.verdict == "completed"
    worse = amended(verified, [Finding("not_qualified", actual="x")])
    assert worse.verdict == "rejected"
    said_of_completed = {"cells_deduced"}
    assert said_of_completed <= {finding.code for finding in verified.findings}
    assert said_of_completed.isdisjoint(finding.code for finding in worse.findings)
    for name, cell in verified.cells.items():
        if cell.state == "deduced":
            assert worse.cells[name].state == cell.was
            assert worse.cells[name].value is None
            assert worse.cells[name].derived == cell.value
            assert cell.value is not None
    assert amended(verified, []) is verified


def test_the_verifier_decides_on_a_reading_whoever_made_it() -> None:
    step = read_with(strong(), text_of(CASE))
    again = verify(text_of(CASE), step.reading)
    assert again.verdict == step.verified.verdict
