"""Files that are cut, changed in bytes, or changed inside their archives, as many as asked for, of every kind."""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from PIL import Image

from extractor.errors import InputError
from extractor.inputs.limits import RefusedError
from extractor.source import decode
from tests.inputs_documents import Report, as_docx, as_html, as_pdf, as_xlsx, report

_LONGEST_LINE = 400
_DIGITS = b"0123456789"
_EVIL = (
    b"999999999",
    b"-1",
    b"0",
    b"<td colspan='999999999'>",
    b"<table>" * 40,
    b"\x00",
    b"&#x110000;",
    b"<!--",
    b"]]>",
    b"\xff\xfe",
    b"<w:tbl>",
    b"<c r='XFD1048576'/>",
    b"stream\n",
    b"obj\n",
)


def small() -> Report:
    """A report of its title and table 二 alone, so that a file of it is read in no time."""
    made = report(1)
    made.blocks = made.blocks[:5]
    return made


def _mht() -> bytes:
    page = as_html(small()).encode("gb18030")
    return (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + page
        + b"\r\n--b--\r\n"
    )


def _json() -> bytes:
    import json

    return json.dumps({"title": "x", "text": as_html(small())}, ensure_ascii=False).encode()


def _picture(kind: str) -> Callable[[], bytes]:
    def made() -> bytes:
        out = io.BytesIO()
        Image.effect_noise((150, 210), 40).save(out, kind)
        return out.getvalue()

    return made


_KINDS: dict[str, Callable[[], bytes]] = {
    "html": lambda: as_html(small()).encode("gb18030"),
    "mht": _mht,
    "json": _json,
    "docx": lambda: as_docx(small()),
    "xlsx": lambda: as_xlsx(small()),
    "pdf": lambda: as_pdf(small()),
    "png": _picture("PNG"),
    "jpeg": _picture("JPEG"),
    "tiff": _picture("TIFF"),
    "ole": lambda: b"\xd0\xcf\x11\xe0" + bytes(124) + "Workbook".encode("utf-16-le") + bytes(5000),
}
KINDS = tuple(_KINDS)


@cache
def whole(kind: str) -> bytes:
    """A file of a kind as it should be."""
    return _KINDS[kind]()


def fuzzed(kind: str, seed: int) -> bytes:
    """A damaged file."""
    rng = random.Random(f"{kind} {seed}")
    data = whole(kind)
    if data.startswith(b"PK") and rng.random() < 0.8:
        return _inside(data, rng)
    return _changed(data, rng)


def _changed(data: bytes, rng: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(rng.choice((0, 1, 1, 2, 5, 30))):
        if not made:
            break
        at = rng.randrange(len(made))
        way = rng.randrange(5)
        if way == 0:
            made[at] = rng.randrange(256)
        elif way == 1:
            made[at:at] = rng.choice(_EVIL)
        elif way == 2:
            del made[at : at + rng.choice((1, 10, 1000))]
        elif way == 3:
            end = min(at + rng.choice((10, 200, 3000)), len(made))
            made[at:at] = made[at:end]
        else:
            number = next(
                (i for i in range(at, min(at + 400, len(made))) if made[i] in _DIGITS), None
            )
            if number is not None:
                made[number : number + 1] = rng.choice((b"99999999999", b"-7", b"0", b"1e999"))
    if rng.random() < 0.4:
        del made[rng.randrange(len(made) + 1) :]
    return bytes(made)


def _inside(data: bytes, rng: random.Random) -> bytes:
    """One or two of the files in an archive changed, the archive whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        wanted = set(rng.sample(names, rng.choice((1, 1, 2))))
        main = [name for name in names if "document.xml" in name or "sheet1.xml" in name]
        if rng.random() < 0.6:
            wanted = set(main[:1])
        for name in names:
            part = old.read(name)
            if name in wanted:
                if rng.random() < 0.1:
                    continue
                part = _changed(part, rng)
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


MOST_SECONDS = 20
"""Of work on one file."""


def fault(kind: str, seed: int) -> str:
    """What is wrong with how a damaged file ends: nothing, or a line about it."""
    begun = time.process_time()
    try:
        document = decode(fuzzed(kind, seed), f"{kind}-{seed}").document
    except InputError as error:
        said = str(error)
        if "\n" in said or len(said) >= _LONGEST_LINE:
            return f"no line: {said[:80]!r}"
    except Exception as error:  # noqa: BLE001 - what is looked for
        at = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} in {at.filename}:{at.lineno}"
    else:
        if document is not None:
            spans = [anchor.span for anchor in document.anchors]
            ends = [grid.span for grid in document.grids]
            if spans != sorted(spans) or any(
                not 0 <= a <= b <= len(document.text) for a, b in (*spans, *ends)
            ):
                return "spans beyond the text"
    spent = time.process_time() - begun
    return f"{spent:.0f} s" if spent > MOST_SECONDS else ""


@contextmanager
def no_recognition() -> Iterator[None]:
    """Pictures as far as they are pictures: recognising each takes seconds."""

    def page_of(*_: Any) -> Any:
        raise RefusedError("damaged", "picture")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("extractor.inputs.scans.pages.page_of", page_of)
        yield


def _job(job: tuple[str, int]) -> tuple[str, int, str]:
    with no_recognition():
        return (*job, fault(*job))


def main(arguments: list[str] | None = None) -> int:
    """Read damaged files in worker processes that a crash may take down; 1 when one ends badly."""
    parser = argparse.ArgumentParser(description="Damaged files of every kind, read.")
    parser.add_argument("--files", type=int, default=1000, help="of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=KINDS)
    options = parser.parse_args(arguments)
    jobs = [
        (kind, options.seed + number)
        for kind in KINDS
        if options.kind in (None, kind)
        for number in range(options.files)
    ]
    bad = 0
    done: set[tuple[str, int]] = set()
    with ProcessPoolExecutor(2) as pool:
        try:
            for kind, seed, wrong in pool.map(_job, jobs, chunksize=20):
                done.add((kind, seed))
                if wrong:
                    bad += 1
                    sys.stdout.write(f"{kind} {seed}: {wrong}\n")
        except BrokenProcessPool:
            bad += 1
            kind, seed = next(job for job in jobs if job not in done)
            sys.stdout.write(f"a worker died at or after {kind} {seed}\n")
    sys.stdout.write(f"{len(done)} files, {bad} end badly\n")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
