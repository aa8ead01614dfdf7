"""The views of a result: what a clerk reads on stderr and the page with source and tables."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Literal, cast

import pytest

from extractor.render import page, summary
from extractor.render._facts import Facts
from extractor.render._source import WHOLE, Mark, pieces, windows
from extractor.render._text import one_line, width_of, wrap
from tests.each import each
from verify.forms import FormId, compose, every_form
from verify.provenance import Provenance, Source
from verify.schema import Cell, Claim, Identities, Reason, Report, Result, Slip, Suspects

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify.forms import Form
    from verify.schema import Verdict

ClaimOutcome = Literal["agrees", "contradicts", "scoped", "open"]

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
FORM = compose("2021", "2021")
TOTAL = "requests.results_total.natural_person"
GRANTED = "requests.granted.natural_person"
VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})


def source_of(form: Form, figures: dict[str, str], before: str = "") -> tuple[str, dict[str, Cell]]:
    """A source with a line for each cell, all zero but ``figures``, and the cells read from it."""
    text, cells = before, {}
    for name in form.cells:
        figure = figures.get(name, "0")
        text += "数"
        span = (len(text), len(text) + len(figure))
        value = figure if form.kinds[name] == "money" else int(figure)
        cells[name] = Cell(value=value, state="read", text=figure, span=span)
        text += figure + "\n"
    return text, cells


def result_of(
    source: str,
    cells: dict[str, Cell],
    verdict: Verdict = "accepted",
    *,
    form: Form | None = FORM,
    agency: str | None = "某市商务局",
    reasons: tuple[Reason, ...] = (),
    suspects: tuple[Suspects, ...] = (),
) -> Result:
    counts = {"held": 0, "failed": 0, "open": 0}
    if verdict == "rejected":
        cells = {
            name: cell.model_copy(update={"value": None, "tentative": cell.value})
            for name, cell in cells.items()
        }
    result = Result(
        verdict=verdict,
        reasons=reasons,
        report=Report(agency=agency, year=2022, form=cast(FormId, form.id) if form else None),
        cells=cells,
        identities=Identities(held=0, failed=0, not_evaluable=0),
        suspects=suspects,
        provenance=Provenance(
            source=Source(
                name="r.txt",
                sha256=hashlib.sha256(source.encode()).hexdigest(),
                encoding="utf-8",
                chars=len(source),
            ),
            reader="builtin",
            form_data="1",
            version="0",
        ),
    )
    for e in Facts(result).evaluated:
        counts[e.outcome] += 1
    identities = Identities(
        held=counts["held"], failed=counts["failed"], not_evaluable=counts["open"]
    )
    return result.model_copy(update={"identities": identities})


def accepted() -> tuple[str, Result]:
    text, cells = source_of(FORM, {})
    return text, result_of(text, cells)


def failing(*, localised: bool = True) -> tuple[str, Result]:
    """Column 自然人: 4 + 0 = 1 + 2, the total of the row not adding up either."""
    text, cells = source_of(
        FORM,
        {
            "requests.new_received.natural_person": "4",
            "requests.new_received.total": "4",
            GRANTED: "1",
            "requests.granted.total": "1",
            TOTAL: "1",
            "requests.results_total.total": "1",
            "requests.carried_out.natural_person": "2",
            "requests.carried_out.total": "2",
        },
    )
    rules = ("balance.natural_person", "balance.total")
    identity = next(i for i in FORM.identities if i.id == rules[0])
    reason = Reason(
        code="identity_failed",
        severity="error",
        rule=rules[0],
        cells=identity.cells,
        span=cells[TOTAL].span,
        message_zh="自然人一列不平：左边 4，右边 3。",
        message_en="column natural_person: left 4, right 3.",
    )
    sets = (
        (
            ("requests.new_received.natural_person", "requests.new_received.total"),
            ("requests.carried_out.natural_person", "requests.carried_out.total"),
        )
        if localised
        else ()
    )
    suspects = (Suspects(identities=rules, sets=sets),)
    return text, result_of(text, cells, "inconsistent", reasons=(reason,), suspects=suspects)


def completed() -> tuple[str, Result]:
    text, cells = source_of(FORM, {GRANTED: "7"})
    cells[GRANTED] = Cell(
        value=7, state="deduced", was="blank", proof=("row.granted",), text=None, span=None
    )
    return text, result_of(text, cells, "completed")


def incomplete() -> tuple[str, Result]:
    text, cells = source_of(FORM, {})
    shared = cells["requests.granted.business"].span
    for name in ("business", "research", "public_welfare"):
        cells[f"requests.granted.{name}"] = Cell(
            value=None, state="unreadable", text="0", span=shared
        )
    cells["requests.carried_in.business"] = Cell(value=None, state="blank")
    for name in FORM.cells:
        if name.startswith("proceedings."):
            cells[name] = Cell(value=None, state="missing")
    return text, result_of(text, cells, "incomplete")


def unsupported() -> tuple[str, Result]:
    text = "本机关全年主动公开信息 12 条。"
    return text, result_of(text, {}, "unsupported", form=None, agency=None)


WORDS_OF_PROSE = "本局收到申请12件，办结9件，全市收到77件，另有若干。"


def explained() -> tuple[str, Result]:
    """The failing report with everything that may explain it: a slip, doubt, claims of the prose."""
    _, result = failing()
    source, cells = source_of(
        FORM,
        {name: cell.text for name, cell in result.cells.items() if cell.text},
        before=WORDS_OF_PROSE,
    )
    new, left = "requests.new_received.natural_person", "requests.carried_out.natural_person"

    def claim(text: str, outcome: ClaimOutcome, value: int, actual: int | None) -> Claim:
        start = source.index(text)
        span = (start, start + len(text))
        scope = ("全市",) if outcome == "scoped" else ()
        return Claim(
            subject="requests.received",
            value=value,
            text=text,
            span=span,
            sentence=(0, 20),
            scope=scope,
            outcome=outcome,
            cells=(new,),
            actual=actual,
        )

    claims = (
        claim("收到申请12件", "contradicts", 12, 4),
        claim("办结9件", "agrees", 9, 9),
        claim("全市收到77件", "scoped", 77, 4),
        claim("另有若干", "open", 5, None),
    )
    slip = Slip(
        operation="rolled_row",
        cells=(new, left),
        message_zh="一行整体右移一列",
        message_en="a row is rolled by one column",
    )
    group = result.suspects[0].model_copy(
        update={
            "slips": (slip,),
            "doubtful": (new,),
            "fault": "reading",
            "claims": (0, 2),
            "needed": ((987654, None), (None, 987654)),
        }
    )
    year = Reason(
        code="carry_over_differs",
        severity="warning",
        rule="years.carry_over.total",
        cells=("requests.carried_in.total",),
        expected="37",
        actual="0",
        span=(0, 1),
        previous_span=(6, 8),
        message_zh="上年结转与上一年报告不同",
        message_en="carried in differs",
    )
    made = result_of(
        source, cells, "inconsistent", reasons=(*result.reasons, year), suspects=(group,)
    )
    return source, made.model_copy(update={"claims": claims})


EVERY = (accepted, failing, explained, completed, incomplete, unsupported)


class Parsed(HTMLParser):
    """Checks that tags balance and collects marks, ids, links and what the reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.marks: dict[str, str] = {}
        self.source = ""
        self.raw: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        assert len(given) == len(attrs), f"an attribute is given twice: {attrs}"
        self.tags.add(tag)
        self.attributes += given.items()
        if "id" in given:
            self.ids.append(given["id"])
        if "href" in given:
            self.links.append(given["href"])
        if tag not in VOID:
            self.open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        opened, _ = self.open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        inside = [(tag, given) for tag, given in self.open]
        if inside and inside[-1][0] in {"style", "script"}:
            self.raw[inside[-1][0]] = self.raw.get(inside[-1][0], "") + data
        if any(given.get("class") == "text" for _, given in inside):
            self.source += data
        for tag, given in inside:
            if tag == "mark":
                for name in given["data-cell"].split():
                    self.marks[name] = self.marks.get(name, "") + data


