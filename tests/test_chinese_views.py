"""Chinese views are Chinese: no id of a cell, no id of a rule, no English word but what is quoted or a name."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from extractor import Report, read
from extractor.across import summary_page
from extractor.across.summary import summarise
from extractor.across.terminal import lines
from extractor.batch.store import Store
from extractor.outputs import Reported
from extractor.outputs.todo_xlsx import to_todo
from tests.conftest import CASES, GOLDEN
from tests.each import each
from tests.stores import golden, make_store
from verify.rules import every_rule
from verify.verdicts import BEST_FIRST

NAMES = re.compile(
    r"\b(report\.txt|golden/[a-z0-9/.-]+|sha256|utf-8(-sig)?|gb18030|big5(hkscs)?|builtin|USD|UTC|run\.db|JSON|PDF|Excel|Word)\b"
)
"""Names of files, encodings, formats, models, units of time and money."""
QUOTED = re.compile("“[^”]*”")
HASH = re.compile(r"\b[0-9a-f]{16,64}\b|\b[0-9a-z]{8}/[0-9a-z]{8}\b")
CELL = re.compile(r"\b(proactive|requests|proceedings)\.[a-z_]+")
VOID = {"br", "meta", "link", "input", "rect", "wbr", "path", "line", "img", "col", "circle"}
SHOWN = ("title", "aria-label", "alt", "placeholder")


class Seen(HTMLParser):
    """What a reader of a page sees or hears, without the pane of the source and what is quoted from it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def hidden(self) -> bool:
        return any(hides for _, hides in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        names = set((given.get("class") or "").split())
        if tag not in VOID:
            quoted = bool(names & {"source", "why", "path"}) and tag != "title"
            self._open.append((tag, quoted or tag in ("script", "style")))
        if not self.hidden:
            self.found += [str(given[name]) for name in SHOWN if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def english(text: str) -> list[str]:
    """Words of more than one letter that are neither quoted nor a name."""
    for what in (QUOTED, HASH, NAMES):
        text = what.sub("", text)
    return re.findall(r"[A-Za-z][A-Za-z_.]+", text)


def strange(texts: Iterator[str] | list[str], *, but: frozenset[str] = frozenset()) -> set[str]:
    rules = {rule.id for rule in every_rule() if "." in rule.id or "_" in rule.id}
    found = set()
    for text in texts:
        assert not CELL.search(QUOTED.sub("", text)), text
        assert not rules & set(re.findall(r"[a-z_.]+", text)), text
        found |= {word for word in english(text) if word not in but}
    return found


@cache
def reported(name: str) -> Report:
    return read(GOLDEN / name / "report.txt", lang="zh")


@each("name", CASES)
def test_a_page_has_no_english_word_and_no_id(name: str) -> None:
    report = reported(name)
    seen = Seen()
    seen.feed(report.to_html())
    assert len(seen.found) > 20
    assert strange(seen.found) == set()


@each("name", CASES)
def test_a_summary_has_the_word_of_the_verdict_and_no_other(name: str) -> None:
    """The last line of defence of a script that reads it: the verdict stands there as in the result."""
    report = reported(name)
    assert strange(report.summary().splitlines(), but=frozenset({report.verdict})) == set()


def test_the_list_of_things_to_do_is_chinese() -> None:
    reports = []
    for name in CASES:
        report = reported(name)
        reports.append(Reported(report.result, report.source.text, f"golden/{name}/report.txt"))
    book = openpyxl.load_workbook(io.BytesIO(to_todo(reports, lang="zh")))
    texts = [
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    ]
    assert len(texts) > 50
    assert strange(texts) == set()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = [*golden(), ("golden/none/report.txt", b"\0\1\2")]
    return make_store(tmp_path_factory.mktemp("zh") / "run.db", reports)


def test_the_page_of_a_store_is_chinese(store: Path) -> None:
    seen = Seen()
    seen.feed(summary_page(str(store), lang="zh"))
    assert len(seen.found) > 100
    assert strange(seen.found) == set()


def test_the_terminal_says_rules_in_their_words(store: Path) -> None:
    with Store.open(store) as opened:
        said = list(lines(summarise(opened), "zh"))
    assert any("自然人一列" in line for line in said)
    assert (
        strange([line.replace(str(store), "") for line in said], but=frozenset(BEST_FIRST)) == set()
    )


def test_english_in_a_page_would_be_noticed() -> None:
    seen = Seen()
    seen.feed(
        '<main><p title="not read">甲</p><p>请核对 requests</p><aside class="source">abc</aside></main>'
    )
    assert strange(seen.found) == {"not", "read", "requests"}
    with pytest.raises(AssertionError):
        strange(["表三 requests.granted.total"])
