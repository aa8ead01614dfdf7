"""HTML by templates: whatever a template is given is text, escaped, with its controls made visible."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from extractor.render._text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

_OWN = "/* the page of a report */"
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


@cache
def asset(path: str) -> str:
    """A file of the package that goes into a page as it is."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def shared_css() -> str:
    """Colours, type and focus: the first part of ``page.css``, which the page of a store has as well."""
    shared, mark, _ = asset(os.path.join(TEMPLATES, "page.css")).partition(_OWN)
    assert mark, "page.css says where its own part begins"
    return shared


def allowed(text: str) -> str:
    """The hash by which a page's policy allows a style or script of its own.

    The browser hashes what stands between the tags, so the text goes in without a change.
    """
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
