"""请核对: what leads the summary, the page and the list; the words of offices; nothing of the report is markup."""

from __future__ import annotations

import itertools
import re
from functools import cache
from pathlib import Path
from typing import Literal

import openpyxl
import pytest

from extractor.catalogue import Catalogue
from extractor.pipeline import read_source
from extractor.render import page, summary
from extractor.render._facts import Facts
from extractor.render.labels import cell_words
from extractor.render.todo import Todos
from extractor.source import SourceText, load
from tests.conftest import CASES, GOLDEN, extract
from verify.codes import CODES
from verify.forms import every_form
from verify.schema import Result
from verify.verdicts import VERDICTS

WRONG = GOLDEN / "one-digit-wrong" / "report.txt"
ENGLISH = re.compile(r"[A-Za-z]{2,}")


@cache
def read(case: str) -> tuple[SourceText, Result]:
    source = load(str(GOLDEN / case / "report.txt"))
    return source, read_source(source)


# --- the words


def test_the_words_are_those_of_an_office() -> None:
    for subject in ("views", "batch", "across", "diff", "cli"):
        words = Catalogue(subject)["zh"]
        texts = repr(words._texts)
        assert "识读" not in texts
        assert "印出" not in texts
    assert not [name for name, code in CODES.items() if re.search("识读|印出", code.zh)]


def test_every_cell_has_a_name_of_its_own_in_the_forms_words() -> None:
    for form in every_form():
        for lang in ("zh", "en"):
            names = [cell_words(form, name, lang) for name in form.cells]
            assert len(set(names)) == len(names)
        assert not [name for name in form.cells if ENGLISH.search(cell_words(form, name, "zh"))]
    form = every_form()[0]
    for name, words in (
        ("requests.unprocessed_petition.natural_person", "表三 · 第三项（五）1 · 自然人"),
        ("requests.new_received.total", "表三 · 第一项 · 总计"),
        ("requests.results_total.other_org", "表三 · 第三项（七） · 其他"),
        ("proceedings.litigation_direct.pending", "表四 · 行政诉讼 未经复议直接起诉 · 尚未审结"),
    ):
        assert cell_words(form, name, "zh") == words


def test_every_verdict_has_a_next_step_and_every_grave_code_a_cause() -> None:
    for lang in ("zh", "en"):
        words = Catalogue("views")[lang]
        assert set(words.next) == {*VERDICTS, "usable"}
        assert set(words.causes) == {n for n, code in CODES.items() if code.severity != "info"}
        for sentence in words.next.values():
            assert sentence.endswith(("。", "."))
            assert len(re.findall("[。.]", sentence)) == 1


# --- what there is to do


def test_a_wrong_digit_is_told_with_its_place_both_sides_and_what_it_would_be_alone() -> None:
    source, result = read("one-digit-wrong")
    todos = Todos(Facts(result, source.text), "zh")
    (one,) = todos.all
    assert todos.badge == "勾稽不符 · 不平"
    assert (one.where, one.printed) == ("表三 · 第三项（五）1 · 自然人", "填报 900")
    line = int(re.findall(r"\d+", one.place)[0])
    assert "900" in source.text.split("\n")[line - 1]
    assert len(one.sums) == 2
    assert "8649" in one.sums[0]
    assert "8619" in one.sums[0]
    assert one.sums[0].endswith("相差 30")
    assert one.needed == "若仅此一处有误，应为 870（据勾稽关系反推，不是更正）"
    assert result.cells[one.cells[0]].value == 900  # said, and not put in


@pytest.mark.parametrize(
    ("case", "badge"),
    [
        ("cut-table-negative-count", "勾稽不符 · 负数"),
        ("table-four-lost", "数据不完整 · 缺表"),
        ("blanks-that-do-not-follow", "数据不完整 · 空白"),
        ("tab-indented-2021", "已通过"),
    ],
)
def test_the_verdict_names_its_first_cause(case: str, badge: str) -> None:
    source, result = read(case)
    assert Todos(Facts(result, source.text), "zh").badge == badge
    assert f"结论：{badge}（{result.verdict}）" in summary(result, "zh")
    assert f"<strong>{badge}</strong>" in page(result, source.text, "zh")


