"""Encodings of Chinese reports: which codec gives ordinary text, and what is no text at all."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
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


def attempts(data: bytes) -> Iterator[tuple[str, str]]:
    """The codec of a text and the text, none where no codec gives ordinary Chinese.

    UTF-8, UTF-16 and UTF-32 by their marks; else UTF-8; else UTF-16 by its pattern of zero bytes;
    else GB18030 or Big5, whichever gives ordinary Chinese. What a page says of itself is often wrong.
    """
    for bom, encoding in BOMS:
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


def mended(data: bytes) -> tuple[str, str] | None:
    """The codec and the text of a file with a few bad bytes, each a U+FFFD at its place; None for others.

    A file that ends inside its last character loses that character.
    """
    guesses = []
    for encoding, given in _likely(data):
        text = given.decode(encoding, "replace")
        bad = len(_BAD.findall(text))
        if bad * _BAD_SHARE <= len(text):
            guesses.append((_ordinary(text), -bad, encoding, text))
    if not guesses:
        return None
    score, _, encoding, text = max(guesses)
    return (encoding, text) if score > _LIKELY else None


def _likely(data: bytes) -> list[tuple[str, bytes]]:
    """Codecs that may be those of a damaged file, and what they decode; a mark leaves only its own."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return [(encoding, data[len(bom) :])]
    return [(encoding, data) for encoding in ("utf-8", "gb18030", "big5hkscs")]


_BAD = re.compile("\ufffd+")  # the bytes of one character stand together
_BAD_SHARE = 200
_NUL_SHARE = 5
_UTF16_LIKELY = 0.3
_LIKELY = 0.12
_SAMPLE = 20_000
_CONTROLS = re.compile("[\x01-\x06\x08\x0e-\x19\x1b]")
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


def is_binary(text: str) -> bool:
    """Whether a decoded text is none: zero characters, or too many controls."""
    if text.count("\x00") * _NUL_SHARE > len(text) or (
        "\x00" in text and _ordinary(text) < _LIKELY
    ):
        return True
    sample = text[:_SAMPLE]
    controls = len(_CONTROLS.findall(sample))
    if "\x07" in sample and _ordinary(text) < _LIKELY:
        return True
    return controls * 20 > len(sample)
