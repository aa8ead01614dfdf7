"""Tables of others behind the report, figures that stand elsewhere, and whose year it is."""

from __future__ import annotations

from random import Random

from . import prose, truth
from .build import SHAPES
from .build import draft as drafted
from .choose import free_tables, listed
from .layouts import LAYOUTS, render
from .model import MISSING, Draft, Figure, Line, Paragraph, Piece, Table
from .registry import new

_ANNEXES = listed(
    "附件1：{other}统计表|附件：{other}{year}年度统计表|附：{other}情况|附表：下属单位{other}情况统计表|附件2：{other}填报表|"
    "{other}{year}年度统计表|附：{other}政府信息公开情况统计表|附件一 {other}"
)
_SAMPLES = listed(
    "填表样式：|附：填表样式|填表示例|样表|附件：统计表模板|填报说明及样表|附：空白表|示例（仅供参考）|附件3：表样|格式如下：|附：报表格式|模板"
)
_EARLIER = listed(
    "附：{last}年统计表|{last}年度数据对照表|附件：上年度统计表|上年同期统计表|附：{last}年情况（供对比）|历年数据：{last}年"
)
_NONE_HERE = ("本年度未单独统计。", "有关情况见附件。", "此处略。", "无相关数据。", "见下。")
_SECTIONS = (
    "七、信件办理情况",
    "附：渠道一览",
    "七、网站访问统计",
    "附件：其他数据",
    "七、政务新媒体情况",
)


def _others_pieces(draft: Draft, rng: Random, ids: tuple[str, ...], *, zero: bool) -> list[Piece]:
    """The printed tables of somebody else, of the same form."""
    scale = "zero" if zero else rng.choice(truth.SCALES[1:4])
    variant = next(
        v for v in truth.VARIANTS if set(truth.form_of(v).cells) == set(draft.form.cells)
    )
    layout = rng.choice([t.layout for t in draft.tables] or list(LAYOUTS))
    layouts = dict.fromkeys(prose.HEADINGS, layout)
    shape = rng.choice(SHAPES[:3])
    figures = truth.make(rng, variant, scale)
    other = drafted(rng, draft.form, figures, layouts, shape, prose.agency(rng), draft.year)
    headed = rng.random() < 0.4
    keep = [
        b
        for b in other.blocks
        if (isinstance(b, Table) and b.id in ids)
        or (isinstance(b, Paragraph) and headed and b.role == "heading" and b.table in ids)
    ]
    other.blocks = keep
    if zero and rng.random() < 0.4:
        for figure in (f for t in other.tables for r in t.rows for f in r.figures):
            figure.text = ""
    pieces = render(other, rng)
    for piece in pieces:
        piece.cell = ""
        piece.role = "note" if piece.role != "gap" else "gap"
    return pieces


def _caption(draft: Draft, rng: Random, family: tuple[str, ...]) -> str:
    other = prose.agency(rng)
    while other == draft.agency:
        other = prose.agency(rng)
    return rng.choice(family).format(other=other, year=draft.year, last=draft.year - 1)


def _attach(draft: Draft, rng: Random, family: tuple[str, ...], *, zero: bool = False) -> None:
    ids = rng.choice(
        (tuple(prose.HEADINGS), ("proactive",), ("requests",), ("proactive", "requests"))
    )
    title = Piece(f"\n{_caption(draft, rng, family)}\n", "note")
    draft.after = [title, *_others_pieces(draft, rng, ids, zero=zero)]


@new("legible", "pieces", alone=True)
def annex_of_another_office(draft: Draft, rng: Random) -> bool:
    """Behind the report stand the tables of another office, under its name."""
    if draft.after:
        return False
    _attach(draft, rng, _ANNEXES)
    return True


@new("legible", "pieces", alone=True)
def sample_behind_the_report(draft: Draft, rng: Random) -> bool:
    """Behind the report stands an empty or a zero form as a sample."""
    if draft.after:
        return False
    _attach(draft, rng, _SAMPLES, zero=True)
    return True


@new("legible", "pieces", alone=True)
def annex_of_last_year(draft: Draft, rng: Random) -> bool:
    """Behind the report stand last year's tables, said to be so."""
    if draft.after:
        return False
    _attach(draft, rng, _EARLIER)
    return True


def _lose(draft: Draft, table: Table, rng: Random) -> None:
    """The table is not printed; a sentence stands in its place under its heading."""
    for row in table.rows:
        draft.lose(row.figures, MISSING)
    draft.blocks[draft.blocks.index(table)] = Paragraph(rng.choice(_NONE_HERE))


@new("lossy")
def only_anothers_table(draft: Draft, rng: Random) -> bool:
    """A table of the report is lost, and behind the report stands that of another office or year."""
    tables = [t for t in free_tables(draft) if t.rows and draft.heading(t.id)]
    if not tables or draft.after:
        return False
    table = rng.choice(tables)
    draft.claimed.update(("proactive", "requests", "proceedings"))
    _lose(draft, table, rng)
    title = Piece(f"\n{_caption(draft, rng, rng.choice((_ANNEXES, _EARLIER, _SAMPLES)))}\n", "note")
    draft.after = [title, *_others_pieces(draft, rng, (table.id,), zero=rng.random() < 0.3)]
    return True


@new("lossy")
def figures_of_another_section(draft: Draft, rng: Random) -> bool:
    """Table 四 is lost, and a row of fifteen figures stands in another section."""
    table = draft.table("proceedings")
    if table is None or draft.heading("proceedings") is None or "proceedings" in draft.claimed:
        return False
    draft.claimed.add("proceedings")
    _lose(draft, table, rng)
    most = rng.choice((0, 9))
    figures = [Figure("", str(rng.randint(0, most)), "mark") for _ in range(15)]
    heading = Paragraph(rng.choice(_SECTIONS), "prose")
    stray = Table("proceedings", [Line(figures=figures)], table.layout, 0, 15, copy=True)
    draft.blocks += [heading, stray]
    return True


@new("legible")
def two_years_in_the_titles(draft: Draft, rng: Random) -> None:
    """Titles of two years stand over one set of tables: nobody can tell which year it is."""
    place = next(i for i, b in enumerate(draft.blocks) if isinstance(b, Paragraph))
    other = draft.year + rng.choice((-2, -1, 1))
    title = Paragraph(f"{draft.agency}{other}年政府信息公开工作年度报告", "title")
    draft.blocks.insert(place + rng.choice((0, 1)), title)
    draft.year_told = draft.passable = False
    draft.at_least("lossy")
