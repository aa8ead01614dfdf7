"""HTML by templates: whatever a template is given is text, escaped, with its controls made visible."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from extractor.render._text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")


@cache
def environment(folder: str | tuple[str, ...] = TEMPLATES) -> Environment:
    """The templates of a folder, or of several in order; a name that is not there is an error and not an empty text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:
    """What a template puts out: markup of its own macros as it is, all else as visible text."""
    if hasattr(value, "__html__"):
        return value
    return visible(str(value).replace("\r\n", "\n").replace("\r", "\n"))
