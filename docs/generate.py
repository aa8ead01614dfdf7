"""Write the documents that are derived from code, or check that they are current.

``docs/forms.md`` comes from `verify.forms`, ``docs/reasons.md`` from `verify.codes`, the pages of
``docs/rules/`` from `verify.rules`. ``python docs/generate.py`` writes them; with ``--check`` it
writes nothing, names each one that is stale or superfluous and exits with 1.
"""  # noqa: INP001 - a script, no package

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "docs" / "rules"
sys.path.insert(0, str(ROOT))  # describe the tree that this script stands in, installed or not

from extractor.rules.lint import report  # noqa: E402
from extractor.rules.shown import Lang, in_words  # noqa: E402
from verify.codes import CODES  # noqa: E402
from verify.forms import (  # noqa: E402
    PROACTIVE_2019,
    PROACTIVE_2021,
    PROCEEDINGS,
    REQUESTS_2019,
    REQUESTS_2021,
    Column,
    Form,
    Row,
    Table,
    every_form,
)
from verify.rules import HEADINGS, HEADINGS_ZH, Family, Kind, Rule, every_family  # noqa: E402

_NOTICE = "<!-- Written by `python docs/generate.py`; changes made here are lost. -->"
_KINDS = {"count": "integer >= 0", "change": "integer", "money": "exact decimal >= 0, in 万元"}
_FORCED = (
    ("unsupported", "There is nothing to read."),
    ("rejected", "The reading cannot be trusted."),
    ("inconsistent", "The report was read faithfully and its own figures do not fit together."),
    ("incomplete", "Cells are not known, and the identities do not determine them all."),
    ("unconfirmed", "Every cell was read or follows, and a person has to look at something."),
    (None, "Said for the reader; no verdict follows from it."),
)
_NAMES = (
    "A cell is named `table.row.column`. Matching ignores spaces, brackets, ordinals and punctuation"
    " and folds traditional characters, so a variant is listed only when its words differ from the"
    " official label."
)
_HOW_TO_READ = (
    "Every reason that applies is listed in a result, errors first. A code is stable: scripts may"
    " match on it. The verdict is the first of `unsupported`, `rejected`, `inconsistent`,"
    " `incomplete`, `unconfirmed` that any reason forces; without one it is `accepted`, or `completed` when cells"
    " were deduced. In the messages `{cells}`, `{expected}` and the like stand for the fields of the"
    " reason."
)
_CIRCULARS = (
    ("form 2019", "国办公开办函〔2019〕60号"),
    ("form 2021", "国办公开办函〔2021〕30号"),
)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _line(head)
    yield _line("---" for _ in head)
    yield from map(_line, rows)
    yield ""


def _code(text: str) -> str:
    return f"`{text}`"


# --- docs/forms.md --------------------------------------------------------------------------------


