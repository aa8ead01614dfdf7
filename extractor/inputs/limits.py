"""Limits of what is read, and the files that are not: each refusal is one line in two languages."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from extractor.errors import InputError

MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes of everything in a zipped file; a report has less than one MB of text."""
MOST_CELLS = 200_000
"""Positions of all tables together; a report has some 600."""
MOST_SPAN = 1_000
"""Rows or columns of one merged cell."""
MOST_DEPTH = 200
"""Elements or tables within each other."""
MOST_PAGES = 500
MOST_SCANNED = 60
"""Pages that are recognised: each takes many seconds."""
MOST_PIXELS = 60_000_000
"""Of one picture."""
MOST_CHARACTERS = 5_000_000
MOST_RULES = 60_000
"""Lines and boxes drawn on one page."""
MOST_SECONDS = 120
"""Of reading a file, and of a conversion by another program; a page that is recognised has as many."""

_TEXTS = {
    "ofd": (
        "is an OFD file, which is not read; export it as PDF or Word in the program that shows it",
        "是OFD文件，不能读取；请在阅读软件中另存为PDF或Word",
    ),
    "wps": (
        "is a WPS document, which is not read; save it as .docx in WPS",
        "是WPS文字文件，不能读取；请在WPS中另存为.docx",
    ),
    "rtf": (
        "is an RTF document, which is not read; save it as .docx",
        "是RTF文件，不能读取；请另存为.docx",
    ),
    "zip": (
        "is a ZIP archive; unpack it and give the report in it",
        "是ZIP压缩包；请解压后提供其中的报告",
    ),
    "archive": (
        "is an archive; unpack it and give the report in it",
        "是压缩包；请解压后提供其中的报告",
    ),
    "opendocument": (
        "is an OpenDocument file, which is not read; save it as .docx or .xlsx",
        "是OpenDocument文件，不能读取；请另存为.docx或.xlsx",
    ),
    "slides": (
        "is a presentation, which is not read; export the report as PDF",
        "是演示文稿，不能读取；请将报告导出为PDF",
    ),
    "program": ("is a program, not a report", "是程序，不是报告"),
    "encrypted": (
        "is encrypted; open it with its password and save it without one",
        "已加密；请用密码打开后另存为不加密的文件",
    ),
    "picture": (
        "is a picture; text recognition is not installed here: give the Word, PDF or web page, or text",
        "是图片，此处未安装文字识别；请提供Word、PDF、网页或文本",
    ),
    "scan": (
        (
            "is a scan or a picture, and text recognition is not installed here; run pip install "
            "'gouji[scan]', or give the Word file, the web page or text"
        ),
        "是扫描件或图片，此处未安装文字识别；请运行pip install 'gouji[scan]'，或提供Word文件、网页或文本",
    ),
    "scanned": (
        "has more than {detail} pages that are pictures; give the pages of one report",
        "图片页超过{detail}页；请只提供一份报告的页面",
    ),
    "pixels": (
        "is a picture of more than {detail} million points, or of hardly any; scan it at 200 to 400 dpi",
        "图片超过{detail}百万像素，或过小；请以200至400 dpi扫描",
    ),
    "ole": (
        "is an old Office file of an unknown kind; save it as .docx or .xlsx",
        "是旧版Office文件，种类不明；请另存为.docx或.xlsx",
    ),
    "soffice": (
        (
            "is a Word 97 document (.doc); it is read through LibreOffice, which is not installed here: "
            "install it, or save the file as .docx"
        ),
        "是旧版Word文件（.doc），须经LibreOffice读取，此处未安装；请安装，或另存为.docx",
    ),
    "conversion": (
        "is a Word 97 document (.doc) that LibreOffice does not convert; save it as .docx",
        "是旧版Word文件（.doc），LibreOffice未能转换；请另存为.docx",
    ),
    "missing": (
        "needs the package {detail}, which is not installed; run pip install {detail}",
        "需要软件包{detail}，此处未安装；请运行pip install {detail}",
    ),
    "damaged": (
        "is a damaged or cut {detail}; open it in its program and save it again",
        "是损坏或不完整的{detail}；请用原软件打开后重新保存",
    ),
    "bytes": (
        "holds more than {detail} MB when it is unpacked; a report holds far less, give the report alone",
        "解压后超过{detail}MB；请只提供报告本身",
    ),
    "cells": (
        "has tables of more than {detail} cells; give the report alone",
        "表格超过{detail}格；请只提供报告本身",
    ),
    "span": (
        "has a cell that covers more than {detail} rows or columns; correct the table",
        "有单元格跨越超过{detail}行或列；请改正表格",
    ),
    "depth": (
        "has more than {detail} elements within each other; give the report alone",
        "嵌套超过{detail}层；请只提供报告本身",
    ),
    "pages": (
        "has more than {detail} pages; give the pages of one report",
        "超过{detail}页；请只提供一份报告的页面",
    ),
    "characters": (
        "holds more than {detail} characters; give the report alone",
        "超过{detail}字；请只提供报告本身",
    ),
    "rules": (
        "has a page with more than {detail} lines drawn on it; give the report alone",
        "有一页画线超过{detail}条；请只提供报告本身",
    ),
    "seconds": (
        "takes more than {detail} seconds to read; give the report alone",
        "读取超过{detail}秒；请只提供报告本身",
    ),
    "markup": (
        "is a web page whose markup cannot be told from its text; save it again from the browser",
        "是网页，但标记与正文无法分清；请在浏览器中重新保存",
    ),
}


class RefusedError(InputError):
    """A file that is not read; ``str()`` is one line in English, `zh` the same in Chinese.

    Args:
        code: Of the texts of this module.
        detail: What the text leaves open: a limit, a package, the kind of file.
    """

    def __init__(self, code: str, detail: object = "", name: str = "") -> None:
        self.code, self.detail, self.name = code, detail, name
        english, chinese = _TEXTS[code]
        shown = "standard input" if name == "-" else repr(name) if name else "the file"
        super().__init__(f"{shown} {english.format(detail=detail)}")
        self.zh = (f"“{name}”" if name else "文件") + chinese.format(detail=detail)

    def named(self, name: str) -> RefusedError:
        """The same of a file that has a name."""
        return RefusedError(self.code, self.detail, name)

    def __reduce__(self) -> tuple[type[RefusedError], tuple[str, object, str]]:
        return RefusedError, (self.code, self.detail, self.name)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Refuse a file that takes longer; only in a main thread, and not on Windows: elsewhere workers have a limit.

    Raises:
        RefusedError: It does.
    """
    timer = getattr(signal, "setitimer", None)
    if timer is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(*_: Any) -> None:
        raise RefusedError("seconds", round(seconds))

    before = signal.signal(signal.SIGALRM, over)
    # again after a second, in case that a library took the first for an error of its own
    timer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        timer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
