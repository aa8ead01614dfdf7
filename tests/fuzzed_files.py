"""Files that are cut, changed in bytes, or changed inside their archives, as many as asked for, of every kind."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from functools import cache

from PIL import Image

from tests.inputs_documents import as_docx, as_html, as_pdf, as_xlsx, report

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


def _mht() -> bytes:
    page = as_html(report(1)).encode("gb18030")
    return (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + page
        + b"\r\n--b--\r\n"
    )


def _json() -> bytes:
    import json

    return json.dumps({"title": "x", "text": as_html(report(1))}, ensure_ascii=False).encode()


def _picture(kind: str) -> Callable[[], bytes]:
    def made() -> bytes:
        out = io.BytesIO()
        Image.effect_noise((150, 210), 40).save(out, kind)
        return out.getvalue()

    return made


_KINDS: dict[str, Callable[[], bytes]] = {
    "html": lambda: as_html(report(1)).encode("gb18030"),
    "mht": _mht,
    "json": _json,
    "docx": lambda: as_docx(report(1)),
    "xlsx": lambda: as_xlsx(report(1)),
    "pdf": lambda: as_pdf(report(1)),
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
