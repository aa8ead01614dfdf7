"""The static site: every link leads somewhere, it reads without a script, and report text is text."""

from __future__ import annotations

import re
import tracemalloc
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from extractor.batch.store import Store
from extractor.errors import UsageError
from extractor.site import building
from tests.conftest import command
from tests.reviewed import kinds, store_of, with_figure

HOSTILE = "<script>alert(1)</script>{{7*7}}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    path = store_of(folder, kinds(8))
    store_of(folder, {"000.txt": with_figure(0, "{}"), "x.txt": with_figure(9, "{1}")})
    assert command("site")([str(path), "--to", str(folder / "out"), "-q"]) == 0
    return folder / "out"


def links(file: Path) -> list[str]:
    found = re.findall(r'(?:href|src)="([^"#][^"]*)"', file.read_text(encoding="utf-8"))
    return [unescape(one) for one in found if not one.startswith("data:")]


def test_every_link_leads_to_a_file_of_the_site(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len([page for page in pages if page.parent != site]) == 9
    for page in pages:
        for link in links(page):
            assert (page.parent / link).resolve().is_relative_to(site.resolve()), (page, link)
            assert (page.parent / link).is_file(), (page, link)


def test_every_report_is_in_the_lists_of_its_verdict_year_and_rule(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    for file in ("verdict-accepted-1.html", "verdict-inconsistent-1.html", "year-2024-1.html"):
        assert f'href="{file}"' in index
    assert (site / "year-2024-1.html").read_text(encoding="utf-8").count("<tr data-row>") == 9
    assert 'href="rule-' in index
    assert 'href="region-' in index


def test_pages_allow_no_assets_from_elsewhere_and_are_small(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = unescape(page.read_text(encoding="utf-8"))
        assert "default-src 'none'" in text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
        assert page.stat().st_size < building.MOST_PAGE, page


def test_the_feed_tells_what_changed_between_runs(tmp_path: Path) -> None:
    path = store_of(tmp_path, {"a.txt": with_figure(1, "{}（含试点事项）")})
    from extractor.batch import Options, run

    with Store.open(path, write=True) as store:
        report = next(store.reports())
        import json

        from tests.test_decisions import on
        from verify.schema import Result

        result = Result.model_validate_json(report.json)
        remark = next(one for one in result.reasons if one.code == "remark")
        store.add_decisions([on(with_figure(1, "{}（含试点事项）"), remark, "harmless")])
        assert json.loads(report.json)["verdict"] == "unconfirmed"
    run(None, str(path), Options(processes=1, rerun="stale"))
    out = tmp_path / "out"
    base = "https://example.org/gouji/"
    command("site")([str(path), "--to", str(out), "-q", "--base", base])
    feed = ET.fromstring((out / "feed.xml").read_bytes())  # noqa: S314 - our own file
    space = {"a": "http://www.w3.org/2005/Atom"}
    (entry,) = feed.findall("a:entry", space)
    link = entry.find("a:link", space)
    assert link is not None
    assert link.attrib["href"].startswith(base)
    assert (out / link.attrib["href"].removeprefix(base)).is_file()
    assert "→" in (out / "changes.html").read_text(encoding="utf-8")


def test_report_text_is_text_in_names_and_lists(tmp_path: Path) -> None:
    path = store_of(tmp_path, {"a.txt": with_figure(1, "{1}", f"../{HOSTILE}县林业局")})
    out = tmp_path / "out"
    command("site")([str(path), "--to", str(out), "-q"])
    for page in out.rglob("*"):
        if page.is_file():
            assert "<script>alert" not in page.read_text(encoding="utf-8")
            assert page.resolve().is_relative_to(out.resolve())
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_dir()) == ["out"]


def test_the_language_is_chosen(tmp_path: Path) -> None:
    path = store_of(tmp_path, {"a.txt": with_figure(1, "{}")})
    command("site")([str(path), "--to", str(tmp_path / "out"), "-q", "--lang", "en"])
    assert '<html lang="en">' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("given", [["--base", "javascript:x"], []], ids=["base", "file"])
def test_what_cannot_be_is_refused(tmp_path: Path, given: list[str]) -> None:
    path = store_of(tmp_path, {"a.txt": with_figure(1, "{}")})
    to = tmp_path / "out" if given else path
    with pytest.raises(UsageError):
        command("site")([str(path), "--to", str(to), *given])


@pytest.mark.batches
def test_memory_stays_flat(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        folder = tmp_path / str(count)
        folder.mkdir()
        path = store_of(folder, kinds(count))
        tracemalloc.start()
        command("site")([str(path), "--to", str(folder / "out"), "-q"])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(4)  # what is loaded once
    assert peak(48) < 1.3 * peak(12) + 2_000_000
