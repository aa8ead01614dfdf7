"""What may stand in a table's zone: each entry of the harmless list, its examples and its neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from tests.garbler.product import run
from tests.suites import few_or_many
from tests.test_hard_cases import REPORT, codes, edited
from verify.added import POWERS
from verify.figures import read_figure
from verify.fold import fold_text
from verify.harmless import Grammar, Harmless, Where, harmless_list
from verify.remarks import HEAD
from verify.self_reference import POINTS

AGENCY = "云河市自然资源局"
GRAMMAR = Grammar(2023, fold_text(AGENCY))
FIGURE = 22
# Where the words of an entry are put into a printed table.
PLACES: dict[Where, tuple[tuple[str, str], ...]] = {
    "title": (("公开工作年度报告\n", "公开工作年度报告{}\n"),),
    "top": (("公开工作年度报告\n", "公开工作年度报告\n{}\n"),),
    "sentence": (("六、其他需要报告的事项\n", "六、其他需要报告的事项\n{}。\n"),),
    "sheet": (),  # tests/test_words_in_place.py
    "line": (("行政许可\t7", "{}\n行政许可\t7"), ("行政复议\t", "{}\n行政复议\t")),
    "beside": (("行政许可\t7", "行政许可\t7{}"), ("予以公开\t30", "予以公开\t30{}")),
    "label": (("行政许可\t", "行政许可{}\t"), ("予以公开\t30", "予以公开{}\t30")),
    "row": (("（二）部分公开", "{}\t1\t2\t3\t4\t5\t6\t21\n（二）部分公开"),),
    "after": (("行政许可\t", "行政许可{}\t"), ("予以公开\t30", "予以公开{}\t30")),
}


def near() -> Iterator[tuple[Harmless, str]]:
    return ((entry, words) for entry in harmless_list() for words in entry.near)


def test_each_example_is_explained_by_its_entry() -> None:
    explained = {
        (entry.id, words): GRAMMAR.explains(fold_text(words), entry.where, FIGURE)
        for entry in harmless_list()
        for words in entry.example
    }
    assert explained == {key: key[0] for key in explained}
    assert {entry for entry, _ in explained} == {entry.id for entry in harmless_list()}


def test_no_neighbour_is_explained_by_any_entry() -> None:
    explained = [
        (entry.id, words, by)
        for entry, words in near()
        for figure in (FIGURE, None)
        if (by := GRAMMAR.explains(fold_text(words), entry.where, figure))
    ]
    assert explained == []


@few_or_many("garbler")
def test_no_report_passes_with_a_neighbour_in_a_table(many: bool) -> None:
    """Of the whole product; only a figure that follows from the sums may stand for what was spoilt."""
    own = REPORT.text.partition("2021年")[0]
    passed = []
    for at, (entry, words) in enumerate(near()):
        places = PLACES[entry.where] if many or at % 3 == 0 else ()
        for place, changed in places if many else places[at % 2 : at % 2 + 1] or places[:1]:
            if changed.endswith("{}") and read_figure(f"{FIGURE}{words}", "count"):
                continue  # a spelling of the figure itself, as 22人次, and no words beside it
            text = edited((place, changed.format(words)))
            result = run(text.replace(own, AGENCY).replace("2021年", "2023年"))
            if result["verdict"] == "accepted":
                passed.append((entry.id, words, changed))
    assert passed == []


def test_every_entry_that_code_names_is_there() -> None:
    assert {HEAD, POINTS, POWERS, "unit", "subtotal"} <= {entry.id for entry in harmless_list()}


def test_every_entry_says_where_it_was_seen_and_what_it_must_not_explain() -> None:
    for entry in harmless_list():
        assert entry.source, entry.id
        assert entry.example, entry.id
        assert entry.near, entry.id


def test_a_pattern_that_names_year_or_agency_holds_only_where_the_title_does() -> None:
    unnamed = Grammar(None, None)
    for words in ("统计年度：2023年", "填报单位：云河市自然资源局", "（2022年：50211）"):
        where: Where = "beside" if words.startswith("（") else "line"
        assert GRAMMAR.explains(fold_text(words), where)
        assert unnamed.explains(fold_text(words), where) is None


def test_the_parts_of_a_figure_are_never_more_than_it() -> None:
    words = fold_text("（其中修订16件）")
    assert [bool(GRAMMAR.explains(words, "beside", figure)) for figure in (16, 15)] == [True, False]


def test_figures_in_brackets_beside_a_figure_are_a_remark() -> None:
    """January to June, an amount, a year: nobody knows."""
    for words in ("(1-6)", "（1～6）", "(35.2)", "（2022）"):
        result = run(edited(("行政许可\t7", f"行政许可\t7{words}")))
        assert result["verdict"] == "unconfirmed", words
        assert "remark" in codes(result), words
        assert result["cells"]["proactive.licensing.decisions"]["remark"] == words


def test_the_remark_that_leaves_a_failure_unproven_is_the_one_that_is_named() -> None:
    wrong = ("予以公开\t30", "予以公开\t31（上半年）")
    result = run(edited(("行政许可\t7", "行政许可\t7（暂定）"), wrong))
    assert result["verdict"] == "unconfirmed"
    (said,) = [reason for reason in result["reasons"] if reason["code"] == "not_proven"]
    assert "上半年" in said["message_zh"]
    assert "暂定" not in said["message_zh"]
    assert {group["fault"] for group in result["suspects"]} == {"open"}


def test_a_table_behind_the_report_is_not_taken_as_its_own_unless_it_says_so() -> None:
    """Under a caption that is not known, under a sentence and under nothing at all."""
    table = REPORT.text[REPORT.text.index("二、主动") : REPORT.text.index("\n三、收到")]
    heading = table.partition("\n")[0]
    without = REPORT.text.replace(table, f"{heading}\n见后。\n")
    found = {
        caption: run(f"{without}\n{caption}\n{table}")["verdict"]
        for caption in ("练习用表", "下面是填写的样子。", "此页给新来的同志练习填写，并非实数", "")
    }
    assert set(found.values()) == {"unconfirmed"}, found
    own = run(f"{without}\n填报单位：临澄市卫生健康委员会\n{table}")
    assert own["verdict"] == "accepted"


def test_a_heading_with_a_comma_is_no_sentence() -> None:
    result = run(edited(("提起行政诉讼情况\n", "提起行政诉讼情况（练习，勿信）\n")))
    assert result["verdict"] == "unconfirmed"
    assert result["cells"]["proceedings.reconsideration.total"]["remark"] == "（练习，勿信）"


def test_a_word_before_the_figures_of_the_next_row_is_tied_to_that_row() -> None:
    """On one line as well, where no field parts it from the figure on its left."""
    lines = REPORT.text.split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("一、本年新收"))
    last = next(i for i, line in enumerate(lines) if line.startswith("四、结转"))
    one = " ".join(lines[first : last + 1]).replace("\t", " ")
    text = "\n".join([*lines[:first], one, *lines[last + 1 :]])
    assert run(text)["verdict"] == "accepted"
    result = run(text.replace("申请数量 6 0 0 1", "申请数量 前期 6 0 0 1"))
    cells = {name for name, cell in result["cells"].items() if cell.get("remark") == "前期"}
    assert {name.rpartition(".")[0] for name in cells} == {"requests.carried_in"}
    assert len(cells) == 7
