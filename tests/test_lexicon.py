"""A lexicon: confirmed words are read by code, told at each cell, and weaker than everything the form says."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest

import prompts
from extractor.errors import UsageError
from extractor.ladder import Builtin, LanguageModel, Rung, climb
from extractor.lexicon import Lexicon
from extractor.readers.model import Interview
from tests.conftest import GOLDEN, extract
from tests.each import each, rows_of
from tests.here import in_this_process
from tests.oracle import Oracle
from tests.scripted.ask import Script
from tests.test_oracle import reworded as reworded_report
from verify.forms import every_form
from verify.layout import lay_out
from verify.verdict import Verified

told = rows_of(__file__)
PASSING = [
    "tab-indented-2021",
    "gb18030-crlf",
    "local-row-explained",
    "bare-page-numbers",
    "one-cell-a-line-2019",
    "form-2019-with-money",
    "hybrid-single-other-row",
]
OTHERWISE = {
    "new_received": ("本年新收政府信息公开申请数量", "全年收件"),
    "carried_in": ("上年结转政府信息公开申请数量", "去年未办完转来的件"),
    "granted": ("予以公开", "给看了"),
    "unable_not_held": ("本机关不掌握相关政府信息", "我单位没有这些信息"),
    "unprocessed_petition": ("信访举报投诉类申请", "来信来访"),
    "unprocessed_repeated": ("重复申请", "同一事项多次来件"),
    "results_total": ("（七）总计", "（七）合计办理数"),
    "carried_out": ("结转下年度继续办理", "年底尚未办完"),
}


def lexicon_of(rows: dict[str, str], who: str = "王芳") -> Lexicon:
    lexicon = Lexicon()
    for row, words in rows.items():
        lexicon.add(words.removeprefix("（七）"), "requests", row, who, "2026-11-28")
    return lexicon


ALL = lexicon_of({row: words for row, (_, words) in OTHERWISE.items()})


def reworded(text: str) -> str:
    for official, words in OTHERWISE.values():
        text = text.replace(official, words)
    return text


def source(case: str) -> str:
    from extractor.source import load

    return load(str(GOLDEN / case / "report.txt")).text


def read(text: str, lexicon: Lexicon | None = None) -> Verified:
    return climb(lay_out(text, None, lexicon.entries if lexicon else ()), [Builtin()]).step.verified


def values(verified: Verified) -> dict[str, object]:
    return {name: (cell.value, cell.state) for name, cell in verified.cells.items()}


@each("case", PASSING)
def test_words_that_were_confirmed_are_read_by_code(case: str) -> None:
    text = source(case)
    official, other = read(text), read(reworded(text))
    assert other.verdict not in ("accepted", "completed")
    found = read(reworded(text), ALL)
    assert (found.verdict, values(found)) == (official.verdict, values(official))


def test_every_cell_that_an_entry_named_says_so_with_entry_and_who() -> None:
    text = reworded(source("tab-indented-2021"))
    found = read(text, ALL)
    told = {cell: f for f in found.findings if f.code == "named_by_lexicon" for cell in f.cells}
    form = found.form
    assert form is not None
    wanted = {n for r in OTHERWISE for n in form.cells if n.startswith(f"requests.{r}.")}
    assert set(told) == wanted
    for cell, finding in told.items():
        assert finding.span is not None
        assert text[slice(*finding.span)].endswith(
            OTHERWISE[cell.split(".")[1]][1].removeprefix("（七）")
        )
        assert finding.by == "王芳 2026-11-28"


def test_a_report_without_the_words_is_read_as_without_a_lexicon() -> None:
    for case in PASSING:
        assert read(source(case), ALL) == read(source(case))


@told
def test_what_the_form_knows_is_refused(words: str) -> None:
    for row in ("carried_out", "granted"):
        table = "requests"
        if words == "规范性文件":
            table, row = "proactive", "normative_documents"  # noqa: PLW2901
        with pytest.raises(UsageError, match="form itself knows"):
            Lexicon().add(words, table, row)
        if table == "proactive":
            break
        if "第三方" in words:
            break


def test_no_words_name_two_rows() -> None:
    lexicon = lexicon_of({"granted": "给看了"})
    with pytest.raises(UsageError, match="already"):
        lexicon.add("1. 给看了", "requests", "carried_in")
    lexicon.add("给看了", "requests", "granted")
    assert len(lexicon.entries) == 1


@each("how", ["official", "twice", "two entries"])
def test_two_labels_of_a_table_never_become_one_row(how: str) -> None:
    text = source("tab-indented-2021")
    lexicon = lexicon_of({"granted": "给看了"})
    if how == "official":
        text = text.replace("重复申请", "给看了")
    elif how == "twice":
        text = text.replace("予以公开", "给看了").replace("重复申请", "给看了")
    else:
        lexicon.add("看过了", "requests", "granted")
        text = text.replace("予以公开", "给看了").replace("重复申请", "看过了")
    found = read(text, lexicon)
    assert found.verdict not in ("accepted", "completed", "inconsistent")
    codes = {finding.code for finding in found.findings}
    assert "lexicon_set_aside" in codes
    assert "named_by_lexicon" not in codes


def test_words_of_another_table_and_words_of_a_sentence_are_left() -> None:
    text = source("tab-indented-2021").replace("予以公开", "给看了")
    lexicon = Lexicon()
    lexicon.add("给看了", "proactive", "licensing")
    assert read(text, lexicon) == read(text)
    prose = source("tab-indented-2021").replace("（一）予以公开", "（一）予以公开，给看了")
    assert "named_by_lexicon" not in {f.code for f in read(prose, ALL).findings}


def test_a_failed_sum_is_not_held_against_a_report_by_words_of_a_lexicon() -> None:
    text = source("one-digit-wrong")
    assert read(text).verdict == "inconsistent"
    failed = {c.split(".")[1] for f in read(text).findings for c in f.cells if f.level == "error"}
    assert failed & set(OTHERWISE)
    found = read(reworded(text), ALL)
    assert found.verdict == "unconfirmed"
    assert "not_proven" in {finding.code for finding in found.findings}


def test_columns_have_entries_too() -> None:
    text = source("tab-indented-2021")
    assert text.count("科研机构") == 1
    lexicon = Lexicon()
    lexicon.add("研究单位与院所", "requests", "", "王芳", column="research")
    found = read(text.replace("科研机构", "研究单位与院所"), lexicon)
    assert (found.verdict, values(found)) == ("accepted", values(read(text)))
    (told,) = (f for f in found.findings if f.code == "named_by_lexicon")
    assert all(cell.endswith(".research") for cell in told.cells)
    assert len(told.cells) == 25


def test_what_a_model_named_and_a_person_confirmed_is_accepted_from_then_on() -> None:
    report = reworded_report()
    reader = Interview(prompts.load("pointer-zh"), ask=Script(Oracle(report.truth)))
    rungs: list[Rung] = [Builtin(), LanguageModel("openai/oracle", reader)]
    named = climb(lay_out(report.text), rungs).step.verified
    assert named.verdict == "unconfirmed"
    lexicon = Lexicon()
    for finding in named.findings:
        if finding.code == "named_by_model" and finding.actual is not None:
            with suppress(UsageError):  # an official label among them
                table, row, _ = finding.cells[0].split(".")
                lexicon.add(finding.actual, table, row, "王芳")
    found = read(report.text, lexicon)
    assert found.verdict == "accepted"
    assert {n: c.value for n, c in found.cells.items()} == dict(report.truth)


@each("seed", range(14))
def test_a_lexicon_that_was_tampered_with_is_told_at_every_cell_that_it_moved(seed: int) -> None:
    """Entries that name wrong rows: whatever passes is right, but for cells that say that the lexicon named them."""
    rng = random.Random(seed)
    case = PASSING[seed % len(PASSING)]
    text, truth = reworded(source(case)), values(read(source(case)))
    rows = [row.id for row in every_form()[0].table("requests").rows]
    lexicon = Lexicon()
    for _, words in OTHERWISE.values():
        lexicon.add(words.removeprefix("（七）"), "requests", rng.choice(rows), "mallory")
    found = read(text, lexicon)
    assert found.verdict != "inconsistent"
    if found.verdict in ("accepted", "completed"):
        told = {c for f in found.findings if f.code == "named_by_lexicon" for c in f.cells}
        wrong = {name for name, value in values(found).items() if value != truth[name]}
        assert wrong <= told


# --- the file and the commands


@each(
    "line",
    [
        "[]",
        "{",
        '"words"',
        '{"words": "给看了"}',
        '{"words": 1, "table": "requests", "row": "granted"}',
        '{"words": "给看了", "table": "requests", "row": "granted", "value": "3"}',
        '{"words": "给看了", "table": "request", "row": "granted"}',
        '{"words": "给看了", "table": "requests", "row": "grante"}',
        '{"words": "给看了", "table": "requests", "row": "granted", "column": "total"}',
        '{"words": "给看了", "table": "requests"}',
        '{"words": "8", "table": "requests", "row": "granted"}',
        '{"words": "给\\n看了", "table": "requests", "row": "granted"}',
        '{"words": "部分公开", "table": "requests", "row": "granted"}',
        "[" * 9_000,
        "\udc80",
    ],
)
def test_a_wrong_file_is_refused_in_one_line(line: str, tmp_path: Path) -> None:
    lexicon = tmp_path / "words.jsonl"
    lexicon.write_bytes(line.encode("utf-8", "surrogateescape") + b"\n")
    with pytest.raises(UsageError) as refused:
        Lexicon.load(lexicon)
    assert len(str(refused.value).splitlines()) == 1
    assert str(lexicon) in str(refused.value)


@each("argv", [["{report}"], ["batch", "{report}", "--store", "{store}"], ["verify", "{result}"]])
def test_no_command_takes_a_wrong_file(argv: list[str], tmp_path: Path) -> None:
    report = GOLDEN / "tab-indented-2021" / "report.txt"
    lexicon, result = tmp_path / "words.jsonl", tmp_path / "r.json"
    lexicon.write_text("[]", encoding="utf-8")
    result.write_bytes(extract(report).stdout)
    places = {"report": report, "store": tmp_path / "s.db", "result": result}
    done = extract(*(word.format(**places) for word in argv), "--lexicon", lexicon)
    assert (done.returncode, done.stdout) == (2, b"")
    (said,) = done.stderr.decode().splitlines()
    assert "line 1" in said


def test_the_commands_keep_the_file(tmp_path: Path) -> None:
    file = tmp_path / "words.jsonl"
    add = (
        "lexicon",
        "add",
        file,
        "给看了",
        "requests.granted",
        "--who",
        "王芳",
        "--when",
        "2026-11-28",
    )
    assert extract(*add).returncode == 0
    assert extract(*add).returncode == 0
    assert (
        extract("lexicon", "add", file, "机构", "requests.*.research", "--who", "a").returncode == 0
    )
    listed = extract("lexicon", "list", file).stdout.decode().splitlines()
    assert listed[0].split("\t") == ["给看了", "requests.granted", "予以公开", "王芳", "2026-11-28"]
    assert listed[1].startswith("机构\trequests.*.research\t科研机构\ta")
    assert extract("lexicon", "remove", file, "（一）给看了").returncode == 0
    assert len(Lexicon.load(file).entries) == 1
    for wrong in (
        ("remove", file, "给看了"),
        ("add", file, "给看了", "granted", "--who", "a"),
        ("add", file, "给看了", "requests.granted"),
        ("list", tmp_path / "none.jsonl"),
    ):
        done = extract("lexicon", *wrong)
        assert (done.returncode, len(done.stderr.decode().splitlines())) == (2, 1)


def test_results_go_stale_with_the_lexicon_and_follow_from_the_one_they_were_made_with(
    tmp_path: Path,
) -> None:
    from extractor import batch
    from extractor.rungs import Asking

    report, store, file = tmp_path / "r.txt", tmp_path / "s.db", tmp_path / "w.jsonl"
    report.write_text(reworded(source("tab-indented-2021")), encoding="utf-8")
    lexicon_of({"granted": "给看了"}).save(file)

    def run(
        rerun: Literal["stale"] | None, lexicon: Path | None
    ) -> tuple[int, str | None, str | None]:
        asking = Asking(("builtin",), lexicon=str(lexicon) if lexicon else None)
        how = batch.Options(processes=1, rerun=rerun)
        with in_this_process():
            done = batch.run([report], store, how, asking).counts.done
        with batch.Store.open(store) as opened:
            (one,) = opened.reports()
            return done, one.verdict, json.loads(one.json or "{}")["provenance"].get("lexicon")

    before = run(None, None)
    assert (before[0], before[2]) == (1, None)
    assert before[1] != "accepted"
    assert run("stale", file)[::2] == (1, Lexicon.load(file).sha256)
    assert run("stale", file)[0] == 0
    ALL.save(file)
    assert run("stale", file) == (1, "accepted", ALL.sha256)
    result = tmp_path / "r.json"
    result.write_bytes(extract(report, "--lexicon", file).stdout)
    assert extract("verify", result, "--lexicon", file).returncode == 0
    assert extract("verify", result).returncode == 2
    lexicon_of({"granted": "给看了"}).save(file)
    assert extract("verify", result, "--lexicon", file).returncode == 2
