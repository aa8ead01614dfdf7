"""Draw the pictures of docs/handbook.zh-CN.md with Chromium, from what the program itself writes.

    apt-get install chromium && pip install playwright pillow
    python docs/screens.py

Each picture is of a golden report or of a small store of them; terminals are drawn from what the command printed.
"""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "pictures"
COLOURS = 64
WRONG = "golden/one-digit-wrong/report.txt"
GOOD = "golden/tab-indented-2021/report.txt"
_SHELL = (
    "<!doctype html><meta charset=utf-8><style>body{margin:0;background:#1c1d1f;color:#e4e2dc;padding:16px 20px}"
    "pre{font:14px/1.55 'Noto Sans Mono CJK SC',monospace;white-space:pre-wrap;margin:0}b{color:#8fd0a0}</style><pre>"
)
_SHEET = (
    "<!doctype html><meta charset=utf-8><style>body{margin:0;padding:12px;font:13px/1.5 'Noto Sans CJK SC',sans-serif}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:3px 6px;vertical-align:top;text-align:left;"
    "max-width:15em}th{background:#eee}</style><table>"
)


def chromium() -> str | None:
    """The path of a Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def opened(width: int, height: int, *, scheme: str = "light") -> Iterator[Page]:
    """A page of a browser with that window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        yield page
        browser.close()


def main() -> None:
    """Draw all of them."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made, opened(1180, 760) as page:
        folder = Path(made)
        shutil.copytree(
            ROOT / "golden", folder / "golden", ignore=shutil.ignore_patterns("recorded")
        )
        (folder / "docs").mkdir()
        shutil.copy(ROOT / "docs" / "manifest.csv", folder / "docs")
        report, good = str(folder / "wrong.html"), str(folder / "good.html")
        _terminal(page, folder, "01-one-report", WRONG, "--html", report, "-o", "r.json")
        _run(folder, GOOD, "--html", good, "-q", "-o", "g.json")
        _page(page, good, "02-accepted")
        _page(page, report, "03-to-do")
        page.locator("td.suspect a").first.click()
        _shot(page, "04-place")
        page.mouse.move(1, 1)
        page.locator("li.identity.failed").first.scroll_into_view_if_needed()
        _shot(page, "05-sums")
        _run(
            folder,
            WRONG,
            "golden/blanks-that-do-not-follow/report.txt",
            "--todo",
            "list.xlsx",
            "-q",
            "-o",
            "a.jsonl",
        )
        _sheet(page, folder / "list.xlsx", "06-list")
        _terminal(
            page,
            folder,
            "07-batch",
            "batch",
            "golden",
            "--glob",
            "report.txt",
            "--store",
            "run.db",
            "--html",
            "store.html",
        )
        _page(page, str(folder / "store.html"), "08-store")
        _terminal(
            page,
            folder,
            "09-manifest",
            "batch",
            "--manifest",
            "docs/manifest.csv",
            "--store",
            "run.db",
        )
        page.set_viewport_size({"width": 390, "height": 760})
        _page(page, report, "10-phone")


def _run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "extractor", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "zh_CN.UTF-8"}
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, env=environment, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stderr


def _terminal(page: Page, folder: Path, name: str, *arguments: str) -> None:
    told = _run(folder, *arguments).splitlines(keepends=True)
    said = "".join(line for line in told if not line.startswith("extract batch: "))  # how far it is
    shown = " ".join(
        ["extract", *(os.path.basename(a) if a.startswith("/") else a for a in arguments)]
    )
    _own(page, folder, f"{_SHELL}<b>$ {html.escape(shown)}</b>\n{html.escape(said)}</pre>")
    _save(page.locator("body").screenshot(), name)


def _sheet(page: Page, path: Path, name: str) -> None:
    from openpyxl import load_workbook

    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    body = ""
    for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False):
        cells = (f"<{tag}>{html.escape(str(value or ''))}</{tag}>" for value in row)
        body += f"<tr>{''.join(cells)}</tr>"
    _own(page, path.parent, f"{_SHEET}{body}</table>")
    _save(page.locator("body").screenshot(), name)


def _own(page: Page, folder: Path, text: str) -> None:
    """Show a page of our own; as a file, for it would else have the policy of the page before it."""
    (folder / "own.html").write_text(text, encoding="utf-8")
    page.goto((folder / "own.html").as_uri())


def _page(page: Page, path: str, name: str) -> None:
    page.goto(Path(path).as_uri())
    _shot(page, name)


def _shot(page: Page, name: str) -> None:
    _save(page.screenshot(), name)


def _save(data: bytes, name: str) -> None:
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS)
    image.save(OUT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
