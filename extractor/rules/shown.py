"""Examples of rules in words: a sum as a sum with its figures, a sentence of the prose, both years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from extractor.rules.sample import YEAR, edits_of, form_of
from verify.forms import Form, Identity
from verify.rules import Example, Rule

Lang = Literal["zh", "en"]
_MOST_CELLS = 8
_MOST_TEXT = 48
_FEW = 3  # lines that are shown whole
_SIGN = {True: {"zh": "成立", "en": "holds"}, False: {"zh": "不成立", "en": "fails"}}


def formulas(rule: Rule) -> list[tuple[tuple[str, ...], Identity]]:
    """The identities that a rule is, each with the variants of the forms that have it so."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[list[str], Identity]] = {}
    for variant in rule.forms:
        for identity in form_of(variant).identities:
            if identity.id == rule.id:
                key = (identity.plus, identity.minus)
                found.setdefault(key, ([], identity))[0].append(variant)
    return [(tuple(variants), identity) for variants, identity in found.values()]


def label(form: Form, cell: str) -> str:
    """A cell as the form prints it: row and column."""
    table, row = form.row_of[cell]
    column = row.columns[table.cells(row).index(cell)]
    return f"{row.printed}·{column.label}"


def in_words(rule: Rule, example: Example, lang: Lang) -> list[str]:
    """An example in one line for each thing that it says."""
    form = form_of(example.form)
    identity = next((i for i in form.identities if i.id == rule.id), None)
    lines = []
    if example.form != Example().form:
        lines.append(f"表式：{form.variant}" if lang == "zh" else f"form: {form.variant}")
    if identity is not None:
        lines.append(_sum(form, identity, example.cells, lang))
    elif example.cells:
        cells = _cells(form, example.cells, lang)
        lines.append(f"表中：{cells}" if lang == "zh" else f"tables: {cells}")
    lines += _printed(example, lang)
    lines += _read_otherwise(form, example, lang)
    lines += _across(form, example, lang)
    return lines or [_none(form, lang)]


def _none(form: Form, lang: Lang) -> str:
    if lang == "zh":
        return f"{form.variant} 表式的报告，各格都印作0"
    return f"a report of form {form.variant} with 0 in every cell"


def _sum(form: Form, identity: Identity, cells: Mapping[str, str], lang: Lang) -> str:
    """The sum with its figures; terms that are 0 are counted, not listed, where they are many."""
    in_row = len({form.row_of[name][1].id for name in identity.cells}) == 1
    sides = [
        _side(form, names, cells, lang, in_row=in_row) for names in (identity.plus, identity.minus)
    ]
    left, right = (
        sum(int(cells.get(n, "0")) for n in names) for names in (identity.plus, identity.minus)
    )
    holds = left == right
    sign = "=" if holds else "≠"
    sums = "" if holds else (f"（{left}≠{right}）" if lang == "zh" else f" ({left} ≠ {right})")
    mark = _SIGN[holds][lang]
    return f"{sides[0]} {sign} {sides[1]}{sums}" + (f"，{mark}" if lang == "zh" else f": {mark}")


def _side(
    form: Form, names: tuple[str, ...], cells: Mapping[str, str], lang: Lang, *, in_row: bool
) -> str:
    shown = [name for name in names if len(names) <= 2 or cells.get(name, "0") != "0"]
    zeros = len(names) - len(shown)
    terms = [f"{_term(form, name, in_row=in_row)} {cells.get(name, '0')}" for name in shown]
    if zeros:
        terms.append(f"其余{zeros}项 0" if lang == "zh" else f"{zeros} others 0")
    return " + ".join(terms)


def _term(form: Form, name: str, *, in_row: bool) -> str:
    """A term of a sum by what tells it from the others: its column within a row, else its row."""
    table, row = form.row_of[name]
    return row.columns[table.cells(row).index(name)].label if in_row else row.printed


def _printed(example: Example, lang: Lang) -> Iterator[str]:
    zh = lang == "zh"
    if example.agency != Example().agency:
        yield f"机关：{example.agency}" if zh else f"agency: {example.agency}"
    if example.prose:
        yield f"正文：“{example.prose}”" if zh else f"prose: “{example.prose}”"
    for old, new in edits_of(example):
        was, now = _clip(old, lang), _clip(new, lang)
        if not new:
            yield f"删去“{was}”" if zh else f"left out: “{was}”"
        elif new.startswith(old):
            more = _clip(new.removeprefix(old), lang)
            yield f"“{was}”之后加印“{more}”" if zh else f"after “{was}” stands: “{more}”"
        elif new.endswith(old):
            more = _clip(new.removesuffix(old), lang)
            yield f"“{was}”之前加印“{more}”" if zh else f"before “{was}” stands: “{more}”"
        else:
            yield f"“{was}”印作“{now}”" if zh else f"instead of “{was}” stands: “{now}”"


