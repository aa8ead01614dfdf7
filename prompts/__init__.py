"""Versioned prompt texts, one file each, loaded by id.

A prompt is data: fixed texts that are put together with a report's excerpt by plain concatenation. No
template engine ever runs over either, so braces, fences and ``{{…}}`` of a report arrive as they are.
The hash of a prompt is that of its file; `versions.toml` keeps the hash of every version that ever
was, so that a changed text without a new version is noticed.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

Protocol = Literal["pointer", "whole", "names"]
USUAL = "pointer-zh"
"""Of every model, where none is named."""
FURTHER = ("names-zh", "whole-zh")
"""Prompts that are told beside another, where that one did not settle a report; none to choose."""
SHEETS = ("requests", "proactive_2021", "proactive_2019", "proceedings")
TEXTS = ("excerpt", "again", "again_rows", "again_marks", "unusable")


class UnknownPromptError(LookupError):
    """There is no prompt with this id."""


class PromptFileError(ValueError):
    """A prompt file is not what it should be."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt, as its file has it.

    Attributes:
        id: Name of the prompt.
        version: Number of its text.
        language: Language of the text.
        protocol: How the model answers.
        schema: Name of the pydantic model of the answer.
        schema_sha256: Hash of that model's JSON schema, as canonical JSON.
        system: What every question begins with.
        irregular: What is added where not every row has just its figures.
        tables: The rows of each table, added for those that are asked about.
        columns: Their columns, added where not every row has just its figures.
        parts: Short texts of the user message.
        sha256: Hash of the file.
    """

    id: str
    version: int
    language: str
    protocol: Protocol
    schema: str
    schema_sha256: str
    system: str
    irregular: str
    tables: Mapping[str, str]
    columns: Mapping[str, str]
    parts: Mapping[str, str]
    sha256: str

    @property
    def name(self) -> str:
        """Id and version, as a result names it."""
        return f"{self.id}/{self.version}"

    def system_for(self, sheets: Iterable[str], *, irregular: bool) -> str:
        """The system message about these tables; one of a few, so that a service can cache it.

        Args:
            sheets: Keys of `tables`.
            irregular: Whether rows must be explained that do not have just their figures.
        """
        wanted = set(sheets)
        parts = [self.system]
        if irregular:
            parts.append(self.irregular)
        for name, text in self.tables.items():
            if name in wanted:
                parts += [text, self.columns.get(name, "") if irregular else ""]
        return "\n".join(part.strip() for part in parts if part.strip())


def ids() -> tuple[str, ...]:
    """The ids of all prompts that a model can be given."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(
        sorted(
            name.removesuffix(".toml")
            for name in found
            if name.endswith(".toml")
            and name != "versions.toml"
            and name.removesuffix(".toml") not in FURTHER
        )
    )


def load(id: str) -> Prompt:
    """Load a prompt by its id.

    Raises:
        UnknownPromptError: There is no such prompt.
        PromptFileError: Its file is damaged, or is not the text that this version had.
    """
    if id not in (*ids(), *FURTHER):
        raise UnknownPromptError(id)
    data = files(__name__).joinpath(f"{id}.toml").read_bytes()
    prompt = parse(data)
    if prompt.id != id:
        raise PromptFileError(f"the file of prompt {id!r} names {prompt.id!r}")
    if versions().get(prompt.name) != prompt.sha256:
        raise PromptFileError(
            f"prompt {prompt.name!r} is not the text that versions.toml has under this version; "
            "raise its version and enter the hash that python -m prompts prints"
        )
    return prompt


def parse(data: bytes) -> Prompt:
    """Make a prompt of the bytes of its file.

    Raises:
        PromptFileError: They are not the file of a prompt.
    """
    try:
        loaded: dict[str, Any] = tomllib.loads(data.decode())
        prompt = Prompt(**loaded, sha256=hashlib.sha256(data).hexdigest())
    except (ValueError, TypeError) as error:
        raise PromptFileError(f"no prompt: {error}") from None
    if set(prompt.tables) != set(SHEETS) or set(prompt.parts) != set(TEXTS):
        raise PromptFileError(f"prompt {prompt.name!r} lacks a table or a part")
    return prompt


def versions() -> dict[str, str]:
    """The hash of every version that ever was."""
    text = files(__name__).joinpath("versions.toml").read_text(encoding="utf-8")
    return {str(name): str(sha) for name, sha in tomllib.loads(text)["versions"].items()}


__all__ = [
    "FURTHER",
    "USUAL",
    "Prompt",
    "PromptFileError",
    "Protocol",
    "UnknownPromptError",
    "ids",
    "load",
    "parse",
    "versions",
]
