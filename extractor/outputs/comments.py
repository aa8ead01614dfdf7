"""A copy of the user's own Word or Excel file, with a comment at each cell that a finding names."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from extractor.errors import UsageError
from extractor.files import write_whole
from extractor.inputs import docx, packed, xlsx
from extractor.writing import say

if TYPE_CHECKING:
    from verify.schema import CellPlace, Result

AUTHOR = "Gouji"
_MOST = 6  # findings told in one comment
_MORE = {"zh": "……另有{}条", "en": "… and {} more"}
_NOT_HERE = {
    "zh": "extract: 依据所指的单元格中有{}个不在文件中，没有批注",
    "en": "extract: {} cells that findings name are not in the file and have no comment",
}
_SUFFIXES = {docx.MEDIA_TYPE: ".docx", xlsx.MEDIA_TYPE: ".xlsx"}


def write_comments(
    path: str, result: Result, data: bytes | None, lang: Literal["zh", "en"] = "zh"
) -> None:
    """Write the copy.

    Args:
        path: Of the copy; the file that was read is never touched.
        result: Of the file.
        data: Its bytes.
        lang: Of the comments.

    Raises:
        UsageError: The source is neither Word nor Excel, the name of the copy says another kind, or it
            cannot be written.
    """
    suffix = _SUFFIXES.get(result.provenance.source.media_type or "")
    if suffix is None or data is None:
        raise UsageError("--comments writes into .docx and .xlsx; save the report as one of them")
    if not path.lower().endswith(suffix):
        raise UsageError(f"--comments {path!r}: the copy is of the same kind; end it in {suffix}")
    texts = comments_of(result, lang)
    placed: dict[CellPlace, list[str]] = {}
    lost = 0
    for name, text in texts.items():
        place = result.cells[name].place
        if place is None:
            lost += 1
        elif text not in placed.setdefault(place, []):
            placed[place].append(text)
    joined = {place: "\n".join(said) for place, said in placed.items()}
    copy, missed = _word(data, joined) if suffix == ".docx" else _excel(data, joined)
    try:
        write_whole(path, copy)
    except OSError as error:
        raise UsageError(f"{path!r} cannot be written ({error.strerror}); check it") from None
    if lost + missed:
        say(_NOT_HERE[lang].format(lost + missed))


def comments_of(result: Result, lang: Literal["zh", "en"]) -> dict[str, str]:
    """What is said at each cell that an error or a warning names, the gravest first."""
    found: dict[str, list[str]] = {}
    for severity in ("error", "warning"):
        for reason in result.reasons:
            if reason.severity == severity:
                message = reason.message_zh if lang == "zh" else reason.message_en
                for name in reason.cells:
                    if name in result.cells and message not in found.setdefault(name, []):
                        found[name].append(message)
    return {
        name: "\n".join(
            [*said[:_MOST], *([_MORE[lang].format(len(said) - _MOST)] if said[_MOST:] else ())]
        )
        for name, said in found.items()
    }


def _word(data: bytes, texts: Mapping[CellPlace, str]) -> tuple[bytes, int]:
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    opened, cells = docx.located(data)
    by_key: dict[Any, Any] = {(p.table, p.row, p.column): cell for p, cell in cells.items()}
    missed = 0
    with packed.told("Word (.docx)"):
        for place, text in texts.items():
            cell = by_key.get((place.table, place.row, place.column))
            paragraphs = [] if cell is None else cell.findall(qn("w:p"))
            if not paragraphs:
                missed += 1
                continue
            body = opened._body  # noqa: SLF001 - what a paragraph is part of
            runs = [Run(r, Paragraph(p, body)) for p in paragraphs for r in p.findall(qn("w:r"))]
            if not runs:  # an empty cell, or one whose figure is wrapped in a change
                runs = [Paragraph(paragraphs[0], body).add_run("")]
            opened.add_comment(runs=[runs[0], runs[-1]], text=text, author=AUTHOR, initials="G")
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue(), missed


def _excel(data: bytes, texts: Mapping[CellPlace, str]) -> tuple[bytes, int]:
    packed.check(data, "Excel (.xlsx)")
    missed = 0
    with packed.told("Excel (.xlsx)"):
        import openpyxl
        from openpyxl.comments import Comment

        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
        for place, text in texts.items():
            sheet = book[place.sheet] if place.sheet in book.sheetnames else None
            if sheet is None or place.cell is None:
                missed += 1
                continue
            cell = sheet[place.cell]
            before = f"{cell.comment.text}\n\n" if cell.comment is not None else ""
            cell.comment = Comment(before + text, AUTHOR, height=140, width=320)
        out = io.BytesIO()
        book.save(out)
    return out.getvalue(), missed
