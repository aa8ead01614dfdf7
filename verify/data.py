"""Words, sentences and patterns that stand as TOML beside the module that uses them."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any


def toml_of(package: str, file: str) -> dict[str, Any]:
    """The contents of a TOML file of a package."""
    return tomllib.loads(resources.files(package).joinpath(file).read_text("utf-8"))