def forms() -> str:
    """``docs/forms.md``: sizes, tables, rows, columns, variants and identities of every form."""
    lines = [
        "# The forms",
        _NOTICE,
        "",
        "Two official forms are known, each with three tables: "
        + ", ".join(f"{name} ({circular})" for name, circular in _CIRCULARS)
        + ". A report that prints table 二 of one and the row or rows （六）of the other is a"
        " *hybrid*. Which form a report has is decided from its tables, never from its year.",
        "",
        _NAMES,
        "",
        "All of it comes from `verify/forms/disclosure.toml`; [new-forms.md](new-forms.md) says how to write such a file.",
        "",
        *_sizes(),
        "## Table 二, form 2021",
        *_proactive(PROACTIVE_2021),
        "## Table 二, form 2019",
        *_proactive(PROACTIVE_2019),
        "## Table 三",
        *_requests(),
        "## Table 四, every form",
        *_proceedings(),
        "## Identities 勾稽关系",
        *_identities(),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _tables_of(form: Form) -> str:
    two, three = form.variant.split("+")
    return f"二 of {two}, 三 of {three}, 四"


def _sizes() -> Iterator[str]:
    head = ("form", "tables", "cells 二", "cells 三", "cells 四", "all cells", "identities")
    rows = []
    for form in every_form():
        counts = [sum(len(row.columns) for row in table.rows) for table in form.tables]
        rows.append(
            (
                _code(form.id),
                _tables_of(form),
                *map(str, counts),
                str(len(form.cells)),
                str(len(form.identities)),
            )
        )
    yield from _markdown(head, rows)


def _columns(columns: Iterable[Column]) -> Iterator[str]:
    yield from _markdown(
        ("column", "official header", "also printed as", "value"),
        ((_code(c.id), c.label, "、".join(c.variants), _KINDS[c.kind]) for c in columns),
    )


def _proactive(table: Table) -> Iterator[str]:
    yield f"Heading: {table.title}. Cells: `proactive.ROW.COLUMN`."
    yield ""
    yield from _markdown(
        ("row", "group", "official label", "also printed as", "columns"),
        (
            (
                _code(r.id),
                r.group,
                r.label,
                "、".join(r.variants),
                " ".join(_code(c.id) for c in r.columns),
            )
            for r in table.rows
        ),
    )
    yield from _columns(dict.fromkeys(c for row in table.rows for c in row.columns))


def _requests() -> Iterator[str]:
    yield f"Heading: {REQUESTS_2021.title}. Cells: `requests.ROW.COLUMN`."
    yield ""
    rows: list[tuple[Row, str]] = []
    for row in REQUESTS_2021.rows:
        if row.id == "results_total":
            rows += [(r, "2019") for r in REQUESTS_2019.rows if r not in REQUESTS_2021.rows]
        rows.append((row, "both" if row in REQUESTS_2019.rows else "2021"))
    yield from _markdown(
        ("row", "group", "official label", "also printed as", "form"),
        ((_code(r.id), r.group, r.printed, "、".join(r.variants), which) for r, which in rows),
    )
    yield from _columns(REQUESTS_2021.rows[0].columns)


def _proceedings() -> Iterator[str]:
    yield f"Heading: {PROCEEDINGS.title}. Cells: `proceedings.ROW.COLUMN`."
    yield ""
    yield from _markdown(
        ("row", "group", "official label", "also printed as"),
        ((_code(r.id), r.group, r.label, "、".join(r.variants)) for r in PROCEEDINGS.rows),
    )
    yield from _columns(PROCEEDINGS.rows[0].columns)


def _identities() -> Iterator[str]:
    yield (
        "Tolerance is zero. Every count is also >= 0. The last column says with which table 三 the"
        " identity stands; those of table 四 stand in every form."
    )
    yield ""
    found: dict[tuple[str, str, str], list[str]] = {}
    for form in every_form():
        three = form.variant.split("+")[1]
        for identity in form.identities:
            key = (identity.id, identity.sentence_zh, identity.sentence_en)
            editions = found.setdefault(key, [])
            if three not in editions:
                editions.append(three)
    yield from _markdown(
        ("identity", "rule", "in English", "table 三 of"),
        (
            (_code(id), zh, en, "both" if len(editions) > 1 else editions[0])
            for (id, zh, en), editions in found.items()
        ),
    )


# --- docs/reasons.md ------------------------------------------------------------------------------


def reasons() -> str:
    """``docs/reasons.md``: every reason code with severity, forced verdict and both messages."""
    lines = [
        "# Reason codes",
        _NOTICE,
        "",
        _HOW_TO_READ,
        "",
    ]
    for forces, sentence in _FORCED:
        lines += [f"## Forces `{forces}`" if forces else "## Forces nothing", sentence, ""]
        lines += _markdown(
            ("code", "severity", "message 中文", "message in English"),
            (
                (_code(name), code.severity, code.zh, code.en)
                for name, code in CODES.items()
                if code.forces == forces
            ),
        )
    return "\n".join(lines).rstrip() + "\n"


# --- docs/rules/ ----------------------------------------------------------------------------------

_KINDS_OF_RULES = {
    "identity": ("Sums and balances", "勾稽关系"),
    "bound": ("Bounds", "取值范围"),
    "structure": ("Structure", "结构"),
    "copies": ("Copies", "重复印出"),
    "deduction": ("Cells that were not read", "推算"),
    "prose": ("Prose against tables", "正文与表格"),
    "years": ("Across years", "跨年"),
    "plausibility": ("Plausibility", "合理性"),
}
_ABOUT_RULES = (
    "Every finding names the rule that it comes from. `extract rules` lists them in a terminal,"
    " `extract rules ID` explains one. A *family* is one idea; where it has several rules they say"
    " the same of other cells. An example is a small report in which every cell is 0 but for what"
    " is said of it; `conformance/` holds these reports as files, with what has to be said of them."
    " Errors force a verdict, warnings and notes do not."
)
_ABOUT_REDUNDANCY = (
    "An identity that follows from others notices nothing that they do not, but it tells where."
    " `extract rules --lint` prints this."
)
_MANY = 4  # rules of a family, beyond which one example stands for those that are alike


def rules() -> dict[str, str]:
    """The pages of ``docs/rules/`` by name: an index, and a page for each kind of rule."""
    families: dict[Kind, list[Family]] = {}
    for family in every_family():
        families.setdefault(family.kind, []).append(family)
    pages = {"index.md": _page(_index(families))}
    for kind, members in families.items():
        pages[f"{kind}.md"] = _page(_kind(kind, members))
    return pages


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _index(families: dict[Kind, list[Family]]) -> Iterator[str]:
    yield from ("# Rules", _NOTICE, "", _ABOUT_RULES, "")
    for kind, members in families.items():
        en, zh = _KINDS_OF_RULES[kind]
        yield from (f"## [{en} {zh}]({kind}.md)", "")
        yield from _markdown(
            ("family", "rules", "severity", "what it says"),
            (
                (
                    f"[`{f.id}`]({kind}.md#{_anchor(f.id)})",
                    str(len(list(f.rules))),
                    f.severity,
                    f.summary,
                )
                for f in members
            ),
        )
    yield from (
        "## Which identities follow from others",
        "",
        _ABOUT_REDUNDANCY,
        "",
        "```",
        *report(),
        "```",
    )


def _anchor(title: str) -> str:
    return "".join(c for c in title.lower() if c.isalnum() or c in "-_")


def _kind(kind: Kind, members: Sequence[Family]) -> Iterator[str]:
    en, zh = _KINDS_OF_RULES[kind]
    yield from (f"# {en} {zh}", _NOTICE, "", "[All rules](index.md)", "")
    for family in members:
        yield from _family(family)


def _family(family: Family) -> Iterator[str]:
    found = list(family.rules)
    codes = ", ".join(map(_code, family.codes))
    yield from (f"## {family.id}", "", family.summary, "")
    check = _code(family.check.replace(":", "."))
    yield from (f"Severity: {family.severity}. Reason codes: {codes}. Checked by {check}.", "")
    yield from _markdown(
        ("rule", "forms", "中文", "in English"),
        ((_code(rule.id), _forms_of(rule), rule.zh, rule.en) for rule in found),
    )
    for heading in (*HEADINGS, *HEADINGS_ZH):
        chinese = heading in HEADINGS_ZH
        text = ("" if chinese else " ").join(family.doc[heading].splitlines())
        yield from (f"**{heading}** {text}", "")
    alike = len(found) > _MANY and len({len(rule.id.split(".")) for rule in found}) == 1
    shown = found[:1] if alike and family.id != "notes" else found
    for rule in shown:
        yield from (f"Examples of {_code(rule.id)}:", "")
        for word, example in (("passes 相符", rule.passes), ("fails 不符", rule.fails)):
            languages: tuple[Lang, ...] = get_args(Lang)
            for lang in reversed(languages):
                lines = "; ".join(in_words(rule, example, lang))
                yield (
                    f"- {word}: {lines}"
                    if lang == "en"
                    else f"  - {'；'.join(in_words(rule, example, lang))}"
                )
        yield ""


def _forms_of(rule: Rule) -> str:
    variants = [form.variant for form in every_form()]
    return "all" if set(rule.forms) == set(variants) else " ".join(rule.forms)


def documents() -> dict[Path, str]:
    """Each derived document and what it should say."""
    return {
        ROOT / "docs" / "forms.md": forms(),
        ROOT / "docs" / "reasons.md": reasons(),
        **{RULES / name: text for name, text in rules().items()},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; 1 when a document is stale under ``--check``, else 0."""
    parser = argparse.ArgumentParser(prog="python docs/generate.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when stale")
    options = parser.parse_args(arguments)
    stale = False
    wanted = documents()
    for path in sorted(RULES.glob("**/*.md")):
        if path in wanted:
            continue
        stale = True
        name = path.relative_to(ROOT)
        if options.check:
            print(f"{name} is superfluous; run python docs/generate.py")
        else:
            path.unlink()
            print(f"{name} removed")
    for path, text in wanted.items():
        if path.is_file() and path.read_bytes() == text.encode():
            continue
        stale = True
        name = path.relative_to(ROOT)
        if options.check:
            print(f"{name} is stale; run python docs/generate.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            print(f"{name} written")
    return int(stale and options.check)


if __name__ == "__main__":
    raise SystemExit(main())
