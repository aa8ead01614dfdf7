"""Prompt files: versioned, frozen, bound to their schemas, and never mixed up with report text."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files

import pytest

import prompts
from extractor.readers import shapes
from extractor.readers.excerpt import MOST_MARKS
from extractor.readers.pointers import decode
from extractor.readers.sheets import COLUMNS, ROWS, TABLE_OF
from tests.each import each
from tests.scripted.ask import excerpt_of

ALL = prompts.ids()


def _bytes(id: str) -> bytes:
    return files("prompts").joinpath(f"{id}.toml").read_bytes()


def test_there_is_a_prompt_for_each_protocol() -> None:
    every = (*ALL, *prompts.FURTHER)
    assert {prompts.load(id).protocol for id in every} == {"pointer", "whole", "names"}
    assert prompts.USUAL in ALL


@pytest.mark.parametrize("id", ALL)
def test_a_changed_text_without_a_new_version_is_refused(
    id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = prompts.load(id)
    assert prompt.sha256 == hashlib.sha256(_bytes(id)).hexdigest()
    assert prompts.versions()[prompt.name] == prompt.sha256
    changed = prompts.parse(_bytes(id).replace("数据".encode(), "资料".encode(), 1))
    assert changed.sha256 != prompt.sha256
    monkeypatch.setattr(prompts, "versions", lambda: {prompt.name: changed.sha256})
    with pytest.raises(prompts.PromptFileError, match="raise its version"):
        prompts.load(id)


@pytest.mark.parametrize("id", ALL)
def test_a_prompt_is_bound_to_the_schema_that_it_was_written_for(id: str) -> None:
    prompt = prompts.load(id)
    schema = getattr(shapes, prompt.schema).model_json_schema()
    canonical = json.dumps(schema, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == prompt.schema_sha256


def test_every_released_version_stays_on_record() -> None:
    assert {prompts.load(id).name for id in ALL} <= set(prompts.versions())


def test_the_sheets_have_every_number_once_with_its_table() -> None:
    prompt = prompts.load("pointer-zh")
    for table, rows in ROWS.items():
        sheets = [text for name, text in prompt.tables.items() if name.startswith(table)]
        printed = [int(n) for text in sheets for n in _NUMBERED.findall(text)]
        assert sorted(n for n in printed if n in rows) == sorted(rows), table
    for table, columns in COLUMNS.items():
        assert all(TABLE_OF[number] == table for number in columns)
        printed = [int(n) for n in _NUMBERED.findall(prompt.columns.get(table, ""))]
        assert [n for n in printed if n in columns] == list(columns)


_NUMBERED = re.compile(r"(?:(?<=：)|(?<= ))[0-9]{1,2}(?![0-9、])")


def test_rows_and_columns_of_all_tables_have_numbers_of_their_own() -> None:
    every = [n for numbered in (ROWS, COLUMNS) for ids in numbered.values() for n in ids]
    assert len(every) == len(set(every))


def test_the_worked_example_of_the_pointer_prompt_points_at_nothing() -> None:
    prompt = prompts.load("pointer-zh")
    for text in (prompt.system, prompt.irregular):
        example = json.loads(text[text.rindex("答{") + 1 :])
        _points_at_nothing(shapes.Pointers.model_validate(example))


def _points_at_nothing(answer: shapes.Pointers) -> None:
    assert answer.rows or answer.cells
    for row in answer.rows:
        assert all(number > MOST_MARKS for number in row)
        assert all(number not in TABLE_OF for number in row)
    for excerpt in excerpt_of("tab-indented-2021"), excerpt_of("one-cell-a-line-2019"):
        for pointing in decode(answer, excerpt):
            assert not pointing.told
            assert not pointing.columns


@each("data", [b"", b"\xff", b"id = 1", b'id = "x"\nsurprise = 2', b"[parts]\nexcerpt='a'"])
def test_a_damaged_prompt_file_is_said_to_be_one(data: bytes) -> None:
    with pytest.raises(prompts.PromptFileError):
        prompts.parse(data)


def test_an_unknown_prompt_is_no_path() -> None:
    for id in ("../pointer-zh", "versions", "", "pointer-zh.toml"):
        with pytest.raises(prompts.UnknownPromptError):
            prompts.load(id)
