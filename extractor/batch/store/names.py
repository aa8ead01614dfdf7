"""Names and texts that are not Unicode, kept so that they come back as they were."""

from __future__ import annotations


def spell(text: str) -> tuple[str, bytes | None]:
    r"""A text as a store has it: readable, and beside it what it really is, where that differs.

    A byte of a file name that is no UTF-8 (Python gives it as a lone surrogate) is spelled ``\x..``,
    any other lone surrogate ``\u....``.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        shown = "".join(map(_spelled, text))
        return shown, text.encode("utf-8", "surrogatepass")
    return text, None


def unspell(text: str, raw: bytes | None) -> str:
    """The text that was spelled so."""
    return text if raw is None else raw.decode("utf-8", "surrogatepass")


def readable(text: str) -> str:
    """A text for people, without what has no UTF-8."""
    return spell(text)[0]


def _spelled(sign: str) -> str:
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if 0xD800 <= code <= 0xDFFF else sign
