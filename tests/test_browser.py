"""Pages in a real browser: every link leads somewhere, keys reach everything, hostile text stays text.

Needs Chromium (``apt-get install chromium``) and playwright; the suite is called ``browser``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from docs.screens import chromium
from extractor import read
from extractor.across import summary_page
from extractor.render import page as page_of
from tests.conftest import GOLDEN
from tests.stores import golden, make_store, result_of

pytestmark = pytest.mark.browser
CASES = {
    "accepted": "tab-indented-2021",
    "completed": "blanks-that-follow",
    "unconfirmed": "addressed-to-a-model",
    "inconsistent": "one-digit-wrong",
    "incomplete": "blanks-that-do-not-follow",
    "rejected": "row-with-a-lost-name",
    "unsupported": "form-before-2019",
}
PAGES = [(verdict, lang) for verdict in CASES for lang in ("zh", "en")]
EVIL = (
    "<img src=x onerror='window.pwned=1'>",
    "</script><script>window.pwned=1</script>",
    "\"'><svg onload=window.pwned=1>",
    "</style><style>*{display:none}</style>",
    "{{ 7*7 }}{% for x in y %}",
    "javascript:window.pwned=1",
)
_REACHABLE = "a[href], button, summary, input, select, textarea, [tabindex]"
_LINKS = """(step) => {
  const bad = [];
  const links = [...document.querySelectorAll('a[href]')];
  links.filter((_, n) => n % step == 0).forEach((link) => {
    const id = decodeURIComponent(link.getAttribute('href').slice(1));
    const target = document.getElementById(id);
    if (!target) { bad.push('nowhere: ' + id); return; }
    target.closest('details')?.setAttribute('open', '');
    location.hash = '#' + id;
    const box = target.getBoundingClientRect();
    if (box.bottom < 0 || box.top > innerHeight) bad.push('not seen: ' + id);
  });
  return [links.length, bad];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    assert path is not None, "no Chromium here: apt-get install chromium, or name it in CHROMIUM"
    with sync_playwright() as tool:
        started = tool.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


def shown(browser: Browser, folder: Path, text: str, **options: Any) -> Page:
    """A page from a file; it may ask for nothing else, and nothing in it may fail or speak up."""
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    return page


def report_page(verdict: str, lang: Any) -> str:
    report = read(GOLDEN / CASES[verdict] / "report.txt", lang=lang)
    assert report.verdict == verdict
    return report.to_html()


@pytest.mark.parametrize(("verdict", "lang"), PAGES)
def test_every_link_leads_to_what_is_then_seen(
    verdict: str, lang: str, browser: Browser, tmp_path: Path
) -> None:
    page = shown(browser, tmp_path, report_page(verdict, lang))
    count, bad = page.evaluate(_LINKS, 5)
    assert bad == []
    assert count > (0 if verdict == "unsupported" else 200)
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("verdict", CASES)
def test_nothing_is_wider_than_the_screen_and_the_verdict_can_be_read(
    verdict: str, scheme: Any, width: int, browser: Browser, tmp_path: Path
) -> None:
    page = shown(
        browser,
        tmp_path,
        report_page(verdict, "zh"),
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
    )
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    seal = page.locator(".seal strong")
    assert seal.is_visible()
    assert contrast(seal.evaluate(_INK)) >= 4.5
    assert contrast(page.locator(".next").evaluate(_INK)) >= 4.5
    page.close()


_INK = """(one) => {
  let back = one;
  while (back && /, 0\\)$|transparent/.test(getComputedStyle(back).backgroundColor)) back = back.parentElement;
  return [getComputedStyle(one).color, getComputedStyle(back ?? document.body).backgroundColor];
}"""


def contrast(colours: list[str]) -> float:
    """Of text and what is behind it, as WCAG 2 has it."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return sum(
            weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
        )

    one, two = sorted(map(light, colours), reverse=True)
    return (one + 0.05) / (two + 0.05)


@pytest.mark.parametrize("verdict", ["inconsistent", "unsupported"])
def test_keys_alone_reach_everything_that_can_be_reached(
    verdict: str, browser: Browser, tmp_path: Path
) -> None:
    page = shown(browser, tmp_path, report_page(verdict, "zh"))
    everything = page.evaluate(
        f"() => {{ window.all = [...document.querySelectorAll({json.dumps(_REACHABLE)})]"
        ".filter(one => one.checkVisibility()); return window.all.length; }"
    )
    reached: set[int] = set()

    def here() -> int:
        return int(page.evaluate("window.all.indexOf(document.activeElement)"))

    page.keyboard.press("Tab")
    stops: set[int] = set()
    while (at := here()) not in stops:
        stops.add(at)
        for arrow in ("ArrowRight", "ArrowDown"):  # within a group of cells or findings
            before = -2
            while (now := here()) != before and now not in (reached if before != -2 else ()):
                reached.add(now)
                before = now
                page.keyboard.press(arrow)
        page.evaluate("at => window.all[at]?.focus()", at)
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
    missing = page.evaluate(
        "seen => window.all.filter((_, n) => !seen.includes(n)).map(one => one.outerHTML.slice(0, 120))",
        sorted(reached),
    )
    assert missing == []
    assert everything > 0
    page.close()


def test_enter_on_a_cell_shows_its_place(browser: Browser, tmp_path: Path) -> None:
    page = shown(browser, tmp_path, report_page("inconsistent", "zh"))
    cell = page.locator("td.suspect a").first
    cell.focus()
    page.keyboard.press("Enter")
    mark = page.locator("mark.suspect").first
    box = mark.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 900
    page.close()


def test_a_page_is_printed_whole(browser: Browser, tmp_path: Path) -> None:
    page = shown(browser, tmp_path, report_page("inconsistent", "zh"))
    page.emulate_media(media="print")
    clipped = page.evaluate(
        "() => [...document.querySelectorAll('main, aside')].filter("
        "one => one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY !== 'visible').length"
    )
    assert clipped == 0
    assert len(page.pdf(format="A4")) > 10_000
    page.close()


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_text_stays_text_in_the_page_of_a_report(
    evil: str, browser: Browser, tmp_path: Path
) -> None:
    data = (GOLDEN / "one-digit-wrong" / "report.txt").read_bytes()
    text = f"{evil}\n{data.decode()}\n{evil}"
    made = result_of(text.encode(), f"{evil}.txt")
    result = made.model_copy(update={"report": made.report.model_copy(update={"agency": evil})})
    page = shown(browser, tmp_path, page_of(result, text, "zh"))
    quiet(page, evil)


def test_hostile_text_stays_text_in_the_page_of_a_store(browser: Browser, tmp_path: Path) -> None:
    reports, results = [], {}
    for number, evil in enumerate(EVIL):
        data = (GOLDEN / "one-digit-wrong" / "report.txt").read_bytes() + b"\n" * number
        path = f"{evil.replace('/', '')}/{number}.txt"
        made = json.loads(result_of(data, path).model_dump_json())
        made["report"]["agency"] = evil
        reports.append((path, data))
        results[path] = json.dumps(made)
    store = make_store(tmp_path / "run.db", reports, results=results)
    page = shown(browser, tmp_path, summary_page(str(store), lang="zh"))
    for evil in EVIL:
        assert evil in page.locator("body").inner_text()
    quiet(page, EVIL[0])


def quiet(page: Page, evil: str) -> None:
    """Nothing ran, nothing was made of the text, and it is there to be read."""
    assert page.evaluate("window.pwned") is None
    assert page.locator("img[src=x], svg[onload], main script").count() == 0
    assert page.locator("h1").is_visible()
    assert evil in page.content() or evil in page.locator("body").inner_text()
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_a_store_fits_the_screen(
    lang: Any, width: int, browser: Browser, tmp_path: Path
) -> None:
    store = make_store(tmp_path / "run.db", golden()[:12])
    page = shown(
        browser,
        tmp_path,
        summary_page(str(store), lang=lang),
        viewport={"width": width, "height": 844},
    )
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.close()


def test_a_page_without_escaping_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    page = shown(browser, tmp_path, f"<!doctype html><main><h1>甲</h1>{EVIL[2]}</main>")
    with pytest.raises(AssertionError):
        quiet(page, EVIL[2])
    page.close()
