"""From bytes to text: encodings, offsets as given, limits, and errors of one line."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

import pytest

from extractor.errors import InputError
from extractor.pipeline import read_source, read_text
from extractor.source import MOST_BYTES, SourceText, decode, load
from tests.conftest import CASES, GOLDEN
from tests.each import each

SIMPLE = (GOLDEN / "tab-indented-2021" / "report.txt").read_bytes().decode("utf-8")
TRADITIONAL = (GOLDEN / "traditional-big5" / "report.txt").read_bytes().decode("big5")
BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
ENDS = ("\n", "\r\n", "\r")


def figures(text: str) -> dict[str, object]:
    """Values of every cell and what stands under its span."""
    result = read_text(text)
    for cell in result.cells.values():
        if cell.span is not None:
            assert text[cell.span[0] : cell.span[1]] == cell.text
    return {name: cell.value for name, cell in result.cells.items()}


# --- encodings


@each("encoding", ["utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be"])
def test_a_report_is_decoded_without_a_mark(encoding: str) -> None:
    text = SIMPLE.replace("\u00a0", "\u3000")  # GBK has no such space
    source = decode(text.encode(encoding), "r.txt")
    assert source.text == text
    assert source.encoding == ("gb18030" if encoding == "gbk" else encoding)


@each("encoding", BOMS)
def test_a_mark_decides_and_is_no_character(encoding: str) -> None:
    data = BOMS[encoding] + SIMPLE.encode(encoding)
    source = decode(data, "r.txt")
    assert (source.text, source.encoding) == (SIMPLE, encoding)
    assert read_source(source).cells == read_text(SIMPLE).cells


@each("encoding", ["big5", "big5hkscs", "utf-8", "gb18030"])
def test_traditional_characters_are_decoded(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding), "r.txt").text == TRADITIONAL


def test_every_golden_report_survives_every_encoding_of_its_script() -> None:
    for name in CASES:
        text = load(str(GOLDEN / name / "report.txt")).text
        for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
            assert decode(text.encode(encoding), name).text == text, (name, encoding)


def test_the_stated_encoding_decodes_the_bytes() -> None:
    for name in CASES:
        data = (GOLDEN / name / "report.txt").read_bytes()
        source = decode(data, name)
        assert data.decode(source.encoding) == source.text, name


def test_plain_ascii_is_utf_8() -> None:
    assert decode(b"no report at all", "r.txt").encoding == "utf-8"


def test_a_rare_character_needs_gb18030_and_is_kept() -> None:
    text = SIMPLE.replace("云岭市", "㐂𠮷市")
    assert decode(text.encode("gb18030"), "r.txt").text == text


def test_a_false_mark_is_an_error_and_no_guess() -> None:
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE):
        with pytest.raises(InputError):
            decode(mark + SIMPLE.encode("gb18030") + b"\xff", "r.txt")


# --- what a source says of itself


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = codecs.BOM_UTF8 + SIMPLE.encode()
    path = tmp_path / "某局 2022.txt"
    path.write_bytes(data)
    source = load(str(path))
    assert source == SourceText("某局 2022.txt", SIMPLE, hashlib.sha256(data).hexdigest(), "utf-8")


def test_provenance_counts_characters_and_not_bytes() -> None:
    provenance = read_source(decode(SIMPLE.encode("gb18030"), "r.txt")).provenance.source
    assert provenance.chars == len(SIMPLE)
    assert provenance.encoding == "gb18030"


# --- offsets into the text as given


@pytest.mark.parametrize("end", ENDS)
def test_line_ends_are_kept(end: str) -> None:
    text = SIMPLE.replace("\n", end)
    assert decode(text.encode(), "r.txt").text == text


@pytest.mark.parametrize("end", ENDS)
def test_line_ends_change_no_figure(end: str) -> None:
    assert figures(SIMPLE.replace("\n", end)) == figures(SIMPLE)


def test_a_span_moves_by_what_stands_before_it() -> None:
    plain = read_text(SIMPLE)
    moved = read_text("\r\n\r\n" + SIMPLE)
    for name, cell in plain.cells.items():
        assert cell.span is not None
        assert moved.cells[name].span == (cell.span[0] + 4, cell.span[1] + 4)


def test_characters_beyond_the_basic_plane_count_as_one() -> None:
    moved = read_text("𠮷\n" + SIMPLE)
    plain = read_text(SIMPLE)
    name = "requests.new_received.natural_person"
    span = plain.cells[name].span
    assert span is not None
    assert moved.cells[name].span == (span[0] + 2, span[1] + 2)


@each("invisible", ["\u200b", "\ufeff", "\u200e", "\u2060", "\u00ad"])
def test_zero_width_characters_change_no_figure(invisible: str) -> None:
    text = SIMPLE.replace("新收", f"新{invisible}收").replace(
        "\t4\n", f"\t{invisible}4{invisible}\n"
    )
    assert text.count(invisible) > 2
    assert figures(text) == figures(SIMPLE)


@each("space", ["\u00a0", "\u3000", "\u2003", " "])
def test_spaces_of_every_kind_around_figures_change_none(space: str) -> None:
    text = SIMPLE.replace("\t0\n", f"\t{space}0{space}\n").replace("\t234\n", f"\t{space}234\n")
    assert figures(text) == figures(SIMPLE)


def test_full_width_figures_are_read_and_kept_as_they_are() -> None:
    text = SIMPLE.replace("\t234\n", "\t２３４\n")
    cell = read_text(text).cells["proactive.licensing.decisions"]
    assert (cell.value, cell.text, cell.state) == (234, "２３４", "read")
    assert figures(text) == figures(SIMPLE)


# --- limits and what is no text


def test_the_largest_text_that_is_allowed_is_read() -> None:
    assert len(decode(b" " * MOST_BYTES, "r.txt").text) == MOST_BYTES


BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "only a mark": (codecs.BOM_UTF16_LE, "empty"),
    "one byte too many": (b" " * (MOST_BYTES + 1), "larger"),
    "a PDF": (b"%PDF-1.4 ...", "PDF"),
    "a word file": (b"PK\x03\x04....", "ZIP"),
    "an old word file": (b"\xd0\xcf\x11\xe0\xa1\xb1", "Office"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "picture"),
    "a NUL": ("规章\0".encode(), "binary"),
    "control characters": (bytes(range(1, 9)) * 20, "binary"),
    "no encoding": (b"\x81\xff\x80" * 99, "encoding"),
    "half of UTF-16": (codecs.BOM_UTF16_LE + b"\x00", "encoding"),
    "noise": (bytes((i * 167 + 13) % 256 for i in range(4097)), ""),
}


@each("what", BAD)
def test_what_is_no_text_is_an_error_of_one_line(what: str) -> None:
    data, word = BAD[what]
    with pytest.raises(InputError) as caught:
        decode(data, "bad\nname.txt")
    message = str(caught.value)
    assert "\n" not in message
    assert word in message
    assert "bad" in message
    assert caught.value.exit_code == 3


def test_a_missing_file_a_directory_and_a_bad_path_are_errors_of_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path / "a\nb", tmp_path, Path("x" * 5000), Path("a\0b")):
        with pytest.raises(InputError) as caught:
            load(str(path))
        assert "\n" not in str(caught.value), path


def test_every_error_says_what_to_do() -> None:
    for data, _ in BAD.values():
        with pytest.raises(InputError, match=r"[;(]"):
            decode(data, "r.txt")
