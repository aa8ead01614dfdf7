"""Bytes in, decoded text out: encodings of Chinese reports, and what is no text at all.

Line ends are not translated and a byte order mark is not counted, so an offset in the text is an
offset in what the user has.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import InputError

MOST_BYTES = 20 * 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (a .docx or .xlsx?)"),
    (b"\xd0\xcf\x11\xe0", "an Office file (.doc or .xls)"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
)
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子"
    "说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制"
    "机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正"
    "心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党"
    "程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角"
    "期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压"
    "志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万"
    "每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林"
    "律叫且究观越织装府息申请答复投诉讼执政策监督网站机构职责办理登记依"
    "國開發機關資訊報總計請數處業務員會個為與無過時間單實體"
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A decoded source.

    Attributes:
        name: File name, ``-`` for standard input.
        text: Decoded text; a byte order mark is not part of it, line ends are as they were.
        sha256: Of the bytes.
        encoding: Codec that decodes the bytes to the text.
        media_type: Of the bytes.
        renderer: What made the text of them, with its version; of a text file decoding alone.
    """

    name: str
    text: str
    sha256: str
    encoding: str
    media_type: str = "text/plain"
    renderer: str = "text/1"


def load(path: str) -> SourceText:
    """Read a report from a file, or from standard input for ``-``.

    Raises:
        InputError: Missing, not a file, empty, binary, undecodable or too large.
    """
    if path == "-":
        if sys.stdin is None:  # closed before the program began
            raise InputError("standard input is closed; give a file, or something to read from")
        return decode(sys.stdin.buffer.read(MOST_BYTES + 1), "-")
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path!r}: no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(
            f"{path!r} is a directory; give one report, a text file (or - for standard input)"
        ) from None
    except PermissionError:
        raise InputError(f"{path!r}: no permission to read it; check its rights") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path!r} cannot be read ({error}); check the path") from None
    # bytes of a name that are no text in this locale would make the result no text either
    return decode(data, Path(path).name.encode("utf-8", "replace").decode())


def decode(data: bytes, name: str) -> SourceText:
    """Decode the bytes of a report.

    UTF-8, UTF-16 and UTF-32 by their marks; else UTF-8; else UTF-16 by its pattern of zero bytes;
    else GB18030 or Big5, whichever gives ordinary Chinese.

    Raises:
        InputError: Empty, binary, undecodable or too large.
    """
    shown = "standard input" if name == "-" else repr(name)
    if not data or data in {bom for bom, _ in _BOMS}:
        raise InputError(f"{shown} is empty; give the text of a report")
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{shown} is larger than {MOST_BYTES // 2**20} MB; a report is a few kB, split the file"
        )
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"{shown} is {what}, not text; convert it to plain text first")
    for encoding, text in _attempts(data):
        if _is_binary(text):
            raise InputError(f"{shown} is binary, not text; convert it to plain text first")
        return SourceText(name, text, hashlib.sha256(data).hexdigest(), encoding)
    raise InputError(
        f"{shown} is in no encoding known here (UTF-8, GB18030, Big5, UTF-16); save it as UTF-8"
    )


def _attempts(data: bytes) -> Iterator[tuple[str, str]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = _try(data[len(bom) :], encoding)
            if text is not None:
                yield encoding, text
            return
    text = _try(data, "utf-8")
    if text is not None:
        yield "utf-8", text
        return
    if len(data) % 2 == 0:
        for encoding in ("utf-16-le", "utf-16-be"):
            text = _try(data, encoding)
            if text is not None and _ordinary(text) > _UTF16_LIKELY:
                yield encoding, text
                return
    guesses = []
    for encoding in ("gb18030", "big5hkscs"):
        text = _try(data, encoding)
        if text is not None:
            guesses.append((_ordinary(text), encoding, text))
    if guesses:
        score, encoding, text = max(guesses, key=lambda guess: guess[0])
        if score > _LIKELY:
            yield encoding, text


_UTF16_LIKELY = 0.3
_LIKELY = 0.12
_SAMPLE = 20_000
_HAN = re.compile("[^\x00-\x7f\u3000-\u303f\uff00-\uffef]")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _ordinary(text: str) -> float:
    """Share of everyday Chinese characters among those that are not ASCII or punctuation."""
    han = _HAN.findall(text[:_SAMPLE])
    if not han:
        return 0.0
    return sum(character in _COMMON for character in han) / len(han)


def _is_binary(text: str) -> bool:
    if "\x00" in text:
        return True
    sample = text[:_SAMPLE]
    controls = sum(c < " " and c not in "\t\n\r\x0b\x0c\x1a\x1e\x1f\x1c\x1d" for c in sample)
    return controls * 20 > len(sample)
