"""The shapes in which a text file holds its tables: read with every cell right, or refused honestly."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable

import pytest

from extractor.pipeline import read_source, read_text
from extractor.source import decode
from tests.each import each
from tests.shapes_report import AGENCY, TITLE, YEAR, Cell, Printed, Rows, make
from verify.document.folded import fold
from verify.schema import Result

REPORTS = [make(seed) for seed in range(3)]
PASSED = ("accepted", "completed")


def read(data: str | bytes) -> Result:
    """The result of a file; each span leads to the canonical text."""
    raw = data.encode() if isinstance(data, str) else data
    source = decode(raw, "r.txt")
    result = read_source(source)
    for cell in result.cells.values():
        if cell.span is not None:
            assert source.text[cell.span[0] : cell.span[1]] == cell.text
    return result


def right(data: str | bytes, report: Printed) -> Result:
    """The result of a file that has to be read with every cell right."""
    result = read(data)
    assert result.verdict == "accepted", [r.message_en for r in result.reasons]
    assert {k: str(cell.value) for k, cell in result.cells.items()} == report.figures
    assert (result.report.agency, result.report.year) == (AGENCY, YEAR)
    return result


def never_wrong(data: str | bytes, report: Printed, *lost: str) -> Result:
    """The result of a file of which no cell may be wrong and the lost ones may not be read."""
    result = read(data)
    assert result.verdict != "inconsistent", [r.message_en for r in result.reasons]
    for name, cell in result.cells.items():
        if name in lost:
            assert cell.state != "read", (name, cell)
        if cell.state == "read":
            assert str(cell.value) == report.figures[name], (name, cell)
    return result


def in_cells(report: Printed, change: Callable[[str], str]) -> str:
    """The report with every field of a table that is a figure changed."""
    lines = list(report.before)
    for head, rows in report.fields():
        lines.append(head)
        lines += ["\t".join(change(f) if is_figure(f) else f for f in row) for row in rows]
    return "\n".join([*lines, *report.after]) + "\n"


def is_figure(text: str) -> bool:
    return re.fullmatch(r"[0-9.]+", text) is not None


# --- separators


def separated(report: Printed, *, sign: str, quoting: int, padded: bool, end: str = "\r\n") -> str:
    """The whole report as a file of records."""
    rows: list[list[str]] = [[line] for line in report.before]
    for head, table in report.fields():
        rows += [[head], *table]
    rows += [[line] for line in report.after]
    width = max(map(len, rows)) if padded else 0
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
    return out.getvalue()


def test_a_quoted_cell_may_hold_line_ends_quotes_and_separators() -> None:
    report = REPORTS[0]
    text = separated(report, sign=",", quoting=csv.QUOTE_ALL, padded=False)
    text = text.replace("商业企业", "商业\n企业").replace("属于国家秘密", "属于,国家\r\n秘密")
    text = text.replace("“三安全一稳定”", '""三安全一稳定""')
    right(text, report)


def test_quoted_cells_of_a_tabbed_file_are_joined() -> None:
    report = REPORTS[1]
    text = (
        report.text()
        .replace("社会公益组织", '"社会公益\n组织"')
        .replace("其他结果", '"其他\n结果"')
    )
    right(text, report)


def test_commas_that_may_group_thousands_part_no_cells() -> None:
    report = make(4)
    for id, figure in (("licensing", "12345"), ("penalties", "6789"), ("coercion", "1234")):
        report.figures[f"proactive.{id}.decisions"] = figure
    rows = [[c.text for c in row] for _, table in report.tables[:1] for row in table]
    lines = []
    for row in rows:
        grouped = {"行政许可": "12,345", "行政处罚": "6,789", "行政强制": "1,234"}.get(row[0])
        lines.append("\t".join([row[0], grouped] if grouped else row))
    text = report.text()
    head, _, rest = text.partition("第二十条第（一）项")
    tail = rest[rest.index("三、收到和处理") :]
    right(head + "\n".join(lines) + "\n" + tail, report)
    bare = (head + "\n".join(lines) + "\n" + tail).replace("\t", ",")
    never_wrong(bare, report)


def test_sentences_with_commas_stay_whole() -> None:
    text = "\n".join(["共收到申请5,办结5,结转0。"] * 4 + ["规章1,废止0,有效3;合计4"] * 2)
    assert "\t" not in fold(text).text
    assert fold("甲,乙,丙\n丁,戊,己\n庚,辛,壬\n" * 3).text.count("\t") == 0


# --- HTML


def as_html(rows: Rows, *, style: str) -> str:
    """A table as tags."""
    gap = {"line": "", "tags": "\n", "indented": "\n    "}[style]
    out = ["<table border=1>" if style == "line" else '<TABLE class="t">']
    for row in rows:
        out.append(f"{gap}<tr>")
        for cell in row:
            spans = f' colspan="{cell.wide}"' if cell.wide > 1 else ""
            spans += f" rowspan={cell.high}" if cell.high > 1 else ""
            inner = html.escape(cell.text)
            if style == "indented":
                inner = f"{gap}<p><span>{inner}</span></p>{gap}"
            out.append(f"{gap}<td{spans}>{inner}</td>")
        out.append(f"{gap}</tr>")
    return "".join([*out, gap, "</table>"])


def with_tables(report: Printed, write: Callable[[Rows], str], between: str = "\n\n") -> str:
    """The report with its tables written by a function."""
    blocks = [*report.before]
    for head, rows in report.tables:
        blocks += ["## " + head, write(rows)]
    return between.join([*blocks, *report.after]) + "\n"


@each("report", REPORTS)
@each("style", ["line", "tags", "indented"])
def test_tables_of_tags_in_markdown(report: Printed, style: str) -> None:
    right(with_tables(report, lambda rows: as_html(rows, style=style)), report)


def test_tags_without_their_ends_and_a_part_of_a_table() -> None:
    report = REPORTS[2]
    text = with_tables(report, lambda rows: as_html(rows, style="tags"))
    right(re.sub("</t[dr]>", "", text), report)
    right(re.sub("</?table[^>]*>", "", text, flags=re.IGNORECASE), report)


def test_tags_that_were_escaped_once_more() -> None:
    report = REPORTS[2]
    text = with_tables(report, lambda rows: html.escape(as_html(rows, style="line")))
    right(text, report)


def test_a_break_in_a_cell_of_a_table_of_tags_joins() -> None:
    report = REPORTS[0]
    name = "requests.new_received.total"
    figure = report.figures[name]

    def split(rows: Rows) -> str:
        text = as_html(rows, style="line").replace("社会公益", "社会<br>公益")
        return text.replace(f"<td>{figure}<", f"<td>{figure[:2]}<br/>{figure[2:]}<")

    result = right(with_tables(report, split), report)
    assert result.cells[name].text == f"{figure[:2]}<br/>{figure[2:]}"


def test_runs_of_one_figure_join_and_paragraphs_do_not() -> None:
    report = REPORTS[0]
    name = "requests.new_received.total"
    figure = report.figures[name]

    def cut(middle: str) -> str:
        def write(rows: Rows) -> str:
            text = as_html(rows, style="line")
            return text.replace(f"<td>{figure}<", f"<td><p>{figure[:1]}{middle}{figure[1:]}</p><")

        return with_tables(report, write)

    right(cut("</b><b>"), report)
    never_wrong(cut("</p><p>"), report, name)


def test_one_figure_over_all_columns_is_not_each_of_them() -> None:
    report = REPORTS[0]
    row = report.tables[1][1][4]
    merged = [*row[:-7], Cell(row[-7].text, 7)]

    def write(rows: Rows) -> str:
        return as_html([merged if r is row else r for r in rows], style="line")

    lost = (f"requests.carried_in.{column}" for column in ("business", "other_org", "total"))
    assert never_wrong(with_tables(report, write), report, *lost).verdict != "accepted"


def test_raised_and_struck_figures_join_nothing() -> None:
    report = REPORTS[1]
    name = "proactive.licensing.decisions"
    figure = report.figures[name]
    cell = f"行政许可\t{figure}\n"
    raised = right(report.text().replace(cell, f"行政许可\t{figure}<sup>1</sup>\n"), report)
    assert raised.cells[name].value == int(figure)
    for struck in ("<s>4</s>", "<del>4</del>", "~~4~~"):
        never_wrong(report.text().replace(cell, f"行政许可\t{struck}{figure}\n"), report, name)


def test_what_only_looks_like_tags_stays() -> None:
    for text in ("比上年<3%，<附件>略", "若 a<b 则 c>d", "金额 $5 和 $6", r"C:\new\table"):
        assert fold(text).text == fold_plain(text)


def fold_plain(text: str) -> str:
    from verify.fold import fold_text

    return fold_text(text)


# --- escapes and entities


def test_entities_inside_labels_and_figures() -> None:
    report = REPORTS[0]
    text = report.text().replace("“三安全一稳定”", "&ldquo;三安全一稳定&quot;")
    right(text.replace("（一）予以公开", "&#65288;一&#65289;予以公开"), report)
    digits = in_cells(report, lambda f: "".join(f"&#{ord(c)};" for c in f))
    right(digits, report)


# --- JSON


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_report_in_a_field_of_json(ascii_only: bool) -> None:
    report = REPORTS[0]
    text = report.text()
    one = {
        "id": 77,
        "url": "http://a/2023.html",
        "title": TITLE,
        "正文": text,
        "tags": ["2023", "年报"],
    }
    for data in (one, [one], {"data": {"list": [one]}}, text):
        for indent in (None, 2):
            raw = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
            result = right(raw, report)
            source = decode(raw.encode(), "r.json")
            assert source.text == text
            assert result.provenance.source.renderer == "json/1"
            assert result.provenance.source.media_type == "application/json"


def test_places_of_json_lead_to_the_file() -> None:
    report = REPORTS[0]
    raw = json.dumps({"a": "旧", "text": report.text()}, ensure_ascii=False, indent=1)
    result = right(raw, report)
    for cell in result.cells.values():
        assert cell.place is not None
        start, end = cell.place.offset or (0, 0)
        assert raw[start:end] == cell.text
        assert cell.place.line == raw.count("\n", 0, start) + 1


def test_pages_and_lines_of_json_stand_one_after_the_other() -> None:
    report = REPORTS[1]
    text = report.text()
    half = text.index("（四）无法提供")
    pages = {"pages": [{"page": 1, "md": text[:half]}, {"page": 2, "md": text[half:]}]}
    right(json.dumps(pages), report)
    right(json.dumps(text.splitlines(), ensure_ascii=False), report)
    right(
        "".join(json.dumps({"p": line}, ensure_ascii=False) + "\n" for line in text.splitlines()),
        report,
    )


def test_the_title_may_be_a_field_of_its_own() -> None:
    report = REPORTS[1]
    body = report.text().split("\n", 1)[1]
    right(json.dumps({"title": TITLE, "content": body}, ensure_ascii=False), report)


def test_json_that_is_none_or_holds_no_report_is_text() -> None:
    text = REPORTS[0].text()
    cut = json.dumps({"text": text}, ensure_ascii=False)[:-2]
    assert read(cut).verdict in (*PASSED, "unconfirmed", "incomplete", "rejected")
    assert read('{"a": [1, 2], "b": "无"}').verdict == "unsupported"
    assert read('{"a": ' * 3000).verdict == "unsupported"


# --- Markdown and LaTeX


def test_a_float_that_is_no_integer_is_no_count() -> None:
    report = REPORTS[0]
    figure = report.figures["proactive.licensing.decisions"]
    for odd in (f"{figure}.5", f"{figure}.000", "1.13989E+07", "NaN", "None", "null", "undefined"):
        never_wrong(
            report.text().replace(f"行政许可\t{figure}\n", f"行政许可\t{odd}\n"),
            report,
            "proactive.licensing.decisions",
        )


# --- bytes, controls, invisible signs


@each("sign", ["\x07", "\r\x07", "\x1f", "\x00"])
def test_marks_of_a_word_processor_are_separators(sign: str) -> None:
    right(
        REPORTS[1].text().replace("\t", sign).replace("\n三、收到", "\n\x0c\x00三、收到"),
        REPORTS[1],
    )


def test_a_control_character_joins_no_digits() -> None:
    report = REPORTS[1]
    name = "requests.granted.natural_person"
    figure = report.figures[name]
    text = report.text().replace(
        f"予以公开\t{figure}\t", f"予以公开\t{figure[0]}\x00{figure[1:]}9\t"
    )
    assert read(text).cells[name].value != int(figure[0] + figure[1:] + "9")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_bad_byte_costs_what_it_stands_in(encoding: str) -> None:
    report = REPORTS[2]
    data = report.text().encode(encoding)
    word = "栏目按事项".encode(encoding)
    bad = right(data.replace(word, word[:4] + b"\xff" + word[4:], 1), report)
    assert "bad_bytes" in {reason.code for reason in bad.reasons}
    name = "proactive.licensing.decisions"
    cell = f"行政许可\t{report.figures[name]}\n".encode(encoding)
    never_wrong(data.replace(cell, cell[:-2] + b"\xff" + cell[-2:], 1), report, name)


def test_a_file_cut_in_its_last_character_is_read() -> None:
    report = REPORTS[2]
    data = report.text().encode().rstrip(b"\n")
    right(data[:-1], report)
    right(data[:-2], report)


def test_a_mark_at_the_start_is_no_character_of_a_damaged_file() -> None:
    report = REPORTS[2]
    data = report.text().encode("utf-8-sig")
    right(data.replace("栏目".encode(), b"\xff", 1), report)
    right(report.text().rstrip().encode("utf-16")[:-1], report)


@pytest.mark.parametrize("cut", [1, 2])
def test_the_last_figure_of_a_cut_text_is_not_read(cut: int) -> None:
    report = REPORTS[0]
    name = "requests.results_total.total"
    text = report.text()
    figure = report.figures[name]
    end = text.index("\t" + figure + "\n", text.index("（七）总计")) + 1 + len(figure) - cut
    result = never_wrong(text[:end], report, name)
    assert result.verdict == "incomplete"


def test_a_soft_hyphen_before_a_figure_is_never_lost() -> None:
    text = (
        f"{AGENCY}2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"
        "信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政许可\t22\t\u00ad23\t94\n"
        "其他对外管理服务事项\t23\t\u00ad 5\t93\n"
    )
    cells = read_text(text).cells
    for row in ("licensing", "other_services"):
        assert cells[f"proactive.{row}.change"].state == "unreadable"
    assert cells["proactive.licensing.previous_items"].value == 22


# --- lost line ends


def test_each_table_on_one_line() -> None:
    report = REPORTS[1]
    lines = list(report.before)
    for head, rows in report.fields():
        lines.append(" ".join([head, *(" ".join(row) for row in rows)]))
    right("\n".join([*lines, *report.after]), report)


# --- figures spelled with signs


@each("sign", ["\u00a0", "\u202f", "\u2009", "'", "’", ",", "，"])
def test_grouped_thousands(sign: str) -> None:
    report = make(9, most=900)
    long = {f for f in report.figures.values() if "." not in f and len(f) > 3}
    assert len(long) > 5

    def grouped(figure: str) -> str:
        return figure[:-3] + sign + figure[-3:] if figure in long else figure

    result = never_wrong(in_cells(report, grouped), report)
    assert result.verdict in (*PASSED, "incomplete", "rejected")
    if sign != ",":
        assert result.verdict == "accepted"


@each("note", ["¹", "①", "[^1]", "*"])
def test_a_note_sign_after_a_figure_is_no_digit(note: str) -> None:
    report = REPORTS[1]
    figure = report.figures["proactive.licensing.decisions"]
    text = report.text().replace(f"行政许可\t{figure}\n", f"行政许可\t{figure}{note}\n")
    assert read(text).cells["proactive.licensing.decisions"].value == int(figure)


def test_an_ideographic_stop_in_money_is_a_point_and_in_a_count_no_figure() -> None:
    report = REPORTS[1]
    right(
        report.text().replace(
            report.figures["proactive.fees.amount"],
            report.figures["proactive.fees.amount"].replace(".", "。"),
        ),
        report,
    )
    name = "proactive.licensing.decisions"
    text = report.text().replace(f"行政许可\t{report.figures[name]}\n", "行政许可\t5。2\n")
    never_wrong(text, report, name)


# --- glyphs printed twice


def twice(text: str) -> str:
    return "".join(c if c in "\t\n" else c * 2 for c in text)


def doubled(report: Printed, change: Callable[[str], str], *, labels: bool) -> str:
    lines = list(report.before)
    for head, rows in report.fields():
        lines.append(head)
        lines += [
            "\t".join(change(f) if labels or is_figure(f) else f for f in row) for row in rows
        ]
    return "\n".join([*lines, *report.after]) + "\n"


@each("seed", [1, 5, 6])
@each("labels", [True, False])
def test_glyphs_that_stand_twice_are_read_once(seed: int, labels: bool) -> None:
    report = make(seed, most=30)
    text = doubled(report, twice, labels=labels)
    result = right(text, report)
    for cell in result.cells.values():
        assert cell.place is not None
        start, end = cell.place.offset or (0, 0)
        assert text[start:end] == twice(cell.text or "")


def test_figures_printed_twice_as_words_are_refused() -> None:
    report = make(2, most=30)
    assert read(doubled(report, lambda f: f * 2, labels=False)).verdict == "rejected"


def test_one_figure_that_is_not_doubled_stops_the_undoing() -> None:
    report = make(3, most=30)
    text = doubled(report, twice, labels=False)
    figure = twice(report.figures["proactive.licensing.decisions"])
    text = text.replace(f"行政许可\t{figure}\n", "行政许可\t12\n")
    assert read(text).verdict not in (*PASSED, "inconsistent")


# --- speed


def test_an_ordinary_text_passes_through_as_it_is() -> None:
    text = REPORTS[0].text()
    assert fold(text).steps == ()
