"""Header words and labels that say something else than the form, or no longer say which is which."""

from __future__ import annotations

from random import Random

from .choose import free_tables, in_table, listed, take, untouched, whole_tables, words_of
from .model import Draft, Figure, Label, Line, Table
from .registry import new

_PERIODS = listed(
    "上半年|下半年|一季度|1-6月|1—6月|前三季度|1至9月|截至6月底|12月|本月|本季度|半年|全年计划|近三年|"
    "{last}年|{last}年度|{before}年|上年|上一年|去年|上年同期|往年"
)
_MEASURES = listed(
    "累计|历年累计|自2008年累计|计划|预计|拟|应|目标|同比|同比增减|环比|月均|年均|日均|人均|平均|增长|占比|"
    "最高|新增|净增|合同|考核|上报|待|未|尚未|暂定|估计|预算|折合|虚拟|测试|样例|作废"
)
_SCOPES = listed(
    "全市|全县|全区|全系统|下属单位|所属单位|乡镇|街道|不含本级|其他单位|县公安局|含二级单位|市直"
)
_HARMLESS = listed("本年度|当年|本年")
_UNITS_OF_HEADERS = listed("（件）|(件)|（单位：件）|（个）|（项）")
_OTHER_UNITS = listed(
    "（百件）|（千件）|（万件）|（单位：百件）|(单位:千件)|（单位：十件）|（%）|（人）|（页）|（批次、百件）"
)
_THIS_YEAR = "本年"
_APPLICANTS = 7
_OUTCOMES = 5


def figures_under(table: Table, word: Label) -> list[Figure]:
    """The figures that a header word of table 二 stands over."""
    found: list[Figure] = []
    column = -1
    for line in table.lines:
        if line.columns and not line.figures:
            column = next((i for i, w in enumerate(line.columns) if w is word), -1)
        elif column >= 0 and column < len(line.figures):
            found.append(line.figures[column])
    return found


def _over_figures(draft: Draft, table: Table) -> list[tuple[Label, list[Figure]]]:
    """Header words of a table, each with its figures; only where they are known."""
    if table.id == "proactive":
        return [(word, found) for word in words_of(table) if (found := figures_under(table, word))]
    rows = [row for row in table.rows if untouched(draft, row)]
    width = {"requests": _APPLICANTS, "proceedings": _OUTCOMES}[table.id]
    if not rows or any(len(row.figures) != width for row in rows):
        return []
    words = {word.words: word for word in words_of(table)}
    known = [words.get(column.label) for column in draft.form.table(table.id).rows[0].columns]
    return [(w, [r.figures[i] for r in rows]) for i, w in enumerate(known) if w is not None]


def _say(rng: Random, words: str, more: str) -> str:
    """A header word that says more: in place of 本年, before it, after it or in brackets."""
    if _THIS_YEAR in words and rng.random() < 0.7:
        return words.replace(_THIS_YEAR, more, 1)
    return rng.choice((more + words, f"{words}（{more}）", f"{words}({more})", f"{words}{more}数"))


def _reword(
    draft: Draft, rng: Random, family: tuple[str, ...], but: tuple[str, ...] = ("上一年", "增")
) -> bool:
    """One header word says more; not those of which it would be true (``but``)."""
    tables = free_tables(draft)
    weighted = [t for t in tables for _ in range(4 if t.id == "proactive" else 1)]
    rng.shuffle(weighted)
    for table in weighted:
        found = _over_figures(draft, table)
        found = [pair for pair in found if not any(part in pair[0].words for part in but)]
        if not found:
            continue
        word, figures = rng.choice(found)
        more = rng.choice(family).format(last=draft.year - 1, before=draft.year - 2)
        word.words = _say(rng, word.words, more)
        draft.doubt(figures)
        draft.claimed.add(table.id)
        return True
    return False


@new("lossy")
def header_of_another_period(draft: Draft, rng: Random) -> bool:
    """A header word names another period than the report's year."""
    return _reword(draft, rng, _PERIODS)


