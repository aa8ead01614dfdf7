"""Where a result comes from, as it crosses the boundary: source, reader, model, attempts, cost."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)

from verify.verdicts import VerdictName


class Strict(BaseModel):
    """Neither coercion nor unknown keys; what is made stays as it is."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sparse(Strict):
    """A model of which some keys stand only where they say something."""

    may_lack: ClassVar[frozenset[str] | None] = None
    """The keys that are left out where they have no value; None for all."""

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        lacks = self.may_lack
        keys = handler(self).items()
        return {k: v for k, v in keys if v is not None or (lacks is not None and k not in lacks)}


class Source(Sparse):
    """The source as it was read.

    Attributes:
        name: As it was given.
        sha256: Of its bytes.
        encoding: That decodes them.
        chars: Of the canonical text.
        media_type: Of the bytes.
        renderer: What made the canonical text of them, with its version.
    """

    name: str
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    encoding: str
    chars: int
    media_type: str | None = None
    renderer: str | None = None


class Prompt(Strict):
    """The prompt of a language model reader."""

    id: str
    sha256: str


class Usage(Strict):
    """What the readers cost; the builtin one costs nothing, recorded answers cost nothing again.

    Attributes:
        input_tokens: Of all prompts, as far as the service told.
        output_tokens: Of all answers, as far as the service told.
        cached_tokens: Those of the prompts that the service had cached.
        requests: HTTP requests, failed ones included.
        cost_usd: Exact decimal, or None as soon as the price or the tokens of one are not known.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    requests: int = 0
    cost_usd: str | None = None


class Rung(Strict):
    """One reader that was tried: as it was named, the verdict on its reading, rounds of asking again."""

    model: str
    verdict: VerdictName
    asked_again: int = 0


class Provenance(Sparse):
    """Where a result comes from.

    Attributes:
        source: The source.
        reader: ``builtin`` or ``model``: whose reading is kept.
        model: The language model whose reading is kept, or None.
        prompt: What it was told.
        qualified: Whether that model passed the golden cases with that prompt and these forms; None
            for the builtin reader.
        ladder: Every reader that was tried, in order.
        attempts: One record for each HTTP request.
        usage: What they cost in all.
        lexicon: Hash of the entries of a lexicon that it was read with, where there was one.
        form_data: Version of the form data.
        version: Version of the program.
    """

    may_lack: ClassVar[frozenset[str] | None] = frozenset({"lexicon"})

    source: Source
    reader: str
    model: str | None = None
    prompt: Prompt | None = None
    qualified: bool | None = None
    ladder: tuple[Rung, ...] = ()
    attempts: tuple[dict[str, str | int | float | None], ...] = ()
    usage: Usage = Usage()
    lexicon: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    form_data: str
    version: str
