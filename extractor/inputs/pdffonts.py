"""A font for Chinese text of a PDF whose own font is neither in the file nor on this machine: each sign is a box.

Offices often leave SimSun and STSong out of a PDF, and a server has no such font: nothing would be drawn, and what is
seen is told by what is drawn. The boxes have the color, the place and the cover of the signs that they stand for.
"""

from __future__ import annotations

import ctypes
import re
from contextlib import suppress
from functools import cache
from importlib import resources
from typing import Any

_GB = 134
_CHARSETS = frozenset((128, 129, _GB, 136))  # and Shift JIS, Hangul, Big5
_CHINESE = re.compile(
    rb"[\x80-\xff]|sim(?:sun|hei|kai|li|you)|song|hei|kai|fang|ming(?!-?libre)|yahei|dengxian|gb2312|gbk|cjk|"
    rb"han(?:sans|serif)|wenquan|^(?:st|fz|hy)[a-z]",
    re.IGNORECASE,
)


@cache
def install() -> None:
    """Let pdfium draw boxes where it finds no Chinese font; once in a process."""
    import pypdfium2

    class Boxes(pypdfium2.PdfSysfontBase):  # type: ignore[misc]
        """Answers for fonts that are not found."""

        def __init__(self) -> None:
            self._data = resources.files(__package__).joinpath("boxes.ttf").read_bytes()
            self._name = ctypes.create_string_buffer(1)
            self._own = ctypes.addressof(self._name)
            super().__init__()

        def map_font(self, *asked: Any) -> Any:
            found = super().MapFont(*asked)
            face = ctypes.string_at(asked[5]) if asked[5] else b""
            return found or (self._own if asked[3] in _CHARSETS or _CHINESE.search(face) else None)

        def data(self, this: Any, font: Any, table: int, out: Any, size: int) -> int:
            if font != self._own:
                return int(super().GetFontData(this, font, table, out, size))
            if table == 0 and size >= len(self._data):
                ctypes.memmove(out, self._data, len(self._data))
            return 0 if table else len(self._data)

        def face(self, this: Any, font: Any, out: Any, size: int) -> int:
            return 0 if font == self._own else int(super().GetFaceName(this, font, out, size))

        def charset(self, this: Any, font: Any) -> int:
            return _GB if font == self._own else int(super().GetFontCharset(this, font))

        def delete(self, this: Any, font: Any) -> None:
            if font != self._own:
                super().DeleteFont(this, font)

        MapFont, GetFontData, GetFaceName = map_font, data, face  # as pdfium calls them
        GetFontCharset, DeleteFont = charset, delete

    with suppress(pypdfium2.PdfiumError):  # of a system that has no fonts of its own
        Boxes().setup()
