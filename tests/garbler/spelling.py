"""Odd spellings of figures: thousands, signs, money, doubled glyphs, marks stuck to the digits."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from .choose import Place, in_cell, in_table, listed, pick, places, plant, print_as
from .model import MAY_BE_READ, Draft, Figure, Table
from .registry import new

_THOUSANDS = listed(", |'|’|\xa0|\u2009|\u202f|，|、|＇|,\xa0| ,|`|_|·| ")
_MINUS = listed(
    "\u00ad|\u2212|\u2010|\u2011|\u2012|\u2013|\u2014|\u2015|\ufe63|\uff0d|\u207b|\ufe58|\u30fc|一|负|負|减少|减|"
    "▲|△|↓|－ |\u2212 |下降|减少了|\u00ad\u00ad|~|¯|\u02d7|\u2796|\u23af"
)
_NOTE_MARKS = listed(
    "¹|²|³|①|②|[1]|［2］|*|＊|**|注1|注①|†|‡|#|^1|a|ⁱ|(1)|（注2）|※|密|★|△|☆|卐|®|℃"
)
_STOPS = listed(",|.|，|。|、|-|—|/|·|…|;|；|:|：|'|’|\"|”|`|－|_|~|〃|\\|！")
_PAGES = listed(
    "- {k} -|—{k}—|— {k} —|第{k}页|-{k}-|{k}/9|· {k} ·|P{k}|P. {k}|~ {k} ~|〔{k}〕|共9页|Page {k}|（{k}）"
)
_SLASHES = listed(" / 14| /14|/14| ／ 5|/5/| - 14|、14| ; 14|//2|/ /3")
_YUAN = 10_000


@new("legible")
def thousands_odd(draft: Draft, rng: Random) -> bool:
    """Thousands are parted by a sign that is not the usual comma, or in odd places."""
    place = _large(draft, rng)
    if place is None:
        return False
    figure = plant(draft, rng, place, (1000, 99_999))
    grouped = f"{figure:,}"
    style = rng.random()
    if style < 0.7:
        text = grouped.replace(",", rng.choice(_THOUSANDS))
    else:
        digits = str(figure)
        cut = rng.choice([i for i in range(1, len(digits)) if i != len(digits) - 3])
        text = digits[:cut] + rng.choice(",，") + digits[cut:]
    print_as(place, text)
    draft.may_read([place.figure])
    return True


def _large(draft: Draft, rng: Random) -> Place | None:
    found = places(draft, "proactive", apart=True)
    found += places(draft, "requests", "proceedings", least=1000, apart=True)
    return pick(draft, rng, found)


@in_cell("lossy", "proactive")
def thousands_as_decimals(draft: Draft, rng: Random, place: Place) -> None:
    """A point where the comma of the thousands was: a count with decimals."""
    figure = plant(draft, rng, place, (1001, 99_998))
    print_as(place, f"{figure:,}".replace(",", "."))
    draft.no_figure(place.figure, deducible=False)


@in_cell("legible", kinds=("change",))
def minus_odd(draft: Draft, rng: Random, place: Place) -> None:
    """The minus of 本年增/减 is another character, a word, brackets, or stands behind."""
    size = rng.choice((rng.randint(1, 9), rng.randint(10, 99)))
    fate = draft.fates[place.figure.cell]
    fate.value = fate.true_value = -size
    sign = rng.choice(_MINUS)
    text = rng.choice(
        (sign + str(size),) * 6 + (f"({size})", f"（{size}）", f"{size}-", f"{size}\u2212")
    )
    print_as(place, text)
    draft.may_read([place.figure])


@in_cell("legible", kinds=("change", "count"), least=1)
def plus_odd(draft: Draft, rng: Random, place: Place) -> None:
    """A plus in words or another character under 本年增/减, or before a count."""
    value = draft.fates[place.figure.cell].value
    kind = draft.form.kinds[place.figure.cell]
    signs = (
        ("增加", "增", "＋", "↑", "+ ", "﹢", "上升")
        if kind == "change"
        else ("+", "＋", "00", "0")
    )
    print_as(place, f"{rng.choice(signs)}{value}")
    draft.may_read([place.figure])


def _money(draft: Draft, rng: Random, text: str, value: Decimal) -> Place | None:
    place = pick(draft, rng, places(draft, kinds=("money",)))
    if place is not None:
        print_as(place, text)
        fate = draft.fates[place.figure.cell]
        fate.value = fate.true_value = value
        draft.may_read([place.figure])
    return place


@new("legible")
def money_to_the_last_coin(draft: Draft, rng: Random) -> bool:
    """Money in 元 with 角 and 分, in 千元, 亿元, mixed units, or with a sign of currency."""
    yuan, jiao, fen = rng.randint(1, 9_999_999), rng.randint(1, 9), rng.randint(1, 9)
    whole, part = divmod(yuan, _YUAN)
    coins = Decimal(yuan) + Decimal(jiao) / 10
    text, value = rng.choice(
        (
            (f"{yuan}元{jiao}角", coins),
            (f"{yuan}元{jiao}角{fen}分", coins + Decimal(fen) / 100),
            (f"{yuan}元零{fen}分", Decimal(yuan) + Decimal(fen) / 100),
            (f"{yuan}.{jiao}{fen}元", coins + Decimal(fen) / 100),
            (f"￥{yuan}.{jiao}0元", coins),
            (f"人民币{yuan}元", Decimal(yuan)),
            (f"{yuan}元整", Decimal(yuan)),
            (f"{yuan:,}.{jiao}元", coins),
            (f"{yuan}千元", Decimal(yuan) * 1000),
            (f"{yuan}.{jiao}百元", coins * 100),
            (f"0.{yuan}亿元", Decimal(f"0.{yuan}") * 100_000_000),
            (f"{whole + 1}万{part}元", Decimal((whole + 1) * _YUAN + part)),
            (f"{whole + 1}万元{part}元", Decimal((whole + 1) * _YUAN + part)),
            (f"RMB {yuan}元", Decimal(yuan)),
        )
    )
    return _money(draft, rng, text, value / _YUAN) is not None


@new("legible")
def money_spelled_oddly(draft: Draft, rng: Random) -> bool:
    """The point or the thousands of money in 万元 are written with other signs."""
    whole, part = rng.randint(1000, 9999), f"{rng.randint(1, 9)}{rng.randint(100, 999)}"
    grouped = f"{whole:,}"
    text = rng.choice(
        (
            f"{whole}。{part}",
            f"{whole}．{part}",
            f"{whole}·{part}",
            f"{grouped}.{part}",
            f"{grouped}．{part}",
            f"{whole}.{part}万",
            f"{whole}.{part} 万元",
            f"{whole}.{part}（万元）",
            f"{whole}点{part}",
            f"{grouped.replace(',', '，')}.{part}",
            f"{whole}.{part}0",
            f"0{whole}.{part}",
        )
    )
    return _money(draft, rng, text, Decimal(f"{whole}.{part}")) is not None


@new("legible")
def decimals_apart(draft: Draft, rng: Random) -> bool:
    """A blank or a line end stands inside the figure of money."""
    apart = places(draft, kinds=("money",), apart=True)
    whole, part = rng.randint(10, 9999), f"{rng.randint(1, 9)}{rng.randint(10, 99)}"
    head, tail = str(whole)[:-1], str(whole)[-1]
    text = rng.choice(
        (f"{whole} .{part}", f"{whole}. {part}", f"{head} {tail}.{part}", f"{whole}.\xa0{part}")
    )
    return bool(apart) and _money(draft, rng, text, Decimal(f"{whole}.{part}")) is not None


@new("lossy")
def money_ambiguous(draft: Draft, rng: Random) -> bool:
    """A comma before four digits of money: thousands or decimals, nobody can tell."""
    place = _money(draft, rng, f"{rng.randint(100, 9999)},{rng.randint(1000, 9999)}", Decimal(0))
    if place is None:
        return False
    draft.no_figure(place.figure, deducible=False)
    return True


@in_cell("legible")
def mark_stuck_to_figure(draft: Draft, rng: Random, place: Place) -> None:
    """A note mark, a superscript or a sign of a watermark is stuck to some figures."""
    plant(draft, rng, place, (0, rng.choice((9, 99, 9999))))
    print_as(place, place.figure.text, after=rng.choice(_NOTE_MARKS))
    draft.may_read([place.figure])


@in_cell("legible", sign=True)
def stop_after_figure(draft: Draft, rng: Random, place: Place) -> None:
    """A stop, a comma or a stroke stands after the figure in its cell; the next cells are theirs."""
    print_as(place, place.figure.text, after=rng.choice(("", "", " ")) + rng.choice(_STOPS))
    draft.may_read([place.figure])


@new("legible")
def page_mark_stuck_to_figure(draft: Draft, rng: Random) -> bool:
    """A page mark such as "- 3 -" has run into the cell of a figure."""
    place = pick(draft, rng, places(draft, sign=rng.random() < 0.7))
    if place is None:
        return False
    mark = rng.choice(_PAGES).format(k=rng.randint(2, 9))
    print_as(place, place.figure.text, after=rng.choice(("", " ")) + mark)
    draft.may_read([place.figure])
    return True


@new("lossy")
def two_figures_by_a_stroke(draft: Draft, rng: Random) -> bool:
    """Two figures with a stroke between them stand in one cell between tabs or pipes."""
    place = pick(draft, rng, [p for p in places(draft, sign=True) if len(p.line.figures) > 1])
    if place is None:
        return False
    print_as(place, place.figure.text + rng.choice(_SLASHES))
    draft.no_figure(place.figure, deducible=False)
    return True


def _double(draft: Draft, figures: list[Figure]) -> None:
    for figure in figures:
        figure.text = "".join(ch * 2 for ch in figure.text)
        figure.role = "odd"
        draft.fates[figure.cell].states = MAY_BE_READ
        draft.fates[figure.cell].loose = True


@in_table("legible")
def fake_bold(draft: Draft, rng: Random, table: Table) -> None:
    """Every glyph of a table's figures is printed twice, its words too or not."""
    _double(draft, table.figures)
    if rng.random() < 0.4 or table.id == "proactive":
        # where no sum helps, only the doubled words tell that figures are doubled as well
        for line in table.lines:
            for label in (*line.labels, *line.columns):
                if label is not None:
                    label.words = "".join(ch * 2 for ch in label.words)


@in_table("legible", "requests", "proceedings")
def fake_bold_row(draft: Draft, rng: Random, table: Table) -> None:
    """Every digit of one row, or of the last column, is printed twice."""
    line = rng.choice(table.rows)
    whole = rng.random() < 0.6 or table.id != "requests"
    _double(draft, line.figures if whole else [row.figures[-1] for row in table.rows])
