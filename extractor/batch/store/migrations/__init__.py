"""Numbered scripts that make a store, or bring an older one up to date; none is ever changed."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cache

CONTRACT = 2
"""Version of the contract that a store of this program is of."""
_FIRST_OF_2 = 3
_FILE = re.compile(r"(\d{4})_(\w+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step.

    Attributes:
        number: From 1, without a gap.
        name: What it is about.
        script: Statements of SQL.
    """

    number: int
    name: str
    script: str

    @property
    def sha256(self) -> str:
        """Of the script."""
        return hashlib.sha256(self.script.encode()).hexdigest()


def contract_before(step: Migration) -> int:
    """Version of the contract of a store that lacks this step."""
    return CONTRACT if step.number > _FIRST_OF_2 else CONTRACT - 1


@cache
def migrations() -> tuple[Migration, ...]:
    """All steps in order."""
    found = []
    directory = os.path.dirname(__file__)
    for name in sorted(os.listdir(directory)):
        if match := _FILE.fullmatch(name):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                found.append(Migration(int(match[1]), match[2], file.read()))
    return tuple(found)
