"""A finding: one reason code with the cells, figures and spans that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.codes import CODES, RULES, Severity
from verify.reading import Span

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, as the verifier states it.

    Attributes:
        code: Key of `verify.codes.CODES`.
        cells: Cells concerned, in order of the form.
        rule: Id of the rule in the catalogue; may be left out where the code has only one.
        expected: Left side, or what should stand there.
        actual: Right side, or what stands there.
        span: Where in the source.
        other_span: A second place in the same source, when there are two.
        previous_span: A place in last year's source.
        detail_zh: Inserted in the Chinese message.
        detail_en: Inserted in the English message.
        severity: Overrides the code's severity, or None.
        by: How it came about, in stable words: oddities of a spelling, what decided a placement,
            identities combined.
    """

    code: str
    cells: tuple[str, ...] = ()
    rule: str | None = None
    expected: str | None = None
    actual: str | None = None
    span: Span | None = None
    other_span: Span | None = None
    previous_span: Span | None = None
    detail_zh: str = ""
    detail_en: str = ""
    severity: Severity | None = None
    by: str = ""

    def __post_init__(self) -> None:
        """A code that one rule alone has tells the rule."""
        if self.rule is None:
            object.__setattr__(self, "rule", RULES.get(self.code))

    @property
    def level(self) -> Severity:
        """How it is shown."""
        return self.severity or CODES[self.code].severity

    def message(self, lang: str) -> str:
        """The sentence in ``zh`` or ``en``."""
        code = CODES[self.code]
        fields = {
            "cells": _named(self.cells, lang),
            "count": len(self.cells),
            "expected": self.expected or "",
            "actual": _clipped(self.actual or ""),
            "detail_zh": self.detail_zh,
            "detail_en": self.detail_en,
        }
        return (code.zh if lang == "zh" else code.en).format(**fields)


def _named(cells: Sequence[str], lang: str) -> str:
    shown = ", ".join(cells[:_MOST_NAMED])
    if len(cells) <= _MOST_NAMED:
        return shown
    return (
        f"{shown} 等{len(cells)}格"
        if lang == "zh"
        else f"{shown} and {len(cells) - _MOST_NAMED} more"
    )


def _clipped(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
