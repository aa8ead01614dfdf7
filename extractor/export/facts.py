"""What is said of an export, in Chinese and English: for its summary, its dictionary and its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor import __version__
from extractor.catalogue import Lang

if TYPE_CHECKING:
    from extractor.export.exporting import Exported, Plan


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


Facts = Mapping[str, Fact]


def facts_of(plan: Plan, left_out: Mapping[str, int]) -> Facts:
    """What is known before anything is written.

    Args:
        plan: What was asked for.
        left_out: Reports that are not written, by verdict.
    """
    from verify.forms import FORM_DATA_VERSION

    shape = Fact("，长表" if plan.shape == "long" else "，宽表", f", {plan.shape}")
    if not plan.columns:
        shape = Fact("", "")
    return {
        "store": _same(plan.store),
        "run": Fact("最近", "latest") if plan.run is None else _same(plan.run),
        "format": Fact(plan.format + shape.zh, plan.format + shape.en),
        "verdicts": verdicts_of(dict.fromkeys(plan.verdicts)),
        "left_out": verdicts_of(left_out),
        "version": _same(__version__),
        "form_data": _same(FORM_DATA_VERSION),
    }


def counted(exported: Exported) -> Facts:
    """What is known when all is written."""
    facts = {
        "reports": Fact(
            f"{exported.of}份中的{exported.reports}份", f"{exported.reports} of {exported.of}"
        ),
        "written": verdicts_of({v: count for v, count in exported.written.items() if count}),
        "figures_left_out": Fact(
            f"{exported.figures + exported.figures_left_out}个中的{exported.figures_left_out}个",
            f"{exported.figures_left_out} of {exported.figures + exported.figures_left_out}",
        ),
        "without_result": _same(exported.without_result),
        "without_cells": _same(exported.without_cells),
        "rows": _same(exported.rows),
    }
    if exported.beyond:
        facts["figures_as_text"] = _same(exported.beyond)
    if exported.shortened:
        facts["texts_shortened"] = _same(exported.shortened)
    return facts


def verdicts_of(counts: Mapping[str, int | None]) -> Fact:
    """Verdicts, each with its count where it has one; the Chinese has the word of the files as well."""
    from extractor.render._words import WORDS

    zh = _counts(
        (f"{WORDS['zh'].verdicts[verdict][0]}（{verdict}）", n) for verdict, n in counts.items()
    )
    return Fact("、".join(zh) or "无", ", ".join(_counts(counts.items())) or "none")


def _counts(named: Iterable[tuple[str, int | None]]) -> list[str]:
    return [name if count is None else f"{name} {count}" for name, count in named]


def _same(value: object) -> Fact:
    return Fact(str(value), str(value))