@new("lossy")
def header_of_another_measure(draft: Draft, rng: Random) -> bool:
    """A header word names another measure: cumulative, planned, a mean, a change."""
    return _reword(draft, rng, _MEASURES, ("上一年", "增", "有效", "总数", "审结"))


@new("lossy")
def header_of_another_scope(draft: Draft, rng: Random) -> bool:
    """A header word names other offices than the report's."""
    return _reword(draft, rng, _SCOPES)


@new("lossy")
def header_of_another_unit(draft: Draft, rng: Random) -> bool:
    """A header word names a unit that is not one piece."""
    found = [
        (table, pair)
        for table in free_tables(draft)
        for pair in _over_figures(draft, table)
        if not any(f.cell and draft.form.kinds[f.cell] == "money" for f in pair[1])
    ]
    if not found:
        return False
    table, (word, figures) = rng.choice(found)
    word.words += rng.choice(_OTHER_UNITS)
    draft.doubt(figures)
    draft.claimed.add(table.id)
    return True


@new("lossless")
def header_harmless(draft: Draft, rng: Random) -> bool:
    """Header words say the same in other words: 本年度, a unit of one piece."""
    table = take(draft, rng, free_tables(draft, "proactive"))
    words = [w for w in words_of(table) if _THIS_YEAR in w.words] if table else []
    words = [w for w in words if "金额" not in w.words and "增" not in w.words]
    if not words:
        return False
    this = rng.choice(_HARMLESS)
    unit = rng.choice(_UNITS_OF_HEADERS if this == _THIS_YEAR else ("", *_UNITS_OF_HEADERS))
    for word in words:
        word.words = word.words.replace(_THIS_YEAR, this, 1) + unit
    return True


@new("legible")
def header_names_the_year(draft: Draft, rng: Random) -> bool:
    """Header words name the report's own year in place of 本年."""
    table = take(draft, rng, free_tables(draft, "proactive"))
    words = [w for w in words_of(table) if _THIS_YEAR in w.words] if table else []
    if not words:
        return False
    this = rng.choice((f"{draft.year}年", f"{draft.year}年度", "今年", f"{draft.year}年1-12月"))
    for word in words if rng.random() < 0.6 else [rng.choice(words)]:
        word.words = word.words.replace(_THIS_YEAR, this, 1)
    draft.may_read([f for word in words for f in figures_under(table, word)] if table else [])
    return True


@in_table("lossy", "proactive")
def header_says_nothing(draft: Draft, rng: Random, table: Table) -> bool:
    """The header words over the columns of table 二 are empty words."""
    lines = [
        line for line in table.lines if line.columns and not line.figures and any(line.columns)
    ]
    lines = [line for line in lines if sum(w is not None for w in line.columns) > 1]
    if not lines:
        return False
    line = rng.choice(lines)
    empty = rng.choice(("数据{}", "列{}", "Unnamed: {}", "字段{}", "Column{}", "指标{}", "值{}"))
    for place, word in enumerate(line.columns, 1):
        if word is not None:
            draft.doubt(figures_under(table, word))
            word.words = empty.format(place)
    return True


def _damaged(rng: Random, words: str) -> str:
    """The word with one character lost, another, or blanks in it; still its own and no other's."""
    place = rng.randrange(len(words))
    style = rng.randrange(3)
    if style == 0:
        return words[:place] + words[place + 1 :]
    if style == 1:
        return words[:place] + rng.choice("口囗□?？*■丨灬") + words[place + 1 :]
    return " ".join(words)


