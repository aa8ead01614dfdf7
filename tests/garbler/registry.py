"""The register of damages: name, kind, stage and the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from random import Random
from typing import Any, Literal

from .model import Draft, Kind

Pool = Literal["old", "new", "all"]

Stage = Literal["draft", "pieces"]
Apply = Callable[[Draft, Random], bool | None]


@dataclass(frozen=True, slots=True)
class Damage:
    """A way in which real reports are broken.

    Attributes:
        name: Its name in statistics and on the command line.
        kind: ``lossless`` leaves every figure readable without doubt, ``legible`` leaves it
            readable where a person's look is right as well, ``lossy`` takes figures away or leaves
            open whose they are, ``corrupting`` prints figures that cannot be right. A damage may
            make one report worse than this (`Draft.at_least`), before any reader has seen it.
        stage: ``draft`` changes tables before rendering, ``pieces`` the rendered pieces.
        apply: Does it; False when it does not apply to this draft.
        pool: The set that it is drawn from.
        alone: Whether it changes the whole document, so that few others go with it.
    """

    name: str
    kind: Kind
    stage: Stage
    apply: Apply
    pool: Pool = "new"
    alone: bool = False

    @property
    def says(self) -> str:
        """One sentence on what it does."""
        return (self.apply.__doc__ or "").strip()


DAMAGES: dict[str, Damage] = {}


def damage(
    kind: Kind, stage: Stage = "draft", pool: Pool = "old", *, alone: bool = False
) -> Callable[[Apply], Apply]:
    """Register a function as the damage of its own name."""

    def register(apply: Apply) -> Apply:
        name = apply.__name__
        assert name not in DAMAGES, name
        DAMAGES[name] = Damage(name, kind, stage, apply, pool, alone)
        return apply

    return register


def new(kind: Kind, stage: Stage = "draft", *, alone: bool = False) -> Callable[[Apply], Apply]:
    """Register a damage of the new set."""
    return damage(kind, stage, "new", alone=alone)


def given(
    find: Callable[[Draft, Random], tuple[Any, ...] | None],
    kind: Kind,
    pool: Pool = "new",
    *,
    alone: bool = False,
) -> Callable[[Callable[..., bool | None]], Callable[..., bool | None]]:
    """Register a damage that is given what ``find`` found, and does not apply where that is nothing."""

    def register(do: Callable[..., bool | None]) -> Callable[..., bool | None]:
        @wraps(do)
        def apply(draft: Draft, rng: Random) -> bool | None:
            found = find(draft, rng)
            return False if found is None else do(draft, rng, *found)

        damage(kind, pool=pool, alone=alone)(apply)
        return do

    return register


def of_pool(pool: Pool) -> list[Damage]:
    """The damages of a set, always in the same order."""
    found = [d for d in DAMAGES.values() if d.pool == pool]
    return sorted(found, key=lambda d: d.apply.__module__)
