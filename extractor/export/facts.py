"""What is said of an export, in Chinese and English: for its summary, its dictionary and its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from extractor import __version__
from extractor.catalogue import LANGS, Lang
from extractor.export.columns import WORDS
from extractor.render._words import WORDS as VIEWS

if TYPE_CHECKING:
    from extractor.export.exporting import Exported, Plan

Fact = Mapping[Lang, str]
"""One thing in both languages."""
Facts = Mapping[str, Fact]


def facts_of(plan: Plan, left_out: Mapping[str, int]) -> Facts:
    """What is known before anything is written.

    Args:
        plan: What was asked for.
        left_out: Reports that are not written, by verdict.
    """
    from verify.forms import FORM_DATA_VERSION

    shape = f"format_{plan.shape}" if plan.columns else "format"
    return {
        "store": _said("same", value=plan.store),
        "run": _said("latest") if plan.run is None else _said("same", value=plan.run),
        "format": _said(shape, format=plan.format),
        "verdicts": verdicts_of(dict.fromkeys(plan.verdicts)),
        "left_out": verdicts_of(left_out),
        "version": _said("same", value=__version__),
        "form_data": _said("same", value=FORM_DATA_VERSION),
    }


def counted(exported: Exported) -> Facts:
    """What is known when all is written."""
    figures = exported.figures + exported.figures_left_out
    facts = {
        "reports": _said("of", part=exported.reports, all=exported.of),
        "written": verdicts_of({v: count for v, count in exported.written.items() if count}),
        "figures_left_out": _said("of_figures", part=exported.figures_left_out, all=figures),
        "without_result": _said("same", value=exported.without_result),
        "without_cells": _said("same", value=exported.without_cells),
        "rows": _said("same", value=exported.rows),
    }
    if exported.beyond:
        facts["figures_as_text"] = _said("same", value=exported.beyond)
    if exported.shortened:
        facts["texts_shortened"] = _said("same", value=exported.shortened)
    return facts


def verdicts_of(counts: Mapping[str, int | None]) -> Fact:
    """Verdicts, each with its count where it has one; the Chinese has the word of the files as well."""
    made = {}
    for lang in LANGS:
        words = WORDS[lang].facts
        named = (
            words["verdict"].format(word=VIEWS[lang].verdicts[verdict][0], verdict=verdict)
            + ("" if count is None else f" {count}")
            for verdict, count in counts.items()
        )
        made[lang] = words["sep"].join(named) or words["none"]
    return made


def _said(name: str, **facts: object) -> Fact:
    return {lang: WORDS[lang].facts[name].format(**facts) for lang in LANGS}