def _exchange_outcomes(draft: Draft, rng: Random) -> list[Label]:
    """Two outcomes of table 四 change places with their columns; the header words that moved."""
    tables = whole_tables(draft, "proceedings") if draft.shape in _WITH_OUTCOMES else []
    table = take(draft, rng, tables)
    if table is None:
        return []
    one, two = rng.sample(range(_OUTCOMES), 2) if rng.random() < 0.3 else rng.sample(range(4), 2)
    moved: list[Label] = []
    names = [c.label for c in draft.form.table("proceedings").rows[0].columns]
    for line in table.lines:
        if line.figures:
            _exchange(line.figures, one, two)
        present = [w.words if w else "" for w in line.columns]
        for start in range(0, len(present), _OUTCOMES):
            if _spells(present[start : start + _OUTCOMES], names):
                a, b = start + one, start + two
                columns = line.columns
                columns[a], columns[b] = columns[b], columns[a]
                moved += [w for w in (columns[a], columns[b]) if w is not None]
    return moved


_WITH_OUTCOMES = ("standard", "rows", "two_headers", "one_header")


def _spells(words: list[str], names: list[str]) -> bool:
    """Whether these are the five outcomes, in whatever spelling."""
    return len(words) == _OUTCOMES and all(words) and words[-1][:1] in names[-1] + "合"


def _exchange(figures: list[Figure], one: int, two: int) -> None:
    for start in range(0, len(figures), _OUTCOMES):
        a, b = start + one, start + two
        figures[a], figures[b] = figures[b], figures[a]


@new("lossless")
def outcomes_exchanged(draft: Draft, rng: Random) -> bool:
    """Two outcomes of table 四 stand exchanged, headers and figures."""
    return bool(_exchange_outcomes(draft, rng))


@new("legible")
def outcomes_exchanged_and_damaged(draft: Draft, rng: Random) -> bool:
    """Two outcomes of table 四 stand exchanged, and their header words are damaged."""
    moved = _exchange_outcomes(draft, rng)
    for word in {id(word): word for word in moved}.values():
        word.words = _damaged(rng, word.words)
    table = draft.table("proceedings")
    if moved and table is not None:
        draft.may_read(table.figures)
    return bool(moved)


@in_table("legible", "proactive")
def columns_of_two_exchanged(draft: Draft, rng: Random, table: Table) -> bool:
    """Two columns of table 二 stand exchanged with their header words, plain or damaged."""
    headers = [line for line in table.lines if line.columns and not line.figures]
    headers = [line for line in headers if sum(w is not None for w in line.columns) > 2]
    if not headers:
        return False
    header = rng.choice(headers)
    one, two = rng.sample(range(3), 2)
    spoiled = rng.random() < 0.5
    start = table.lines.index(header)
    columns = header.columns
    columns[one], columns[two] = columns[two], columns[one]
    for word in (columns[one], columns[two]):
        if spoiled and word is not None:
            word.words = _damaged(rng, word.words)
    for line in _under(table, start):
        figures = line.figures
        figures[one], figures[two] = figures[two], figures[one]
        draft.may_read(figures)
    return True


def _under(table: Table, start: int) -> list[Line]:
    found = []
    for line in table.lines[start + 1 :]:
        if line.columns and not line.figures and any(line.columns):
            break
        if len(line.figures) > 2:
            found.append(line)
    return found


@in_table("lossy", "proactive")
def two_labels_alike(draft: Draft, rng: Random, table: Table) -> bool:
    """The labels of two rows are cut to the same words, in whatever order they stand."""
    by_row = {line.row: line for line in table.rows}
    pairs = (("penalties", "coercion", "行政"), ("regulations", "normative_documents", "规"))
    first, second, common = rng.choice(pairs)
    if first not in by_row or second not in by_row:
        return False
    one, two = by_row[first], by_row[second]
    if rng.random() < 0.5:
        places = [next(i for i, x in enumerate(table.lines) if x is line) for line in (one, two)]
        table.lines[places[0]], table.lines[places[1]] = two, one
    words = rng.choice((common, common + "…", common + "XX", common + "口口"))
    for line in (one, two):
        if line.own_label is not None:
            line.own_label.words = words
        draft.doubt(line.figures)
    return True
