"""In what the makers of two sides differ, key by key; a digest of several parts is taken apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.render._text import one_line

if TYPE_CHECKING:
    from extractor.batch.records import Maker

_SHORT_HASH = 12


@dataclass(frozen=True, slots=True)
class MakerChange:
    """A key in which the makers of two sides differ.

    Attributes:
        key: Of `Maker`; for a digest of two parts with a full stop and the part.
        old: Its values, made safe for a terminal and cut where they are long.
        new: The same of the other side.
    """

    key: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def maker_changes(
    old: Sequence[tuple[Maker, int]], new: Sequence[tuple[Maker, int]]
) -> Iterator[MakerChange]:
    """In what the makers of the results differ; whole values are compared, not what is shown of them.

    Makers that differ in no key alone, but in which values go together, differ in ``together``.

    Args:
        old: Makers of one side, with how many results each made.
        new: The same of the other.
    """
    sides = [{maker for maker, _ in makers} for makers in (old, new)]
    if sides[0] == sides[1]:
        return
    found = False
    for key, (value, shown) in _KEYS.items():
        before, after = ({value(maker): shown(maker) for maker in side} for side in sides)
        if before.keys() != after.keys():
            found = True
            yield MakerChange(key, _sorted(before.values()), _sorted(after.values()))
    if not found:
        yield MakerChange("together", (f"{len(sides[0])}",), (f"{len(sides[1])}",))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _prompts(maker: Maker) -> str:
    parts = [f"{model} {id} {sha[:_SHORT_HASH]}" for model, id, sha in maker.prompts]
    return one_line("; ".join(parts), 200) or "–"


def _options(maker: Maker) -> str:
    return one_line("; ".join(f"{name}={value}" for name, value in maker.options), 200) or "–"


def _part(digests: str, number: int) -> str:
    return digests.partition(":")[2 * number]


def _short(digest: str) -> str:
    return one_line(digest[:_SHORT_HASH], 20) or "–"


_KEYS: dict[str, tuple[Callable[[Maker], object], Callable[[Maker], str]]] = {
    "models": (lambda m: m.models, lambda m: one_line(m.models, 120)),
    "prompts": (lambda m: m.prompts, _prompts),
    "form_data": (lambda m: m.form_data, lambda m: one_line(m.form_data, 120)),
    "version": (lambda m: m.version, lambda m: one_line(m.version, 120)),
    "code_read.readers": (
        lambda m: _part(m.code_read, 0),
        lambda m: _short(_part(m.code_read, 0)),
    ),
    "code_read.verifier": (
        lambda m: _part(m.code_read, 1),
        lambda m: _short(_part(m.code_read, 1)),
    ),
    "code_judge.judging": (
        lambda m: _part(m.code_judge, 0),
        lambda m: _short(_part(m.code_judge, 0)),
    ),
    "code_judge.contract": (
        lambda m: _part(m.code_judge, 1),
        lambda m: _short(_part(m.code_judge, 1)),
    ),
    "options": (lambda m: m.options, _options),
}
"""Each key with what is compared and what is shown of it; together they are all of a maker."""
