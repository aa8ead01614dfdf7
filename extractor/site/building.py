"""The pages of a site, one report at a time; lists are sorted on disk, so memory stays flat."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from extractor.catalogue import Catalogue, Lang
from extractor.files import write_whole
from extractor.render._html import environment
from extractor.render._words import WORDS as VIEWS
from extractor.render.page import page
from extractor.review.cases import Case, parsed
from extractor.review.originals import Originals
from verify.agencies import parse
from verify.schema import Result

if TYPE_CHECKING:
    from extractor.batch.store import Store

WORDS = Catalogue("site")
OWN = os.path.join(os.path.dirname(__file__), "templates")
MOST_PAGE = 300_000
"""Bytes of a page without pictures; of a longer source only what stands around its figures is shown."""
_ROWS = 400
_CHANGES = 500
_LISTS = ("verdict", "year", "region", "rule")
_SCHEMA = """
CREATE TABLE rows (list TEXT, name TEXT, sort TEXT, sha256 TEXT, row TEXT);
"""
_CHANGED = """
WITH each AS (
  SELECT a.id, a.run_id, a.ended, a.source_id, r.id AS result, r.verdict, r.agency, r.year,
    lag(r.id) OVER w AS before, lag(r.verdict) OVER w AS was
  FROM attempts AS a JOIN results AS r ON r.id = a.result_id
  WINDOW w AS (PARTITION BY a.source_id ORDER BY a.id)
)
SELECT e.id, e.run_id, e.ended, s.sha256, e.agency, e.year, e.was, e.verdict
FROM each AS e JOIN sources AS s ON s.id = e.source_id
WHERE e.before IS NOT NULL AND e.before <> e.result ORDER BY e.id DESC LIMIT ?
"""


def build(
    store: Store, to: str, lang: Lang, *, pictures: bool, originals: str, base: str
) -> tuple[int, int]:
    """Write a site.

    Args:
        store: Whose current results are shown.
        to: The directory.
        lang: Of the pages.
        pictures: Whether pages of PDFs and scans are shown as pictures.
        originals: Folder with originals by their hash.
        base: Address of the site, for its feed; empty when not known.

    Returns:
        How many reports have a page, and how many of these have no original.
    """
    os.makedirs(os.path.join(to, "r"), exist_ok=True)
    write = _Writer(to, lang)
    found = Originals(store, originals, pictures=pictures)
    pages = without = 0
    with TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/lists.db")) as lists:
        lists.executescript(_SCHEMA)
        for report in store.reports():
            result = parsed(report.result, report.json)
            path = report.paths[0] if report.paths else ""
            case = Case(
                report.source, report.sha256, path, report.agency, report.year, report.verdict, 0, 0
            )
            without += not write.report(case, result, found)
            pages += 1
            lists.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", _rows(case, result))
        lists.execute("CREATE INDEX by_list ON rows (list, name, sort, sha256)")
        write.lists(lists, pages)
    write.feed(list(store.sql(_CHANGED, (_CHANGES,))), base)
    return pages, without


def address(sha256: str) -> str:
    """Where the page of a report is, from the directory of the site."""
    return f"r/{sha256[:2]}/{sha256[:32]}.html"


def _rows(case: Case, result: Result) -> Iterator[tuple[str, str, str, str, str]]:
    """A row for each list that a report is in."""
    codes = sorted({one.code for one in result.reasons if one.severity == "error"})
    shown = [case.agency or "", case.year, case.verdict, codes[:3]]
    text = json.dumps(shown, ensure_ascii=False)
    sort = f"{case.agency or ''} {case.year or 0:06d}"
    places = parse(case.agency).places if case.agency else ()
    names = {
        "all": [""],
        "verdict": [case.verdict],
        "year": [str(case.year or "")],
        "region": ["".join(places[0]) if places else ""],
        "rule": sorted({one.rule or one.code for one in result.reasons if one.severity != "info"}),
    }
    for kind, many in names.items():
        for name in many:
            yield kind, name, sort, case.sha256, text


class _Writer:
    """Writes the pages of one site."""

    def __init__(self, to: str, lang: Lang) -> None:
        self.to, self.lang = to, lang
        self._pages = environment(OWN)

    def report(self, case: Case, result: Result, originals: Originals) -> bool:
        """The page of a report; whether it has its original."""
        source = originals.source(case)
        text = "" if source is None else source.text
        made = partial(page, result, text, self.lang, home="../../index.html")
        html = made(original=originals.original(case))
        if len(html.encode()) > MOST_PAGE and not originals.pictures:
            html = made(brief=True)
        target = os.path.join(self.to, address(case.sha256))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        write_whole(target, html.encode("utf-8", "replace"))
        return source is not None

    def lists(self, rows: sqlite3.Connection, pages: int) -> None:
        """The index and the lists, some hundred rows a page."""
        totals: dict[str, list[tuple[str, str, int]]] = {}
        counted = "SELECT name, count(*) FROM rows WHERE list = ? GROUP BY name ORDER BY name"
        for kind in (*_LISTS, "all"):
            for name, count in rows.execute(counted, (kind,)).fetchall():
                totals.setdefault(kind, []).append((name, _file(kind, name, 0), count))
                self._list(rows, kind, name, count)
        self._write(
            "index.html",
            "index.html.j2",
            totals=totals,
            kinds=_LISTS,
            pages=pages,
            title=WORDS[self.lang].title,
        )
        for name in ("site.css", "site.js"):
            with open(os.path.join(OWN, name), encoding="utf-8") as file:
                write_whole(os.path.join(self.to, name), file.read())

    def _list(self, rows: sqlite3.Connection, kind: str, name: str, count: int) -> None:
        last = (count - 1) // _ROWS
        cursor = rows.execute(
            "SELECT sha256, row FROM rows WHERE list = ? AND name = ? ORDER BY sort, sha256",
            (kind, name),
        )
        for number in range(last + 1):
            self._write(
                _file(kind, name, number),
                "list.html.j2",
                rows=[(address(s), *json.loads(row)) for s, row in cursor.fetchmany(_ROWS)],
                before=_file(kind, name, number - 1) if number else None,
                after=_file(kind, name, number + 1) if number < last else None,
                number=number + 1,
                last=last + 1,
                count=count,
                title=self._title(kind, name),
            )

    def _title(self, kind: str, name: str) -> str:
        words, views = WORDS[self.lang], VIEWS[self.lang]
        if kind == "all":
            return str(words.all)
        if kind == "verdict":
            return str(views.verdicts[name][0])
        return f"{words.kinds[kind]}{views.colon}{name or words.none}"

    def feed(self, changes: list[tuple[Any, ...]], base: str) -> None:
        """What changed between runs, the latest first, as Atom and as a page."""
        stamp = changes[0][2] if changes else "1970-01-01T00:00:00Z"
        titled = {"title": WORDS[self.lang].changes, "changes": changes, "page": address}
        self._write("changes.html", "changes.html.j2", **titled)
        self._write("feed.xml", "feed.xml.j2", **titled, updated=stamp, base=base.rstrip("/"))

    def _write(self, name: str, template: str, **more: Any) -> None:
        views = VIEWS[self.lang]
        text = self._pages.get_template(template).render(
            w=WORDS[self.lang],
            v=views,
            lang=self.lang,
            name_of=self._title,
            **more,
        )
        target = os.path.join(self.to, name)
        write_whole(target, text.encode("utf-8", "replace"))


def _file(kind: str, name: str, number: int) -> str:
    """The file of a part of a list: names of reports are data, so only their hash is part of a path."""
    key = name if name.isascii() and name.replace("_", "").isalnum() else ""
    key = key or (hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12] if name else "-")
    return f"{kind}-{key[:60]}-{number + 1}.html" if kind != "all" else f"all-{number + 1}.html"