def _cells(form: Form, cells: Mapping[str, str], lang: Lang) -> str:
    shown = [f"{label(form, name)} {text or '（空）'}" for name, text in cells.items()]
    more = len(shown) - _MOST_CELLS
    if more > 0:
        shown = shown[:_MOST_CELLS]
        shown.append(f"另{more}格" if lang == "zh" else f"{more} more")
    return ("，" if lang == "zh" else ", ").join(shown)


def _read_otherwise(form: Form, example: Example, lang: Lang) -> Iterator[str]:
    zh = lang == "zh"
    places = dict(example.reading)
    if places.pop("form", ""):
        yield "识读没有说明是哪种表式" if zh else "the reading names no form"
    if places.pop("repeats", ""):
        yield "识读只说明了一份" if zh else "the reading tells of one copy"
    if id := places.pop("named", ""):
        title = next(one.title for one in form.tables if one.id == id)
        yield f"模型指认“{title}”各行" if zh else f"a model names the rows of “{title}”"
    if places.pop("skipped", ""):
        yield "模型略去表中一个数字" if zh else "a model passes over a figure of the table"
    rows: dict[str, list[str]] = {}
    for name in places:
        rows.setdefault(form.row_of[name][1].printed, []).append(name)
    for printed, names in rows.items():
        table, row = form.row_of[names[0]]
        where = _whole(form, names, places, lang) if len(names) == len(table.cells(row)) else ""
        if where and len(names) > 1:
            yield f"识读：{printed}一行 ← {where}" if zh else f"reading: row {printed} ← {where}"
            continue
        for name in names:
            place = f"{label(form, name)} ← {_place(form, places[name], lang)}"
            yield f"识读：{place}" if zh else f"reading: {place}"


def _whole(form: Form, names: list[str], reading: Mapping[str, str], lang: Lang) -> str:
    """Where a reading puts a row as a whole, or nothing where it does not."""
    places = [reading[name] for name in names]
    if set(places) == {"missing"}:
        return _place(form, "missing", lang)
    words = {place.partition(">")[0] for place in places}
    if len(words) == 1 and places[0].startswith("="):
        text = places[0][1:].partition(">")[0]
        return f"“{text}”之后的数字" if lang == "zh" else f"the figures after “{text}”"
    rows = {form.row_of[place][1].printed for place in places if place in form.row_of}
    if len(rows) == 1 and all(place in form.row_of for place in places):
        return f"{rows.pop()}一行" if lang == "zh" else f"row {rows.pop()}"
    return ""


def _place(form: Form, where: str, lang: Lang) -> str:
    zh = lang == "zh"
    if where == "missing":
        return "文中没有" if zh else "not in the text"
    if where == "blank":
        return "空白" if zh else "blank"
    if where.startswith("="):
        words, _, field = where[1:].partition(">")
        if not field:
            return f"文中的“{words}”" if zh else f"the words “{words}”"
        return f"“{words}”之后第{field}个数" if zh else f"figure {field} after “{words}”"
    cell, _, why = where.partition("?")
    doubt = (f"，存疑（{why}）" if zh else f", doubted ({why})") if why else ""
    return label(form, cell) + doubt


def _across(form: Form, example: Example, lang: Lang) -> Iterator[str]:
    zh = lang == "zh"
    zeros = "各格为0" if zh else "0 in every cell"
    if example.previous is not None:
        cells = _cells(form, example.previous, lang) if example.previous else zeros
        agency = example.previous_agency
        whose = f"（{agency}）" if agency and zh else f" ({agency})" if agency else ""
        yield f"{YEAR - 1}年{whose}：{cells}" if zh else f"{YEAR - 1}{whose}: {cells}"
    for other in example.others:
        cells = _cells(form, other, lang) if other else zeros
        yield f"另一机关：{cells}" if zh else f"another agency: {cells}"


def _clip(text: str, lang: Lang) -> str:
    """Printed text on one line; of many lines the first and those with a figure that is not 0."""
    lines = text.strip("\n").split("\n")
    kept = [lines[0], *(line for line in lines[1:] if _tells(line))] if len(lines) > _FEW else lines
    shown = [" ".join(line.split()) for line in kept]
    shown = [line if len(line) <= _MOST_TEXT else line[: _MOST_TEXT - 1] + "…" for line in shown]
    if len(kept) < len(lines):
        count = len(lines)
        shown.append(f"…共{count}行" if lang == "zh" else f"… {count} lines")
    return " ↵ ".join(shown)


def _tells(line: str) -> bool:
    return any(field.isdecimal() and int(field) for field in line.split("\t")[1:])
