"""What is odd about the text of a report: a template left unfilled, spam, words to a language model."""

from __future__ import annotations

import re
from collections.abc import Callable

from verify.findings import Finding
from verify.fold import fold_characters
from verify.layout import Layout
from verify.plausible._address import find_address
from verify.plausible._joined import Joined
from verify.plausible._spam import find_spam
from verify.plausible._template import find_template

_KINDS: tuple[tuple[Callable[[Joined], tuple[int, int, int] | None], str], ...] = (
    (find_template, "unfilled_template"),
    (find_spam, "spam_words"),
    (find_address, "addressed_to_model"),
)

_BAD = re.compile("\ufffd+")


def odd_text(layout: Layout) -> list[Finding]:
    """What is not plausible about the text of a report, whatever its tables say.

    Args:
        layout: The source.

    Returns:
        At most one finding of each kind, in a fixed order, with the span of the first place and how
        many there are.
    """
    found = []
    text = Joined(layout.stream.folded.text)
    for find, code in _KINDS:
        hit = find(text)
        given = hit is None and find is find_address and "<!--" in layout.source
        if given:  # a model is shown what a page hides
            hit = find(Joined(fold_characters(layout.source)))
        if hit is not None:
            start, end, count = hit
            span = (start, end) if given else layout.stream.span(start, end)
            zh = f"等{count}处" if count > 1 else ""
            en = f" and {count - 1} more" if count > 1 else ""
            actual = layout.source[slice(*span)]
            found.append(Finding(code, actual=actual, span=span, detail_zh=zh, detail_en=en))
    return [*found, *_bad_bytes(layout.source)]


def _bad_bytes(source: str) -> list[Finding]:
    """How often bytes of the file could not be decoded, and where first."""
    bad = list(_BAD.finditer(source)) if "\ufffd" in source else []
    return [Finding("bad_bytes", actual=str(len(bad)), span=bad[0].span())] if bad else []
