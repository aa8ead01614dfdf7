"""In what the makers of two sides differ, key by key; a digest of several parts is taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import NamedTuple

from extractor.batch.records import Maker
from extractor.render._text import one_line

_SHORT_HASH = 12
_PARTS = {"code_read": ("readers", "verifier"), "code_judge": ("judging", "contract")}


class MakerChange(NamedTuple):
    """A key in which the makers of two sides differ."""

    key: str  # of `Maker`; for a digest of two parts with a full stop and the part
    old: list[str]  # its values, made safe for a terminal and cut where they are long
    new: list[str]  # the same of the other side


def maker_changes(
    old: Sequence[tuple[Maker, int]], new: Sequence[tuple[Maker, int]]
) -> Iterator[MakerChange]:
    """In what the makers of the results differ; whole values are compared, not what is shown of them.

    Makers that differ in no key alone, but in which values go together, differ in ``together``.

    Args:
        old: Makers of one side, with how many results each made.
        new: The same of the other.
    """
    before, after = ([dict(_facts(one)) for one in {m for m, _ in side}] for side in (old, new))
    if {m for m, _ in old} == {m for m, _ in new}:
        return
    found = False
    for key in (before or after)[0]:
        one, two = ({facts[key] for facts in side} for side in (before, after))
        if one != two:
            found = True
            yield MakerChange(key, *(sorted({_said(key, v) for v in side}) for side in (one, two)))
    if not found:
        yield MakerChange("together", [f"{len(before)}"], [f"{len(after)}"])


def _facts(maker: Maker) -> Iterator[tuple[str, object]]:
    """Everything that a maker is, by key."""
    for field in fields(maker):
        value = getattr(maker, field.name)
        parts = _PARTS.get(field.name)
        if parts is None:
            yield field.name, value
        else:
            digests = value.partition(":")
            yield from ((f"{field.name}.{part}", digests[2 * n]) for n, part in enumerate(parts))


def _said(key: str, value: object) -> str:
    if key == "prompts" and isinstance(value, tuple):
        value = "; ".join(f"{model} {id} {sha[:_SHORT_HASH]}" for model, id, sha in value)
    elif key == "options" and isinstance(value, tuple):
        value = "; ".join(f"{name}={given}" for name, given in value)
    elif "." in key:
        value = str(value)[:_SHORT_HASH]
    return one_line(str(value), 200) or "–"