def test_what_is_to_do_leads_the_summary_and_the_page() -> None:
    langs: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    for case, lang in zip(CASES, itertools.cycle(langs), strict=False):
        source, result = read(case)
        todos = Todos(Facts(result, source.text), lang)
        said = summary(result, lang, source=source.text)
        shown = page(result, source.text, lang)
        grave = [r for r in result.reasons if r.severity != "info"]
        assert bool(todos.all) == bool(grave)
        assert todos.next in said.replace("\n" + " " * 7, "").replace("\n" + " " * 8, " ")
        if not todos.all:
            continue
        title = todos.words["title"]
        counts = "\n" + Catalogue("views")[lang].identities
        assert said.index("\n" + title) < said.index(counts)
        assert shown.index('id="todo"') < shown.index('<ol class="reasons">')


def test_where_the_prose_disagrees_is_told_with_the_sum() -> None:
    body = WRONG.read_text(encoding="utf-8")
    claimed = "本年新收政府信息公开申请58364件。\n" + body
    wrong = claimed.replace("\t58365", "\t58366")
    assert wrong != claimed
    result = read_source(SourceText("x", wrong, "0" * 64, "utf-8"))
    found = [
        text
        for todo in Todos(Facts(result, wrong), "zh").all
        for text in (*todo.prose, todo.message)
    ]
    assert any("58364" in text for text in found), found


@pytest.mark.parametrize("kind", ["clean.html", "docx.docx", "one.xlsx", "chrome.pdf"])
def test_a_place_is_one_of_the_original(kind: str) -> None:
    from extractor.render.todo import Todos as Made
    from verify.schema import Cell, CellPlace

    places = {
        "clean.html": (CellPlace(line=120, offset=(1, 2)), "第120行"),
        "docx.docx": (CellPlace(table=2, row=5, column=4), "第2个表第5行第4列"),
        "one.xlsx": (CellPlace(sheet="表三", cell="C7"), "工作表“表三” C7"),
        "chrome.pdf": (CellPlace(page=3, box=(1.0, 2.0, 3.0, 4.0)), "第3页"),
    }
    place, words = places[kind]
    _, result = read("one-digit-wrong")
    cell = Cell(value=1, state="read", text="1", span=(0, 1), place=place)
    assert Made(Facts(result), "zh")._place_of(cell) == words


# --- the list


def test_the_list_has_a_row_for_each_thing_to_do_and_each_report(tmp_path: Path) -> None:
    target = tmp_path / "整改清单.xlsx"
    accepted = GOLDEN / "tab-indented-2021" / "report.txt"
    run = extract(WRONG, accepted, "-q", "--todo", target, "-o", tmp_path / "all.jsonl")
    assert run.returncode == 1
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    head, wrong, good = sheet.iter_rows(values_only=True)
    row = dict(zip(head, wrong, strict=True))
    assert row["单元格"] == "表三 · 第三项（五）1 · 自然人"
    assert row["结论"] == "勾稽不符 · 不平"
    assert str(row["勾稽关系"]).count("相差 30") == 2
    assert dict(zip(head, good, strict=True))["说明"] == "没有需要核对的事项。"
    refused = extract(WRONG, "--todo", tmp_path / "list.txt")
    assert (refused.returncode, refused.stdout) == (2, b"")


@pytest.mark.parametrize("evil", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "<b>x</b>\x07"])
def test_the_list_takes_no_text_for_a_formula(evil: str, tmp_path: Path) -> None:
    from extractor.outputs import Reported
    from extractor.outputs.todo_xlsx import to_todo

    source, result = read("one-digit-wrong")
    report = result.report.model_copy(update={"agency": evil})
    hostile = result.model_copy(update={"report": report})
    path = tmp_path / "l.xlsx"
    path.write_bytes(to_todo([Reported(hostile, source.text, evil)]))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith(evil[:4]) for cell in cells)


# --- templates
