"""The official forms come from their file exactly as they were when they were code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.each import each
from verify import forms, labels
from verify.forms import Column, Form, Row, Table

FROZEN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "forms-before-toml.json").read_text(encoding="utf-8")
)


def column(one: Column) -> dict[str, Any]:
    return {"id": one.id, "label": one.label, "variants": list(one.variants), "kind": one.kind}


def row(one: Row) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "ordinal": one.ordinal,
        "group": one.group,
        "printed": one.printed,
        "variants": list(one.variants),
        "columns": [column(c) for c in one.columns],
    }


def table(one: Table) -> dict[str, Any]:
    rows = [row(r) for r in one.rows]
    return {"id": one.id, "title": one.title, "words": list(one.words), "rows": rows}


def form(one: Form) -> dict[str, Any]:
    return {
        "id": one.id,
        "variant": one.variant,
        "tables": [t.id for t in one.tables],
        "cells": list(one.cells),
        "kinds": one.kinds,
        "identities": [
            [i.id, list(i.plus), list(i.minus), i.sentence_zh, i.sentence_en]
            for i in one.identities
        ],
    }


@each("name", FROZEN["tables"])
def test_a_table_of_the_file_is_the_table_that_was_code(name: str) -> None:
    assert table(getattr(forms, name)) == FROZEN["tables"][name]


@each("at", range(4))
def test_a_form_of_the_file_has_its_cells_and_identities_in_order(at: int) -> None:
    assert form(forms.every_form()[at]) == FROZEN["forms"][at]


def test_the_words_that_find_tables_are_those_that_were_code() -> None:
    assert [column(c) for c in forms.APPLICANTS] == FROZEN["applicants"]
    assert FROZEN["version"] == forms.FORM_DATA_VERSION
    assert list(forms.DISCLOSURE.headings.items()) == list(FROZEN["headings"].items())
    assert list(forms.DISCLOSURE.ends) == FROZEN["ends"]
    assert list(forms.DISCLOSURE.titles) == FROZEN["titles"]
    phrases = {
        phrase: {kind: [sorted(tables), sorted(ids)] for kind, (tables, ids) in kinds.items()}
        for phrase, kinds in labels.PHRASES.items()
    }
    assert phrases == FROZEN["phrases"]
    assert list(phrases) == list(FROZEN["phrases"])


def test_the_rules_across_years_are_those_that_were_code() -> None:
    found = [
        [one.id, one.code, one.cell, list(one.last), list(one.plus), list(one.minus)]
        for one in forms.DISCLOSURE.years
    ]
    assert found == FROZEN["years"]
