"""The summary page: one file that loads nothing, plots drawn into it, text of reports never markup."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.across import summary_of, summary_page
from extractor.across.lines import Lines
from extractor.across.page import TEMPLATES, WIDTH, Bar, Part, shade, widths
from extractor.batch.store import Store
from extractor.batch.words import VERDICTS
from extractor.catalogue import Lang
from extractor.errors import UsageError
from extractor.render._html import environment
from tests.across_results import result, telling
from tests.conftest import command
from tests.each import rows
from tests.stores import golden, make_store
from tests.test_across import IN, OUT, failed_store

ROWS = rows(__file__)

run = command("summary")

VOID = {"meta", "wbr"}
HOSTILE = (
    "乙县<script>alert(1)</script>教育局",
    "丙县\"onload='x'>&amp;&lt;教育局",
    '=HYPERLINK("http://x")丁县教育局',
    "戊县</style></main>教育局",
    "己县\x00\x1b[31m\u202e教育局",
    "{0}{agency}%s%(x)s庚县教育局",
)


class Page(HTMLParser):
    """The tags of a page; fails where one is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []
        self.rects: list[tuple[int, dict[str, str | None]]] = []
        self.bars = 0
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "svg":
            self.bars += 1
        if tag == "rect":
            self.rects.append((self.bars, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def said(self) -> str:
        return "".join(self.text)


def hostile(path: Path) -> str:
    """A store whose agencies and paths are markup, formulas, templates and terminal commands."""
    results = {}
    for number, name in enumerate(HOSTILE):
        for year in (2020, 2021, 2022):
            values = telling(number % 2) | {IN: year % 5, OUT: 3}
            results[f"r/{name}/{year}.txt"] = result(name, year, values)
        results[f"r/{name}/again.txt"] = result(name, 2022, telling(9))
    reports = [(name, str(number).encode()) for number, name in enumerate(results)]
    return str(make_store(path, reports, results=results))


@pytest.fixture(scope="module")
def of_golden(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_store(tmp_path_factory.mktemp("store") / "run.db", golden()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_of_reports_is_never_markup(tmp_path: Path, lang: Lang) -> None:
    path = hostile(tmp_path / "<b>r.db")
    text = summary_page(path, lang)
    page = Page(text)
    assert set(page.tags) <= set(ROWS["tags"])
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.said
    assert "{0}{agency}%s%(x)s庚县教育局" in page.said
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_the_page_loads_nothing_and_runs_nothing(of_golden: str) -> None:
    text = summary_page(of_golden)
    page = Page(text)
    assert not {name for _, name, _ in page.attributes} & {
        "src",
        "href",
        "style",
        "srcset",
        "action",
    }
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
    (css,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in css
    assert "@import" not in css
    digest = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = next(v for _, n, v in page.attributes if n == "content" and v and "default-src" in v)
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_every_count(of_golden: str, lang: Lang) -> None:
    found = summary_of(of_golden)
    text = summary_page(of_golden, lang)
    tiles = re.findall(r'<li class="(\w*)"><b>([\d,]+)</b>', text)
    expected = [("", str(found.reports)), *((v, str(found.verdicts[v])) for v in VERDICTS)]
    assert tiles == expected
    (bars,) = re.findall(r'<section class="years">.*?</section>', text, re.DOTALL)
    assert re.findall(r'<span class="n">(\d+)</span>', bars) == [
        str(found.by_year[year].total()) for year in sorted(filter(None, found.by_year))
    ]
    for rule in found.rules:
        assert Lines(lang).rule(rule.rule) in Page(text).said
    for worst in found.worst:
        assert worst.name in text


def test_bars_stand_side_by_side_and_inside_their_frame(of_golden: str) -> None:
    page = Page(summary_page(of_golden))
    ends: dict[int, int] = {}
    drawn = [(at, rect) for at, rect in page.rects if "x" in rect]
    assert len(drawn) > 20
    for at, rect in drawn:
        assert int(rect["x"] or -1) == ends.get(at, 0)
        assert int(rect["width"] or 0) > 0
        ends[at] = int(rect["x"] or 0) + int(rect["width"] or 0)
    assert max(ends.values()) == WIDTH
    assert all(end <= WIDTH for end in ends.values())


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=7), st.integers(0, 10**6))
def test_parts_of_a_bar_are_in_proportion_seen_and_never_too_wide(
    sizes: list[int], more: int
) -> None:
    whole = max(1, sum(sizes) + more)
    found = widths(sizes, whole)
    assert sum(found) <= WIDTH
    for size, width in zip(sizes, found, strict=True):
        assert bool(width) == bool(size)
        assert abs(width - WIDTH * size / whole) <= 5 * len(sizes)


def test_a_bar_says_its_figures_to_those_who_cannot_see_it() -> None:
    macros = environment(TEMPLATES).get_template("bars.html.j2").module
    part = Part("accepted", "3 <accepted>", 0, 500)
    drawn = macros.bars([Bar("a", [part, Part("rejected", "nothing", 500, 0)], 'a "bar"', "3")])  # type: ignore[attr-defined]
    assert 'aria-label="a &#34;bar&#34;"' in drawn
    assert "<title>3 &lt;accepted&gt;</title>" in drawn
    assert "nothing" not in drawn


def test_a_square_is_the_darker_the_more_it_stands_for() -> None:
    steps = [shade(n, 100) for n in range(101)]
    assert steps == sorted(steps)
    assert (steps[0], steps[1], steps[100]) == (0, 1, 5)


def test_the_same_store_gives_the_same_page(of_golden: str) -> None:
    assert summary_page(of_golden) == summary_page(of_golden)


def test_the_command_writes_the_page_of_the_library(of_golden: str, tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        assert run([of_golden, "-q", "--lang", lang, "--html", str(tmp_path / "p.html")]) == 0
        written = (tmp_path / "p.html").read_text(encoding="utf-8")
        assert written == summary_page(of_golden, "zh" if lang == "zh" else "en")


def test_an_empty_store_has_a_page_that_says_so(tmp_path: Path) -> None:
    path = str(tmp_path / "r.db")
    Store.open(path, write=True).close()
    assert "There is no report in this store yet." in Page(summary_page(path, "en")).said


def test_a_store_of_failures_only_has_a_page_that_says_why(tmp_path: Path) -> None:
    page = Page(summary_page(failed_store(tmp_path / "r.db"), "en"))
    assert "no right to read it" in page.said
    assert "not tried yet" in page.said
    assert "\x1b" not in page.said


def test_findings_beyond_what_a_page_lists_are_counted(tmp_path: Path) -> None:
    path = hostile(tmp_path / "r.db")
    whole = summary_of(path, keep=1000)
    assert len(whole.years) > 5
    text = Page(summary_page(path, "en", keep=3)).said
    assert f"{len(whole.years) - 3} more are not listed" in text


def test_both_languages_have_the_same_pieces(of_golden: str) -> None:
    zh, en = Page(summary_page(of_golden, "zh")), Page(summary_page(of_golden, "en"))
    for page in (zh, en):  # where an id may be broken; a sentence needs none
        page.tags.pop("wbr", None)
    assert zh.tags == en.tags


def test_a_page_never_replaces_a_report_and_replaces_a_page(of_golden: str, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_bytes(golden()[0][1])
    with pytest.raises(UsageError, match="is a file that is no page") as caught:
        run([of_golden, "-q", "--html", str(report)])
    assert caught.value.exit_code == 2
    assert report.read_bytes() == golden()[0][1]
    for lang in ("zh", "en"):  # the second one takes the place of the first
        assert run([of_golden, "-q", "--lang", lang, "--html", str(tmp_path / "p.html")]) == 0
    assert 'lang="en"' in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_chinese_words_for_endings_and_forms(
    of_golden: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = Page(summary_page(of_golden, "zh")).said
    assert "已完成" in said
    assert "finished" not in said
    assert "两版混用" in said
    assert run([of_golden]) == 0
    shown = capsys.readouterr().out
    assert "finished" not in shown
    worst = shown.split("问题最多的报告")[1].split("跨年核对")[0]
    assert "勾稽不符" in worst
    assert "inconsistent" not in worst


def test_the_time_that_is_told_is_when_the_run_ended(of_golden: str) -> None:
    found = summary_of(of_golden)
    (run_,) = found.runs
    found.runs = [replace(run_, began="2020-01-01T01:01:01Z", ended="2020-01-02T02:02:02Z")]
    assert "(UTC 2020-01-02 02:02:02, finished)" in Lines("en").runs(found)
    found.runs = [replace(found.runs[0], ended=None, ending=None)]
    assert "(began UTC 2020-01-01 01:01:01, not ended)" in Lines("en").runs(found)
    assert "（始于UTC 2020-01-01 01:01:01，未正常结束）" in Lines("zh").runs(found)
