"""Characters that a text spells instead of holding them: escapes, entities, marks of word processors."""

from __future__ import annotations

import html
import re

from verify.document.view import View

_LITERAL = re.compile(r"\\{1,2}(?:r\\{1,2}n|[nrt])")
_LITERAL_BREAK = re.compile(r"\\[nt](?![A-Za-z:\\])")
_FEWEST_LITERAL = 8
_KEY = re.compile(
    r"(?:^|[{\[,])\s*(?:u?([\"'])[^\"'\n]{1,40}\1\s*:\s*)[\"']|[\"']\s*[}\]]+\s*$", re.MULTILINE
)
_ESCAPED_LETTER = re.compile(r"\\{1,2}u([0-9a-fA-F]{4})|\\{1,2}([\"/])")
_ENTITY = re.compile(r"&(?:amp;)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BARE_SPACE = re.compile(r"&nbsp(?![;A-Za-z])")
_ESCAPED_TAG = re.compile(r"&(?:amp;)*(lt|gt|quot);")
_CELL_MARK = re.compile(r"\r?\x07")
_ROW_MARK = re.compile(r"(?:\r?\x07){2}(?=[^\x07\r\n0-9]|[0-9]{1,2}[.．、])")
_PARTING = re.compile(r"\x00+(?=[^\s\x00])")
_OTHER_CONTROL = re.compile("[\x01-\x06\x08\x0e-\x1b]+")
_SIGN_OF_UNIT = re.compile("[\x1c-\x1f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def literal_breaks(view: View) -> View:
    r"""Backslash-n and backslash-t as two characters each, where a text is full of them."""
    text = view.text
    if "\\" not in text:
        return view
    marks = _LITERAL_BREAK.findall(text)
    if len(marks) < _FEWEST_LITERAL:
        return view
    view = view.replaced(_KEY, "\n")  # what stands round the text in the dump that it is of
    view = view.replaced(_LITERAL, lambda m: "\t" if m[0][-1] == "t" else "\n")
    return view.replaced(_ESCAPED_LETTER, lambda m: chr(int(m[1], 16)) if m[1] else m[2])


def control_characters(view: View) -> View:
    """Marks of cells and units become tabs; what has no meaning here goes, and joins no two digits."""
    if _CONTROL.search(view.text) is None:
        return view
    if "\x07" in view.text:
        lined = view.text.count("\n") * 3 >= len(_ROW_MARK.findall(view.text))
        if not lined:
            view = view.replaced(_ROW_MARK, "\n")
        view = view.replaced(_CELL_MARK, "\t")
    text = view.text
    view = view.replaced(_PARTING, lambda m: "\t" if _stands_inside(text, m.start()) else "")
    view = view.replaced(_SIGN_OF_UNIT, lambda m: "\t" if m[0] == "\x1f" else "\n")
    after = view.text
    return view.replaced(
        _OTHER_CONTROL, lambda m: " " if _between_digits(after, m.start(), m.end()) else ""
    )


def _stands_inside(text: str, start: int) -> bool:
    """Whether something of a line stands right before an offset."""
    return start > 0 and not text[start - 1].isspace()


def _between_digits(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()


def escaped_tags(view: View) -> View:
    """Tags of a table that were escaped once more."""
    if "&lt;t" not in view.text and "&lt;/t" not in view.text:
        return view
    return view.replaced(_ESCAPED_TAG, lambda m: html.unescape(f"&{m[1]};"))


def entities(view: View) -> View:
    """HTML entities as the characters that they name; line ends among them as blanks."""
    if "&" not in view.text:
        return view
    return view.replaced(_ENTITY, _named).replaced(_BARE_SPACE, " ")


def _named(match: re.Match[str]) -> str | None:
    entity = f"&{match[1]};"
    plain = html.unescape(entity)
    if plain == entity or len(plain) != 1:
        return None
    return " " if plain.isspace() or plain < " " else plain
