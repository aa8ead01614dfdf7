"""An oracle: the best answer that a protocol allows, by somebody who knows the truth and sees only the prompt.

It is given the official labels and the figure of every cell, never where one stands, and gets nothing but the two
messages of a request. How many reports it brings to the right verdict is the ceiling of the protocol. Careless
answerers are mutations of it. All of it is scripted: no language model runs here. ``python -m tests.oracle`` measures.
"""

from __future__ import annotations

from .answerer import Oracle, Truth
from .careless import CARELESS
from .sources import Source, sources
from .trial import Trial, trial

__all__ = ["CARELESS", "Oracle", "Source", "Trial", "Truth", "sources", "trial"]
