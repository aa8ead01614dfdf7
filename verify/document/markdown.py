r"""Marks of Markdown and LaTeX around words and figures: images, links, bold, `code`, $822$, escapes."""

from __future__ import annotations

import re

from verify.document.signs import BREAK, NOTE
from verify.document.view import Edit, View

_IMAGE = re.compile(r"!\[([^\[\]\n]*)\]\([^()\n\u4e00-\u9fff]*\)")
_MUTE_IMAGE = re.compile(
    r"!\[(?:[^\[\]\n\u4e00-\u9fff]*|(?:图片?|插图|配图|图像) ?[0-9]*)\]\([^()\n\u4e00-\u9fff]*\)"
)
_LINK = re.compile(r"(?<!!)\[([^\[\]\n|]*)\]\([^()\s\u4e00-\u9fff]+(?: +\"[^\"\n]*\")?\)")
_FOOTNOTE = re.compile(r"(?<=[0-9\u4e00-\u9fff])\[\^[0-9A-Za-z]{1,8}\]")
_STRUCK = re.compile(r"~~(?=\S)[^~\n]{1,80}~~")
_FORMULA = re.compile(
    r"(?<![\w$\\])(?:\$\$?|\\\() ?(?![\s$])([^$\n\t|\u4e00-\u9fff]{1,40}?)(?<!\s) ?(?:\$\$?|\\\))(?![\w$])"
)
_IN_FORMULA = re.compile(r"\\(?:mathbf|mathrm|textbf|text|bf|rm)\s*|[{}]|\\[,;! ]")
_NUMBER = re.compile(r"[-+−－]?[0-9][0-9,.]*|[-−—－/]")
_STRONG = re.compile(
    r"(?<![\w*\\])(\*{1,3}|_{2,3}|`{1,2})(?=[^\s*_`])([^*_`\n\t|]{0,200}?[^*_`\n\t|\s])\1(?![\w*])"
)
_SLANTED = re.compile(r"(?<!\w)_(-?[0-9][0-9.,]*)_(?!\w)")
_ESCAPE = re.compile(r"\\(?=[-+.()\[\]#*_!$~`>（）、.．])")
_QUOTED = re.compile(r"^ *(?:> ?)+", re.MULTILINE)
_LINE = re.compile(r"^(?=[^\n]*\S)", re.MULTILINE)
_SIGNS = re.compile(r"\]\(|\[\^|~~|\$|\\|\*|_|`")


def quotation(view: View) -> View:
    """A text that is quoted as a whole, or most of it, stands without the sign; a sign before one line stays."""
    if ">" not in view.text:
        return view
    quoted, lines = len(_QUOTED.findall(view.text)), len(_LINE.findall(view.text))
    return view.replaced(_QUOTED, "") if 2 * quoted > lines else view


def marks(view: View) -> View:
    """Marks go and what they stand around stays."""
    if _SIGNS.search(view.text) is None:
        return view
    if "](" in view.text:
        view = view.replaced(_MUTE_IMAGE, "")
        view = view.edited(_kept(_IMAGE, view.text, 1))  # what a picture says of itself
        view = view.edited(_kept(_LINK, view.text, 1))
    if "[^" in view.text:
        view = view.replaced(_FOOTNOTE, NOTE)
    if "~~" in view.text:
        view = view.replaced(_STRUCK, BREAK)
    if "$" in view.text or "\\(" in view.text:
        view = view.edited(_formulas(view.text))
    view = view.edited(_kept(_STRONG, view.text, 2))
    if "_" in view.text:
        view = view.edited(_kept(_SLANTED, view.text, 1))
    if "\\" in view.text:
        view = view.replaced(_ESCAPE, "")
    return view


def _kept(pattern: re.Pattern[str], text: str, group: int) -> list[Edit]:
    """For every match only the group stays."""
    edits: list[Edit] = []
    for match in pattern.finditer(text):
        edits.append((match.start(), match.start(group), ""))
        edits.append((match.end(group), match.end(), ""))
    return edits


def _formulas(text: str) -> list[Edit]:
    """A formula that is nothing but a number stays as the number."""
    edits: list[Edit] = []
    for match in _FORMULA.finditer(text):
        inner = match[1]
        plain = _IN_FORMULA.sub("", inner)
        if _NUMBER.fullmatch(plain) is None:
            continue
        start, end = match.span(1)
        edits.append((match.start(), start, ""))
        edits += [(start + m.start(), start + m.end(), "") for m in _IN_FORMULA.finditer(inner)]
        edits.append((end, match.end(), ""))
    return edits
