"""JSON with a report in a field: one document, or one object a line, as crawlers write.

The canonical text is the decoded string of the field that holds most rows of the form; of a list of pages or
paragraphs the strings of the same field, one after the other. Places are ranges of the decoded file.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.encodings import attempts, is_binary, mended
from extractor.inputs.limits import RefusedError
from verify.document.model import Anchor, Characters, Document
from verify.document.official import row_labels

RENDERER = "json/1"
_OPENING = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*[\[{\"]|\"[^\"\r\n]{40})")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|[{}\[\],:]|[^\s{}\[\],:"]+')
_PIECE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u....|\\.|[^\\]+"
)
_LONE = re.compile("[\ud800-\udfff]")
_TITLE = re.compile(r"20[0-9]{2}\s*年.{0,30}报告")
_LONGEST_TITLE = 120
_HEAD = 300


@dataclass(frozen=True, slots=True)
class _String:
    """A string of the file that is a value: its path with lists as ``[]``, and where it stands."""

    path: str
    start: int
    end: int


def sniff(head: bytes) -> int:
    """50 for what begins like JSON, else 0."""
    return 50 if _OPENING.match(head) else 0


def read(data: bytes) -> Document:
    """The document of a JSON file; what is no JSON, or holds no report, is the text that it is.

    Raises:
        RefusedError: In no encoding known here.
    """
    encoding, source = _decoded(data)
    if not _is_json(source):
        return Document(source, encoding=encoding)
    fields: dict[str, list[_String]] = defaultdict(list)
    for string in _strings(source):
        fields[string.path].append(string)
    rated = {path: _rows_in(source, strings) for path, strings in fields.items()}
    best = max(rated, key=lambda path: rated[path], default=None)
    if best is None or not rated[best]:
        return Document(source, encoding=encoding)
    strings = fields[best]
    title = _title(source, fields, best)
    text, anchors = _written(source, [title, *strings] if title else strings)
    note = f"the text is the field {best or 'of the file'}"
    if title:
        note += f", the title the field {title.path}"
    return Document(
        text,
        anchors=tuple(anchors),
        media_type="application/json",
        renderer=RENDERER,
        notes=(note,),
        encoding=encoding,
    )


def _decoded(data: bytes) -> tuple[str, str]:
    for encoding, text in attempts(data):
        if not is_binary(text):
            return encoding, text
    found = mended(data)
    if found is None or is_binary(found[1]):
        raise RefusedError("damaged", "JSON")
    return found


def _is_json(source: str) -> bool:
    """Whether the whole, or every line that is not empty, is JSON."""
    if _loads(source):
        return True
    lines = [line for line in source.split("\n") if line.strip()]
    return all(map(_loads, lines))


def _loads(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _strings(source: str) -> Iterator[_String]:
    """Every string that is a value and no key."""
    path: list[str] = []  # of each open list or object, what its values are called
    key = False
    for token in _TOKEN.finditer(source):
        sign = source[token.start()]
        if sign == "[":
            path.append("[]")
        elif sign == "{":
            path.append("")
            key = True
        elif sign in "]}":
            path.pop()
        elif sign == ",":
            key = bool(path) and path[-1] != "[]"
        elif sign == ":":
            key = False
        elif sign == '"' and key:
            path[-1] = "." + token[1]
        elif sign == '"':
            yield _String("".join(path).lstrip("."), *token.span(1))


def _rows_in(source: str, strings: list[_String]) -> int:
    """How many row labels of the form the strings of a field hold."""
    text = "".join(_plain(source[string.start : string.end]) for string in strings)
    return sum(label in text for label in row_labels())


def _plain(raw: str) -> str:
    if "\\" not in raw:
        return raw
    return _LONE.sub("\ufffd", str(json.loads(f'"{raw}"', strict=False)))


def _title(source: str, fields: dict[str, list[_String]], best: str) -> _String | None:
    """The title of the report, where another field of the same object has it and the text does not."""
    first = fields[best][0]
    if _TITLE.search(_plain(source[first.start : first.end])[:_HEAD]):
        return None
    parent = best.rpartition(".")[0]
    for path, strings in fields.items():
        beside = path != best and path.rpartition(".")[0] in (parent, parent.removesuffix("[]"))
        raw = source[strings[0].start : strings[0].end]
        alone = len(strings) == 1 and len(raw) <= 6 * _LONGEST_TITLE
        if beside and alone and _TITLE.search(_plain(raw)[:_LONGEST_TITLE]):
            return strings[0]
    return None


def _written(source: str, strings: list[_String]) -> tuple[str, list[Anchor]]:
    """The decoded strings, a line end between two, and where each part of them stands."""
    pieces: list[str] = []
    anchors: list[Anchor] = []
    place = 0
    line, counted = 1, 0
    for number, string in enumerate(strings):
        if number:
            pieces.append("\n")
            place += 1
        line += source.count("\n", counted, string.start)
        counted = string.start
        for piece in _PIECE.finditer(source, string.start, string.end):
            text = _plain(piece[0])
            if not text.isspace():
                there = Characters(line, *piece.span())
                anchors.append(Anchor((place, place + len(text)), there))
            pieces.append(text)
            place += len(text)
    return "".join(pieces), anchors
