"""Options that several commands have, as fields of the objects of options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

from extractor.catalogue import Lang

Mode = Literal["auto", "json_schema", "json_object", "text", "tools"]  # as models.settings has
_MODELS: dict[str, Any] = {"rich_help_panel": "models"}
_PICTURES: dict[str, Any] = {"rich_help_panel": "views"}
_VIEWS: dict[str, Any] = {"rich_help_panel": "views", "metavar": "FILE"}


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """The language of what people read, and whether they are told anything."""

    lang: Annotated[Lang, typer.Option("--lang")] = "zh"
    quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False


@dataclass(frozen=True, kw_only=True)
class Views(Spoken):
    """The files that show a result."""

    html: Annotated[str | None, typer.Option("--html", **_VIEWS)] = None
    todo: Annotated[str | None, typer.Option("--todo", **_VIEWS)] = None
    comments: Annotated[str | None, typer.Option("--comments", **_VIEWS)] = None
    pictures: Annotated[bool, typer.Option("--pictures", **_PICTURES)] = False
    sarif: Annotated[str | None, typer.Option("--sarif", **_VIEWS)] = None
    junit: Annotated[str | None, typer.Option("--junit", **_VIEWS)] = None
    csv: Annotated[str | None, typer.Option("--csv", **_VIEWS)] = None


@dataclass(frozen=True, kw_only=True)
class Worded:
    """Words that a person confirmed as names of rows and columns."""

    lexicon: Annotated[str | None, typer.Option("--lexicon", metavar="FILE")] = None


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Which readers are tried."""

    model: Annotated[str, typer.Option("--model", metavar="M[,M…]")] = "builtin"


@dataclass(frozen=True, kw_only=True)
class Asking(Reader):
    """How a language model is asked."""

    base_url: Annotated[str | None, typer.Option("--base-url", metavar="URL", **_MODELS)] = None
    key_file: Annotated[str | None, typer.Option("--key-file", metavar="FILE", **_MODELS)] = None
    insecure: Annotated[bool, typer.Option("--insecure", **_MODELS)] = False
    timeout: Annotated[float | None, typer.Option("--timeout", metavar="S", **_MODELS)] = None
    deadline: Annotated[float | None, typer.Option("--deadline", metavar="S", **_MODELS)] = None
    mode: Annotated[Mode, typer.Option("--mode", metavar="MODE", **_MODELS)] = "auto"
    prompt: Annotated[str | None, typer.Option("--prompt", metavar="ID", **_MODELS)] = None
    votes: Annotated[int, typer.Option("--votes", metavar="N", **_MODELS)] = 1
    max_requests: Annotated[int | None, typer.Option("--max-requests", metavar="N", **_MODELS)] = (
        None
    )
    max_cost: Annotated[str | None, typer.Option("--max-cost", metavar="USD", **_MODELS)] = None
    prices: Annotated[str | None, typer.Option("--prices", metavar="FILE", **_MODELS)] = None
    offline: Annotated[bool, typer.Option("--offline", **_MODELS)] = False
    require_qualified: Annotated[bool, typer.Option("--require-qualified", **_MODELS)] = False


@dataclass(frozen=True, kw_only=True)
class Cached:
    """Where answers are kept; a batch keeps them in its store."""

    cache: Annotated[str | None, typer.Option("--cache", metavar="DIR", **_MODELS)] = None
