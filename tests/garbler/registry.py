"""The register of damages: name, kind, stage and the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from .model import Draft, Kind

Stage = Literal["draft", "pieces"]
Apply = Callable[[Draft, Random], bool]


@dataclass(frozen=True, slots=True)
class Damage:
    """A way in which real reports are broken.

    Attributes:
        name: Its name in statistics and on the command line.
        kind: ``lossless`` leaves every figure readable, ``lossy`` takes figures away,
            ``corrupting`` prints figures that cannot be right.
        stage: ``draft`` changes tables before rendering, ``pieces`` the rendered pieces.
        apply: Does it; False when it does not apply to this draft, which is then unchanged.
    """

    name: str
    kind: Kind
    stage: Stage
    apply: Apply

    @property
    def says(self) -> str:
        """One sentence on what it does."""
        return (self.apply.__doc__ or "").strip()


DAMAGES: dict[str, Damage] = {}


def damage(kind: Kind, stage: Stage = "draft") -> Callable[[Apply], Apply]:
    """Register a function as the damage of its own name."""

    def register(apply: Apply) -> Apply:
        name = apply.__name__
        DAMAGES[name] = Damage(name, kind, stage, apply)
        return apply

    return register
