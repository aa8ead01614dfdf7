"""What converters and page makers do to a whole document; every figure stays as it was printed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from random import Random

from .choose import (
    free_tables,
    in_table,
    listed,
    pick,
    places,
    plant,
    print_as,
    take,
    untouched,
    whole_tables,
)
from .figures import surround
from .layouts import EXPORTED
from .model import MISSING, UNREADABLE, Draft, Figure, Label, Line, Paragraph, Piece, Role, Table
from .registry import new

_WORDS: tuple[Role, ...] = ("label", "group", "word")
_STARTS: tuple[Role, ...] = (*_WORDS, "ordinal", "heading", "prose", "note", "title")
_COMMENTS = listed(
    "<!-- page {k} -->|<!-- 第{k}页 -->|<!-- Page {k} of 30 -->|<!-- image {k} -->|<!-- {k} 12 34 -->|<!--PageBreak-->|"
    '<!-- PageNumber="{k}" -->|<!-- table {k} -->|<!-- 表格\n第{k}页 -->|<!-- {k} -->'
)
_IMAGES = listed(
    "![](media/image{k}.png)|![第{k}页](images/0_{k}.jpg)|![image{k}](https://example.org/{k}{k}.png)|"
    "![](data:image/png;base64,iVBORw0K{k})|![Image {k}](file{k}.jpeg)"
)
_EMPHASIS = (("$", "$"), ("**", "**"), ("*", "*"), ("$ ", " $"), ("***", "***"))
_OTHER_EMPHASIS = (
    ("__", "__"),
    ("`", "`"),
    ("<b>", "</b>"),
    ("\\textbf{", "}"),
    ("~~", "~~"),
    ("\\(", "\\)"),
    ("<span>", "</span>"),
    ("$\\mathbf{", "}$"),
    ("==", "=="),
    ("<sub>", "</sub>"),
)
_OTHER_SPACES = listed("&ensp;|&emsp;|&#160;|&thinsp;|&#xA0;|&nbsp")
_PAGES = listed(
    "Page {k} - 年报 / P. {k}|P. {k}|- {k} -|{name} - {k}|第 {k} 页 / 共 9 页|[{k}]|Page {k}|{k}/9|— {k} —|页码：{k}|·{k}·"
)
_NOTES_OF_LABELS = listed("¹|²|①|[1]|*|［注］|†|^1|（注1）")


def _between_rows(draft: Draft, rng: Random, share: float, words: Iterable[str]) -> bool:
    """Put lines of their own before lines that begin with words; never inside a row."""
    chosen = tuple(words)
    pieces: list[Piece] = []
    found = False
    for place, piece in enumerate(draft.pieces):
        last = pieces[-1].text if pieces else ""
        begins = last.endswith("\n") and piece.role in _STARTS
        if begins and place and rng.random() < share:
            text = rng.choice(chosen).format(k=rng.randint(1, 9), name=draft.agency)
            pieces.append(Piece(text + "\n", "gap"))
            found = True
        pieces.append(piece)
    draft.pieces = pieces
    return found


def _around(draft: Draft, chosen: list[Piece], before: str, after: str) -> bool:
    surround(draft, chosen, before, after)
    for piece in chosen:
        if piece.cell:
            draft.fates[piece.cell].loose = True
    return bool(chosen)


def _some_figures(draft: Draft, rng: Random) -> list[Piece]:
    """All figures, those of the last column, or some."""
    found = [p for p in draft.pieces_of("figure") if p.cell]
    style = rng.randrange(3)
    if style == 0:
        return found
    if style == 1:
        return [p for p in found if p.cell.endswith(".total")] or found
    return [p for p in found if rng.random() < 0.3] or found


def _everywhere(draft: Draft, table: dict[str, str]) -> None:
    for piece in (*draft.before, *draft.pieces, *draft.after):
        for old, other in table.items():
            piece.text = piece.text.replace(old, other)


@new("lossless", "pieces", alone=True)
def html_comments(draft: Draft, rng: Random) -> bool:
    """Comments of HTML stand between lines."""
    return _between_rows(draft, rng, rng.choice((0.03, 0.2)), _COMMENTS)


@new("lossless", "pieces", alone=True)
def images(draft: Draft, rng: Random) -> bool:
    """Links to images, with digits, stand between lines."""
    return _between_rows(draft, rng, rng.choice((0.03, 0.2)), _IMAGES)


@new("lossless", "pieces", alone=True)
def page_lines(draft: Draft, rng: Random) -> bool:
    """Page numbers and running words stand between lines anywhere."""
    return _between_rows(draft, rng, rng.choice((0.02, 0.05)), _PAGES)


@new("lossless", "pieces", alone=True)
def emphasis(draft: Draft, rng: Random) -> bool:
    """Figures are set between dollars or asterisks."""
    return _around(draft, _some_figures(draft, rng), *rng.choice(_EMPHASIS))


@new("legible", "pieces", alone=True)
def other_emphasis(draft: Draft, rng: Random) -> bool:
    """Figures are set between the signs of some markup."""
    return _around(draft, _some_figures(draft, rng), *rng.choice(_OTHER_EMPHASIS))


@new("lossless", "pieces", alone=True)
def entities(draft: Draft, rng: Random) -> bool:
    """The name of the blank that does not break stands beside figures or words."""
    words = [p for p in draft.pieces_of(*_WORDS) if rng.random() < 0.5]
    chosen = rng.choice((_some_figures(draft, rng), words, [*words, *_some_figures(draft, rng)]))
    return _around(
        draft, chosen, *rng.choice((("&nbsp;", ""), ("", "&nbsp;"), ("&nbsp;", "&nbsp;")))
    )


@new("legible", "pieces", alone=True)
def other_entities(draft: Draft, rng: Random) -> bool:
    """Names of other blanks stand beside figures."""
    space = rng.choice(_OTHER_SPACES)
    return _around(draft, _some_figures(draft, rng), *rng.choice(((space, ""), ("", space))))


@new("lossless", "pieces", alone=True)
def counts_with_decimals(draft: Draft, rng: Random) -> bool:
    """Counts are written as 822.0, all, in some columns or some."""
    kinds = draft.form.kinds
    chosen = [p for p in _some_figures(draft, rng) if p.text.isdigit() and kinds[p.cell] == "count"]
    tail = rng.choice((".0", ".0", ".0", ".00"))
    for piece in chosen:
        piece.text += tail
        draft.fates[piece.cell].loose = True
    return bool(chosen)


@new("lossless", "pieces", alone=True)
def literal_escapes(draft: Draft, rng: Random) -> None:
    """Line ends and tabs are written as a backslash and a letter."""
    keep = rng.random() < 0.3
    _everywhere(draft, {"\n": "\\n\n" if keep else "\\n", "\t": "\\t"})


@new("lossless", "pieces", alone=True)
def json_string(draft: Draft, rng: Random) -> None:
    """The whole text is a string in an object of JSON."""
    ascii_only = rng.random() < 0.2
    for piece in (*draft.before, *draft.pieces, *draft.after):
        piece.text = json.dumps(piece.text, ensure_ascii=ascii_only)[1:-1]
    key = rng.choice(("text", "content", "body", "正文"))
    meta = rng.choice(
        ("", '"id": 17, ', '"page": 3, "score": 0.98, ', '"url": "https://example.org/a/12", ')
    )
    draft.before.insert(0, Piece(f'{{{meta}"{key}": "', "gap"))
    draft.after.append(Piece(rng.choice(('"}', '"}\n', '", "len": 4021}\n')), "gap"))
    draft.spans = False


@new("legible", "pieces", alone=True)
def on_one_line(draft: Draft, rng: Random) -> None:
    """The whole report stands on one line, its tabs kept."""
    _everywhere(draft, {"\n": rng.choice((" ", "  ", "\u3000"))})


@new("lossless", "pieces", alone=True)
def other_line_ends(draft: Draft, rng: Random) -> None:
    """Lines end in the separator of Unicode, a vertical tab or a carriage return."""
    end = rng.choice(("\u2028", "\u2029", "\x0b", "\r", "\n\x0c", "\x85"))
    _everywhere(draft, {"\n": end})


@new("lossless", "pieces", alone=True)
def control_characters(draft: Draft, rng: Random) -> bool:
    """Form feeds, NUL and other control characters stand at line ends and around words."""
    mark = rng.choice(("\x0c", "\x00", "\x07", "\x01", "\x1f", "\x1e", "\x0c\n"))
    chosen = [p for p in draft.pieces_of("gap") if p.text.endswith("\n") and rng.random() < 0.2]
    for piece in chosen:
        piece.text += mark
    return bool(chosen)


@new("lossless", "pieces", alone=True)
def lost_characters(draft: Draft, rng: Random) -> bool:
    """Characters of the prose could not be decoded."""
    chosen = [p for p in draft.pieces_of("prose") if len(p.text) > 8]
    for piece in rng.sample(chosen, min(len(chosen), rng.randint(1, 3))):
        cut = rng.randrange(4, len(piece.text))
        piece.text = piece.text[:cut] + "\ufffd" * rng.randint(1, 2) + piece.text[cut + 1 :]
    return bool(chosen)


@new("lossless", "pieces", alone=True)
def escaped_marks(draft: Draft, rng: Random) -> bool:
    """Points, brackets and signs of labels are escaped by a backslash."""
    signs = rng.choice((".", ".()", ".-", ".*_"))
    for piece in draft.pieces_of(*_WORDS, "ordinal", "heading"):
        for sign in signs:
            piece.text = piece.text.replace(sign, "\\" + sign)
    return any("\\" in p.text for p in draft.pieces_of("ordinal"))


def _export(draft: Draft, layout: str) -> bool:
    tables = [t for t in draft.blocks if not isinstance(t, Paragraph)]
    for table in tables:
        table.layout = layout
        draft.claimed.add(table.id)
    return bool(tables)


@new("lossless", alone=True)
def separated_values(draft: Draft, rng: Random) -> bool:
    """Cells are parted by commas or semicolons, quoted or not."""
    layout = rng.choice(
        [name for name in EXPORTED if name.startswith("csv") and "pipes" not in name]
    )
    if "quoted" in layout and rng.random() < 0.3:
        for label in (x for t in draft.tables for line in t.lines for x in line.labels if x):
            cut = len(label.words) // 2
            if cut > 2 and rng.random() < 0.3:
                label.words = label.words[:cut] + "\n" + label.words[cut:]
    return _export(draft, layout)


@new("lossless", alone=True)
def pipes_trailing(draft: Draft, _rng: Random) -> bool:
    """Rows end in more pipes than they have cells."""
    return _export(draft, "csv_pipes_trailing")


@new("lossless", alone=True)
def bells_between_cells(draft: Draft, _rng: Random) -> bool:
    """Cells are parted by the control character that a word processor puts there."""
    return _export(draft, "bell")


@new("legible", alone=True)
def lines_for_empty_cells(draft: Draft, _rng: Random) -> bool:
    """One cell a line, with an empty line for each empty cell."""
    return _export(draft, "cells_empty_lines")


@in_table("lossless")
def merged_words_repeated(_draft: Draft, rng: Random, table: Table) -> None:
    """Words of merged cells are printed again in every position that they cover."""
    table.layout = rng.choice(("tabs_grid", "pipes_markdown", "box", "aligned"))
    last: dict[int, Label] = {}
    for line in table.lines:
        if line.columns and not line.figures and any(line.columns):
            word: Label | None = None
            for place, label in enumerate(line.columns):
                word = label or word
                if label is None and word is not None and table.id != "proactive":
                    line.columns[place] = Label(word.words, "word")
        for place, label in enumerate(line.labels):
            if label is not None and label.role == "group":
                last[place] = label
            elif label is None and line.figures and place in last and len(line.labels) > 1:
                line.labels[place] = Label(last[place].words, "group", last[place].ordinal)


@new("legible")
def line_break_in_a_figure(draft: Draft, rng: Random) -> bool:
    """A tag of HTML breaks a figure in its cell of a Markdown table."""
    place = pick(draft, rng, places(draft, least=10) + places(draft, "proactive", most=9))
    if place is None:
        return False
    place.table.layout = rng.choice(("pipes_markdown", "pipes_markdown", "pipes_bare"))
    text = str(plant(draft, rng, place, (10, 9999)))
    cut = rng.randint(1, len(text) - 1)
    print_as(place, text[:cut] + rng.choice(("<br>", "<br/>", "<br />")) + text[cut:])
    draft.may_read([place.figure])
    return True


@new("legible")
def number_between_tables(draft: Draft, rng: Random) -> bool:
    """A line with a number alone stands between two tables."""
    if not free_tables(draft):
        return False
    table = rng.choice(draft.tables)
    text = rng.choice(("{k}", "{k}{k}8", "点击数：{k}2", "{k}0", "阅读 {k}7", "{k},{k}11")).format(
        k=rng.randint(1, 9)
    )
    draft.blocks.insert(draft.blocks.index(table) + 1, Paragraph(text, "note"))
    return True


@new("lossless", "pieces")
def note_mark_at_a_label(draft: Draft, rng: Random) -> bool:
    """A mark of a note stands behind some labels."""
    chosen = [p for p in draft.pieces_of("label") if len(p.text) > 3]
    glued = {id(r.own_label) for t in draft.tables for r in t.rows if r.glue}
    if not chosen or glued:
        return False
    for piece in rng.sample(chosen, min(len(chosen), rng.randint(1, 2))):
        piece.text += rng.choice(_NOTES_OF_LABELS)
    return True


@new("lossless")
def row_cut_by_a_page(draft: Draft, rng: Random) -> bool:
    """A page ends inside a row: half of its label stands over the page number, half under it."""
    table = take(draft, rng, whole_tables(draft, "requests"))
    rows = [r for r in table.rows if r.own_label and len(r.own_label.words) > 5] if table else []
    if table is None or not rows:
        return False
    line = rng.choice([r for r in rows if untouched(draft, r)])
    own = line.own_label
    if own is None:
        return False
    cut = len(own.words) // 2
    page = Line(pages=[rng.choice(_PAGES).format(k=rng.randint(2, 9), name=draft.agency)])
    head, tail = own.words[:cut], own.words[cut:]
    empty: list[Label | None] = [None] * (len(line.labels) - 1)
    place = table.lines.index(line)
    own.words = head
    if rng.random() < 0.6:
        below = Line([*empty, Label(tail)], merged=True)
        table.lines[place + 1 : place + 1] = [page, below]
    else:
        above = Line(line.labels, merged=True)
        line.labels = [*empty, Label(tail)]
        table.lines[place:place] = [above, page]
    return True


@new("lossy", "pieces", alone=True)
def text_cut_off(draft: Draft, rng: Random) -> bool:
    """The text ends inside a figure, or right behind it."""
    places = [i for i, p in enumerate(draft.pieces) if p.cell and p.role == "figure"]
    if len(places) < 20 or draft.after:
        return False
    place = rng.choice(places[10:])
    last = draft.pieces[place]
    for piece in draft.pieces[place + 1 :]:
        if piece.cell:
            fate = draft.fates[piece.cell]
            fate.states, fate.value = MISSING | frozenset({"blank"}), None
    draft.pieces = draft.pieces[: place + 1]
    fate = draft.fates[last.cell]
    if len(last.text) > 1 and rng.random() < 0.7:
        last.text = last.text[: rng.randint(1, len(last.text) - 1)]
        draft.no_figure(Figure(last.cell, last.text), deducible=True)
    elif "read" in fate.states:
        fate.states |= UNREADABLE
    return True
