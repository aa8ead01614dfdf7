"""Review in a real browser, worked by keyboard alone; and a server that is killed between a click and its answer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, environment
from tests.reviewed import kinds, results, rows, store_of

pytestmark = pytest.mark.browser
COUNT = 200
_CHROMIUM = "/usr/bin/chromium"


@contextmanager
def running(path: Path, *more: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    words = [sys.executable, "-m", "extractor", "review", str(path), "--no-browser", *more]
    served = subprocess.Popen(  # noqa: S603 - our own command
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment()
    )
    assert served.stdout is not None
    try:
        yield served.stdout.readline().decode().strip(), served
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(60)
        served.stdout.close()


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api")
    if not Path(_CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    with sync.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        made = browser.new_page(viewport={"width": 1280, "height": 900})
        made.set_default_timeout(60_000)
        yield made
        browser.close()


def press(page: Any, keys: str, *, into: str = "") -> None:
    """Press a key and wait for the next screen; ``into`` is typed into the field that the key leads to."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(keys)
        if into:
            page.keyboard.type(into)
            page.keyboard.press("Enter")


def verdicts(path: Path) -> list[str]:
    return sorted(json.loads(text)["verdict"] for text in results(path).values())


def work(page: Any, most: int) -> int:
    """Decide what comes, by keys alone, until nothing is left; returns how many decisions."""
    made = 0
    while page.locator("body.deciding").count() and made < most:
        if page.locator('[data-key="c"]').count():
            press(page, "c")
        elif page.locator('[data-key="e"]').count():
            shown = page.locator("blockquote").inner_text()
            press(page, "e", into="".join(one for one in shown if one.isdigit()))
        elif page.locator('[data-key="p"]').count():
            press(page, "p")
        else:
            press(page, "d", into="核对过")
        made += 1
    return made


def test_a_store_of_all_kinds_is_worked_through_by_keyboard_alone(
    tmp_path: Path, page: Any
) -> None:
    path = store_of(tmp_path, kinds(COUNT))
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    with running(path) as (address, _):
        page.goto(address)
        press(page, "j")
        press(page, "c")
        press(page, "z")
        assert [row["kind"] for row in rows(path)] == ["harmless", "undo"]
        press(page, "n", into="备注一句")
        press(page, "u")
        press(page, "k")
        press(page, "j")
        before = work(page, 30)
        assert before == 30
    with running(path) as (address, _):  # in the middle, again
        page.goto(address)
        press(page, "j")
        work(page, 2000)
        assert page.locator("body.deciding").count() == 0
        press(page, "t")
        assert "备注一句" in page.inner_text("main")
    assert not problems
    assert len({row["id"] for row in rows(path)}) == len(rows(path))
    found = verdicts(path)
    assert found.count("inconsistent") == COUNT // 4
    assert found.count("accepted") >= COUNT // 2 - 1
    assert found.count("completed") >= COUNT // 4 - 1


def test_a_server_killed_between_click_and_answer_loses_nothing_and_doubles_nothing(
    tmp_path: Path, page: Any
) -> None:
    path = store_of(tmp_path, kinds(12))
    port = "47199"
    for _ in range(4):
        with running(path, "--port", port) as (address, served):
            page.goto(address)
            press(page, "j")
            here = page.url
            id = page.locator("form.decision input[name=id]").first.get_attribute("value")
            page.evaluate(
                "() => { const f = document.querySelector('form.decision');"
                " window.sent = fetch(location.href, {method: 'POST', body:"
                " new URLSearchParams(new FormData(f))}).catch(() => null); }"
            )
            served.kill()
            served.wait(30)
        before = len(rows(path))
        with running(path, "--port", port) as (address, _):
            page.goto(address)
            page.goto(here)
            if (
                not any(row["id"] == id for row in rows(path))
                and page.locator("[data-key=c]").count()
            ):
                press(page, "c")
        after = rows(path)
        assert before <= len(after) <= before + 1
        assert len(
            {(row["source"], row.get("code"), str(row.get("span"))) for row in after}
        ) == len(after)
    with running(path):
        pass
    assert verdicts(path).count("accepted") >= 3
