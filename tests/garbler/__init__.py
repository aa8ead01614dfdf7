"""A seeded garbler of annual reports: realistic figures, many layouts, named damages, exact truth.

The independent oracle of the tests: it shares nothing with the product but the forms as data.
"""

from __future__ import annotations

from .build import SHAPES
from .garble import MIXED, garble
from .layouts import LAYOUTS
from .model import Expected, Garbled, Kind
from .registry import DAMAGES, Damage
from .truth import SCALES, VARIANTS

__all__ = [
    "DAMAGES",
    "LAYOUTS",
    "MIXED",
    "SCALES",
    "SHAPES",
    "VARIANTS",
    "Damage",
    "Expected",
    "Garbled",
    "Kind",
    "garble",
]
