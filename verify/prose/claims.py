"""Find what the prose claims: every figure, and every 未 and 无, whose subject the tables count."""

from __future__ import annotations

from verify.fold import fold_text
from verify.layout import Layout
from verify.prose.context import LONGEST, State
from verify.prose.passages import passages
from verify.prose.sentence import Sentence
from verify.prose.subjects import Claim
from verify.prose.tokens import BREAK, PATTERNS, tokens

_HEADING_REACH = 40  # characters before the first paragraph of a section, for its heading


def find_claims(layout: Layout) -> tuple[Claim, ...]:
    """Every claim of the prose, in order of the source.

    Args:
        layout: The report.

    Returns:
        Claims about what the tables count, and about information disclosed. Parts of a sum that
        are no claims of their own are only in ``parts``.
    """
    own = _own_names(layout)
    year = layout.titles[0].year if layout.titles else None
    folded = layout.stream.folded.text
    found: list[Claim] = []
    for passage in passages(layout):
        state = State(year)
        if "公开" in passage.text:
            state.about.add("disclosure")
        if PATTERNS["disclosure_named"].search(passage.text):
            state.about.add("named")
        before = folded[max(0, passage.offsets[0] - _HEADING_REACH) : passage.offsets[0]]
        heading = PATTERNS["heading"].search(before)
        if heading and heading["requests"]:
            state.about |= {"disclosure", "requests", "named"}
        elif heading:
            state.about |= {"disclosure", "proceedings"}
        for match in PATTERNS["sentence"].finditer(passage.text):
            if match.end() - match.start() > LONGEST or BREAK in match[0]:
                continue  # digits that a line end parts may be a year or a figure
            if (
                PATTERNS["figure"].search(match[0]) is None
                or PATTERNS["subject"].search(match[0]) is None
            ):
                if PATTERNS["requests_named"].search(match[0]):
                    state.about.add("requests")
                continue
            words = tokens(passage.text, match.start(), match.end(), own)
            found += Sentence(layout, passage, match.span(), state, words, own).claims()
    return tuple(found)


def _own_names(layout: Layout) -> frozenset[str]:
    """The agency's name as its title prints it, and that name without the place before it."""
    for title in layout.titles:
        if title.agency is not None:
            name = layout.stream.folded.text[slice(*title.agency)].replace(" ", "")
            name = fold_text(name)
            ends = {name[i:] for i in range(len(name) - 2)}
            ends = {n for n in ends if n == name or n[0] in "省市县区州旗镇乡"}
            return frozenset(ends)
    return frozenset()
