"""Words of the form and others count where they belong: anything else in a table keeps a report from passing.

Each kind was once accepted in silence. Most sums hold all the same, so nothing but the words can tell.
"""

from __future__ import annotations

from extractor.pipeline import work
from tests.each import each, rows
from tests.test_misread_lines import REPORT, passes

ROWS = rows(__file__)

TABLE_TWO = "二、主动公开政府信息情况\n"
LAST = "六、其他需要报告的事项\n无。\n"
WORDS = ROWS["words"] | {
    "a later report below": [(LAST, LAST + REPORT.replace("2022年", "2023年"))],
}
HARMLESS = ROWS["harmless"] | {
    "an earlier report below": [(LAST, LAST + REPORT.replace("2022年", "2021年"))],
}


def edited(edits: list[tuple[str, str]]) -> str:
    """The report with the first of each of these put otherwise."""
    text = REPORT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@each("kind", WORDS)
def test_words_that_are_not_understood_keep_a_report_from_passing(kind: str) -> None:
    assert not passes(edited(WORDS[kind])), kind


@each("kind", HARMLESS)
def test_what_is_harmless_keeps_none(kind: str) -> None:
    outcome = work(edited(HARMLESS[kind]))
    assert outcome.verdict == "accepted", (kind, [f.code for f in outcome.findings])


def test_a_remark_stands_at_every_cell_to_which_it_is_tied() -> None:
    outcome = work(edited([(TABLE_TWO, f"{TABLE_TWO}全县合计\n")]))
    assert outcome.verdict == "unconfirmed"
    tied = {name for name, cell in outcome.cells.items() if cell.remark == "全县合计"}
    assert tied == {name for name in outcome.cells if name.startswith("proactive.")}


def test_a_text_that_is_quoted_as_a_whole_is_read_as_without_the_signs() -> None:
    quoted = "".join(f"> {line}" for line in REPORT.splitlines(keepends=True))
    outcome = work(quoted)
    assert outcome.verdict == "accepted"
    assert {n: c.value for n, c in outcome.cells.items()} == {
        n: c.value for n, c in work(REPORT).cells.items()
    }