# --- the page ------------------------------------------------------------------------------------


@each("lang", LANGS)
@each("make", EVERY)
def test_every_page_is_well_formed_and_its_links_lead_somewhere(
    make: Callable[[], tuple[str, Result]], lang: Lang
) -> None:
    source, result = make()
    parsed = Parsed(page(result, source, lang))
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {link[1:] for link in parsed.links} <= set(parsed.ids)


@each("make", EVERY)
def test_a_page_loads_nothing(make: Callable[[], tuple[str, Result]]) -> None:
    source, result = make()
    text = page(result, source)
    parsed = Parsed(text)
    assert not re.search(r"(?i)https?:|//[a-z]|url\(|@import", text)
    assert not parsed.tags & {"img", "link", "iframe", "object", "embed", "form", "base"}
    assert "src" not in {key for key, _ in parsed.attributes}
    assert all(link.startswith("#") for link in parsed.links)


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else() -> None:
    source, result = accepted()
    parsed = Parsed(page(result, source))
    policy = next(v for k, v in parsed.attributes if v.startswith("default-src 'none'"))
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        digest = base64.b64encode(hashlib.sha256(parsed.raw[tag].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    # Neither attribute would run under this policy, so using one would be a silent loss.
    assert not [key for key, _ in parsed.attributes if key == "style" or key.startswith("on")]


@each("form", every_form(), ids=lambda form: form.variant)
def test_every_cell_of_every_form_stands_in_the_tables_and_its_span_in_the_source(
    form: Form,
) -> None:
    source, cells = source_of(form, {"requests.granted.total": "31"})
    parsed = Parsed(page(result_of(source, cells, form=form), source))
    assert parsed.marks == {name: cell.text for name, cell in cells.items()}
    assert {f"c-{name}" for name in cells} <= set(parsed.ids)
    assert {f"s-{name}" for name in cells} <= set(parsed.ids)
    assert parsed.source == source


@each(
    "hostile",
    [
        "</script><img onerror=alert(1) src=x>",
        "</pre></div></aside><script>alert(1)</script>",
        "<!-- <![CDATA[ ]]> -->",
        "\"'><svg onload=alert(1)>&amp;&#0;",
        "{{ 7*7 }}{% raw %}&lt;",
    ],
)
def test_text_of_the_report_is_never_markup(hostile: str) -> None:
    source, cells = source_of(FORM, {}, before=hostile)
    name = "requests.other_other.other_org"
    start = 0
    cells[name] = Cell(value=None, state="unreadable", text=hostile, span=(start, len(hostile)))
    reason = Reason(
        code=hostile,
        severity="error",
        rule=hostile,
        cells=(hostile, name),
        message_zh=hostile,
        message_en=hostile,
        span=(2, 5),
    )
    result = result_of(source, cells, "rejected", agency=hostile, reasons=(reason,))
    for lang in LANGS:
        text = page(result, source, lang)
        parsed = Parsed(text)
        assert parsed.source == source
        assert parsed.marks[name] == hostile
        assert not parsed.tags & {"img", "svg"}
        assert text.count("<script") == 1
        assert "<!--" not in text
        assert not [key for key, _ in parsed.attributes if key.startswith("on")]


def test_control_characters_become_visible_and_the_page_stays_encodable() -> None:
    source, cells = source_of(FORM, {}, before="a\x00b\x1b[31m\x7f\x85\u202e\ud800\ufffe\r\nc\rd\t")
    text = page(result_of("", cells), source)
    shown = Parsed(text).source
    assert shown.startswith("a␀b␛[31m␡\ufffd\ufffd\ufffd\ufffd\nc\nd\t")
    assert not {c for c in text if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
    text.encode()


def test_a_span_that_ends_between_cr_and_lf_does_not_add_a_line() -> None:
    source, cells = source_of(FORM, {}, before="空\r\n甲")
    cells[GRANTED] = Cell(value=None, state="unreadable", text="空\r", span=(0, 2))
    assert Parsed(page(result_of(source, cells, "incomplete"), source)).source.startswith("空\n甲")


def test_shared_nested_and_overlapping_spans_keep_every_cell() -> None:
    text = "abcdefghij"
    cells = {"x": (0, 6), "y": (2, 4), "z": (3, 9), "w": (2, 4)}
    marks = [Mark("cell", name, span) for name, span in cells.items()]
    marks += [Mark("reason", 0, (1, 10), ("why",)), Mark("claim", 0, (5, 8), ("claim", "open"))]
    found = list(pieces(text, marks))
    assert "".join(p.text for p in found) == text
    starts = {id: "".join(p.text for p in found[:n]) for n, p in enumerate(found) for id in p.ids}
    for name, (start, end) in cells.items():
        assert "".join(p.text for p in found if name in p.cells) == text[start:end]
        assert starts[f"s-{name}"] == text[:start]
    assert (starts["w-0"], starts["k-0"]) == ("a", "abcde")
    assert "".join(p.text for p in found if "k0" in p.notes) == "fgh"


def test_a_span_outside_the_source_is_left_out_and_the_mismatch_said() -> None:
    _, result = accepted()
    text = page(result, "另一份原文")
    assert "所附原文与核验时的原文不一致" in text
    Parsed(text)


def test_a_failed_identity_is_shown_as_the_sum_it_is() -> None:
    source, result = failing()
    text = page(result, source)
    start = text.index('id="i-balance.natural_person"')
    item = text[start : text.index("</li>", start)]
    operands = re.findall(r'data-cell="([^"]+)"[^>]*><b>([^<]+)</b><small>([^<]+)<', item)
    assert [(n.split(".")[1], b.rstrip("!"), label) for n, b, label in operands] == [
        ("new_received", "4", "一、本年新收政府信息公开申请数量"),
        ("carried_in", "0", "二、上年结转政府信息公开申请数量"),
        ("results_total", "1", "（七）总计"),
        ("carried_out", "2", "四、结转下年度继续办理"),
    ]
    assert "<b>4</b> ≠ <b>3</b>" in item
    assert "相差 1" in item


def test_no_part_of_the_result_wears_the_class_of_the_source_pane() -> None:
    for make in EVERY:
        source, result = make()
        classes = [v for k, v in Parsed(page(result, source)).attributes if k == "class"]
        assert [c for c in classes if "source" in c.split()] == ["source"]


def test_every_term_of_a_sum_leads_to_its_place_in_the_source() -> None:
    source, result = failing()
    text = page(result, source)
    for rule in ("balance.natural_person", "results.natural_person", "row.granted"):
        start = text.index(f'id="i-{rule}"')
        item = text[start : text.index("</li>", start)]
        identity = next(i for i in FORM.identities if i.id == rule)
        linked = re.findall(r'<a class="term [^"]*" href="#s-([^"]+)"', item)
        assert set(linked) == set(identity.cells)
        # What the script lights is what the item says.
        lit = re.search(r'data-cells="([^"]+)"', item)
        assert lit is not None
        assert tuple(lit[1].split()) == identity.cells


def test_a_term_without_a_place_leads_to_the_table() -> None:
    source, result = incomplete()
    text = page(result, source)
    assert 'href="#c-requests.carried_in.business" data-cell="requests.carried_in.business"' in text


@pytest.mark.parametrize("lang", LANGS)
def test_structure_is_named_before_cells_and_whose_fault_it_is_after(lang: Lang) -> None:
    source, result = explained()
    slip = {"zh": "一行整体右移一列", "en": "a row is rolled by one column"}[lang]
    sets = {"zh": "改动其中任一组", "en": "changing the cells"}[lang]
    fault = {"zh": "可疑单元格中有原文难以辨读的", "en": "A suspect cell was doubtful"}[lang]
    text = page(result, source, lang)
    assert text.index(slip) < text.index(sets) < text.index(fault)
    doubt = {"zh": "也可能是读取有误", "en": "so the reading may be at fault"}[lang]
    told = re.sub(r"\s+", " ", summary(result, lang))
    assert told.index(slip) < told.index(doubt)
    by_source = result.suspects[0].model_copy(update={"fault": "source", "doubtful": ()})
    other = result.model_copy(update={"suspects": (by_source,)})
    said = {"zh": "有误的是报告本身", "en": "the report itself is at fault"}[lang]
    text = page(other, source, lang)
    assert said in text
    assert fault not in text
    assert doubt not in re.sub(r"\s+", " ", summary(other, lang))


def test_a_doubtful_suspect_is_marked_apart() -> None:
    source, result = explained()
    text = page(result, source)
    cell = re.search(r'<td id="c-requests.new_received.natural_person" class="([^"]+)"', text)
    assert cell is not None
    assert set(cell[1].split()) == {"read", "suspect", "doubtful"}
    assert "<b>4</b><sup>~</sup>" in text
    assert "4~" in summary(result, "zh")
    assert "~ 可疑，且原文中难以辨读" in summary(result, "zh")


def test_the_words_of_every_claim_are_marked_in_the_source_and_linked() -> None:
    source, result = explained()
    parsed = Parsed(page(result, source))
    for n, claim in enumerate(result.claims):
        assert f"#k-{n}" in parsed.links
        assert {f"k-{n}", f"q-{n}"} <= set(parsed.ids)
        text = page(result, source)
        place = re.search(rf'<span class="([^"]+)"[^>]*data-reason="k{n}">([^<]+)</span>', text)
        assert place is not None
        assert place[2] == claim.text
        assert {"claim", claim.outcome} <= set(place[1].split())
    assert "#q-0" in parsed.links  # cited where the suspects are
    assert "#q-2" in parsed.links


@pytest.mark.parametrize("lang", LANGS)
def test_a_claim_is_shown_with_what_the_tables_say_and_its_scope(lang: Lang) -> None:
    source, result = explained()
    text = re.sub(r">\s+<", "><", page(result, source, lang))
    said = {
        0: ("12", "≠", "4", {"zh": "不符", "en": "contradicts"}),
        1: ("9", "=", "9", {"zh": "相符", "en": "agrees"}),
        2: ("77", "≈", "4", {"zh": "范围或时段可能不一", "en": "perhaps by its scope"}),
        3: ("5", "?", {"zh": "未知", "en": "not known"}[lang], {"zh": "无法核对", "en": "not"}),
    }
    for n, (claimed, sign, actual, outcome) in said.items():
        start = text.index(f'id="q-{n}"')
        item = text[start : text.index("</ul></li>", start)]
        assert f"<b>{claimed}</b>" in item
        assert f'<span class="rel">{sign}</span>' in item
        assert f"<b>{actual}</b>" in item
        assert outcome[lang] in item
        assert ("全市" in item.partition('class="scope"')[2]) == (n == 2)
        assert 'href="#c-requests.new_received.natural_person"' in item
        assert item.endswith("</a><b>4</b></li>")  # the cell and its figure


def test_last_years_figure_is_shown_with_the_words_around_it() -> None:
    source, result = explained()
    without = page(result, source)
    assert "上一年报告：37" in without
    text = page(result, source, previous_text="上一年结转为37件，见表。")
    assert "<q>…上一年结转为<b>37</b>件，见表。…</q>" in text
    beyond = page(result, source, previous_text="短")
    assert "上一年报告：37" in beyond


@pytest.mark.parametrize("hostile", ["</q></li><script>", "'\"><img src=x>", "\x00\ud800\u202e"])
def test_text_of_claims_slips_and_last_year_is_never_markup(hostile: str) -> None:
    source, result = explained()
    claims = tuple(
        c.model_copy(update={"text": hostile, "subject": hostile, "scope": (hostile,)})
        for c in result.claims
    )
    slips = tuple(
        slip.model_copy(update={"operation": hostile, "message_zh": hostile, "message_en": hostile})
        for slip in result.suspects[0].slips
    )
    group = result.suspects[0].model_copy(update={"slips": slips, "doubtful": (hostile,)})
    made = result.model_copy(update={"claims": claims, "suspects": (group,)})
    for lang in LANGS:
        text = page(made, source, lang, previous_text=hostile * 9)
        parsed = Parsed(text)
        assert text.count("<script") == 1
        assert not parsed.tags & {"img"}
        text.encode()
        summary(made, lang).encode()


def test_many_zero_terms_are_folded_but_stay_in_the_page() -> None:
    source, cells = source_of(FORM, {TOTAL: "1"})
    text = page(result_of(source, cells, "inconsistent"), source)
    start = text.index('id="i-results.natural_person"')
    item = text[start : text.index("</li>", start)]
    rule = next(i for i in FORM.identities if i.id == "results.natural_person")
    assert "21 项均为 0" in item
    assert set(re.findall(r'data-cell="([^"]+)"', item)) == set(rule.cells)


def test_an_open_identity_is_never_shown_as_held() -> None:
    source, result = incomplete()
    text = page(result, source)
    item = re.search(r'<li class="identity (\w+)" id="i-row.granted"', text)
    assert item is not None
    assert item[1] == "open"


def test_a_state_shows_by_a_sign_and_not_by_colour_alone() -> None:
    for make, sign in ((completed, "≈7"), (incomplete, "缺"), (incomplete, "空")):
        source, result = make()
        assert f"<b>{sign}</b>" in page(result, source)
    source, result = failing()
    assert "<b>4</b><sup>!</sup>" in page(result, source)


def test_a_reason_leads_to_its_place_and_its_identity() -> None:
    source, result = failing()
    parsed = Parsed(page(result, source))
    assert {"#w-0", "#i-balance.natural_person"} <= set(parsed.links)


@pytest.mark.parametrize("lang", LANGS)
def test_a_large_source_is_shown_around_its_spans_only(lang: Lang) -> None:
    filler = "甲乙丙丁\n" * 800_000
    source, cells = source_of(FORM, {}, before=filler)
    source += filler
    text = page(result_of(source, cells), source, lang)
    parsed = Parsed(text)
    assert len(source) > 20 * WHOLE // 2
    assert len(text) < 600_000
    assert parsed.marks == {name: cell.text for name, cell in cells.items()}
    gaps = [int(n.replace(",", "")) for n in re.findall(r'class="gap">\D*([\d,]+)', text)]
    shown = sum(
        end - start
        for start, end in windows([cell.span for cell in cells.values() if cell.span], len(source))
    )
    assert len(gaps) == 2
    assert sum(gaps) + shown == len(source)


def test_one_span_over_a_large_source_is_shown_by_its_ends() -> None:
    length = 10 * WHOLE
    assert sum(end - start for start, end in windows([(0, length)], length)) < 20_000


# --- the summary ---------------------------------------------------------------------------------


@each("lang", LANGS)
@each("make", EVERY)
def test_a_summary_always_prints_the_verdict_word(
    make: Callable[[], tuple[str, Result]], lang: Lang
) -> None:
    _, result = make()
    text = summary(result, lang)
    assert result.verdict in text
    assert "\x1b" not in text
    if lang == "en":
        assert "自然人" not in text


def test_an_accepted_report_of_zeros_says_so_in_one_line() -> None:
    text = summary(accepted()[1], "zh")
    assert "各表数字均为 0。" in text
    assert len(text.splitlines()) <= 6


def test_an_accepted_report_lists_its_figures_and_no_marks() -> None:
    figures = {"proactive.licensing.decisions": "234", "proactive.fees.amount": "15.2790"}
    source, cells = source_of(FORM, figures)
    text = summary(result_of(source, cells), "zh")
    assert "行政许可：本年处理决定数量 234" in text
    assert "15.2790" in text
    assert "说明" not in text


def test_suspects_are_marked_in_the_table_and_listed_as_sets() -> None:
    text = summary(failing()[1], "zh")
    assert "4!" in text
    assert "2!" in text
    assert "0·" not in text
    assert "1. 【不平】" in text
    listed = re.sub(r"\s+", " ", text)
    assert "表三 · 第一项 · 自然人 + 表三 · 第一项" in listed
    assert "! 可疑" in text


def test_members_are_marked_only_when_nothing_was_localised() -> None:
    text = summary(failing(localised=False)[1], "zh")
    assert "4·" in text
    assert "!" not in text
    assert "未能定位" in text


@each(
    ("make", "lang", "signs"),
    [
        (completed, "zh", ["≈7", "≈ 由勾稽关系推算"]),
        (completed, "en", ["≈7", "≈ deduced"]),
        (incomplete, "zh", ["?", "空", "全表 15 个单元格均为：缺失"]),
        (incomplete, "en", ["?", "␣", "all 15 cells: missing"]),
    ],
)
def test_cells_not_read_are_marked(
    make: Callable[[], tuple[str, Result]], lang: Lang, signs: list[str]
) -> None:
    text = summary(make()[1], lang)
    for sign in signs:
        assert sign in text


@each("lang", LANGS)
@each("width", [60, 100])
def test_columns_stand_in_line_by_terminal_width(lang: Lang, width: int) -> None:
    lines = summary(failing()[1], lang, width=width).splitlines()
    rows = [line for line in lines if re.search(r"(\s+\d[!·]?){7}\s*$", line)]
    assert len(rows) >= 4
    ends = set()
    for row in rows:
        figures = list(re.finditer(r"\d[!·]?", row))[-7:]
        ends.add(tuple(width_of(row[: f.start() + 1]) for f in figures))
    assert len(ends) == 1


def test_colour_is_only_added() -> None:
    _, result = failing()
    coloured = summary(result, "zh", color=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == summary(result, "zh")


def test_long_lists_are_cut_and_the_rest_counted() -> None:
    source, cells = source_of(FORM, {})
    errors = tuple(
        Reason(code=f"e{i}", severity="error", message_zh=f"错{i}", message_en=f"e{i}")
        for i in range(20)
    )
    infos = tuple(
        Reason(code="spelling", severity="info", message_zh="写法", message_en="spelling")
        for _ in range(50)
    )
    text = summary(result_of(source, cells, "rejected", reasons=errors + infos), "zh")
    assert "还有 8 条" in text
    assert "同类共 50 条" in text
    assert len(text.splitlines()) < 30


def test_nothing_of_the_report_reaches_the_terminal_as_a_command() -> None:
    source, cells = source_of(FORM, {})
    evil = "局\x1b]0;owned\x07\x1b[2J\r\n\x9b31m\u202e\u2028\ud800\x00"
    cells[GRANTED] = Cell(value=None, state="unreadable", text=evil, span=(0, 1))
    reason = Reason(
        code=evil, severity="error", rule=evil, cells=(evil,), message_zh=evil, message_en=evil
    )
    suspects = (Suspects(identities=(evil,), sets=((evil, GRANTED),)),)
    result = result_of(source, cells, "rejected", agency=evil, reasons=(reason,), suspects=suspects)
    for lang in LANGS:
        text = summary(result, lang)
        assert not {c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Cf"}} - {"\n"}
        text.encode()
        assert "␛" in text


def test_no_figure_that_would_balance_is_printed() -> None:
    _, result = failing()
    reason = result.reasons[0].model_copy(update={"expected": "987654", "actual": "4"})
    for lang in LANGS:
        assert "987654" not in summary(result.model_copy(update={"reasons": (reason,)}), lang)
    source, result = explained()
    assert any(987654 in needed for needed in result.suspects[0].needed)
    for lang in LANGS:
        assert "987654" not in summary(result, lang)
        assert "987654" not in page(result, source, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_claims_are_counted_and_those_about_suspects_cited_in_one_line(lang: Lang) -> None:
    _, result = explained()
    lines = summary(result, lang, width=400).splitlines()
    counted = {"zh": "所称数字 4 处，与表不符 1", "en": "4 figures claimed, 1 contradict"}[lang]
    assert any(counted in line for line in lines)
    for words, count in (("收到申请12件", 1), ("全市收到77件", 1), ("办结9件", 0)):
        assert len([line for line in lines if words in line]) == count


def test_text_helpers_hold_on_odd_input() -> None:
    assert one_line("x" * 10_000_000, 10) == "x" * 9 + "…"
    assert width_of("总计a\u0301") == 5
    assert all(width_of(line) <= 8 for line in wrap("社会公益组织，自然人", 8))
    assert html.unescape("".join(wrap("", 5))) == ""


def test_an_endless_figure_breaks_neither_view() -> None:
    source, cells = source_of(FORM, {})
    cells[GRANTED] = Cell(value=10**5000, state="read", text="1", span=(1, 2))
    result = result_of(source, cells, "inconsistent")
    assert "[>4300]" in summary(result, "zh")
    assert "[&gt;4300]" in page(result, source)
