"""The readers of a run: what its workers need, and who its results are made by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor import __version__
from extractor.batch.records import Maker
from extractor.batch.unit import Settings
from extractor.batch.versions import Code
from extractor.errors import WorkerError
from extractor.ladder import LanguageModel
from extractor.lexicon import Lexicon
from verify.forms import FORM_DATA_VERSION

if TYPE_CHECKING:
    from extractor.rungs import Asking, Ladder

_SENDING = frozenset(
    f"extractor.models.{name}"
    for name in (
        "adapter",
        "batches",
        "cache",
        "deferred",
        "explain",
        "pace",
        "prices",
        "retry",
        "settings",
        "tokens",
        "wire",
    )
)
"""How a request gets to a service and back, which decides nothing about what is made of the answer."""


def described(asking: Asking, ladder: Ladder | None = None) -> tuple[Settings, Maker]:
    """What processes need to read, and who their results are made by.

    Args:
        asking: The ladder, and what else decides.
        ladder: As it was built; None where the builtin reader alone reads.
    """
    lexicon = None if asking.lexicon is None else Lexicon.load(asking.lexicon)
    settings, options = Settings(lexicon=lexicon), list[tuple[str, str]]()
    models: list[LanguageModel] = []
    if ladder is not None:
        settings = Settings(ladder.bare(), ladder.meter.prices, lexicon)
        models = [rung for rung in settings.rungs if isinstance(rung, LanguageModel)]
    if models:
        options = [
            ("votes", str(asking.votes)),
            ("qualified", ",".join(f"{rung.model}={rung.qualified}".lower() for rung in models)),
            ("require_qualified", str(asking.require_qualified).lower()),
        ]
    if lexicon is not None:
        options.append(("lexicon", lexicon.sha256))
    try:
        code = Code()
        stages = (code.read() | code.ground()) - _SENDING
        judging = code_judge(code)
    except RuntimeError as error:  # no sources, so no digests
        raise WorkerError(str(error)) from None
    verifier = {name for name in stages if name.partition(".")[0] == "verify"}
    return settings, Maker(
        models=",".join(asking.models),
        prompts=tuple(
            (rung.model, rung.reader.prompt.name, rung.reader.prompt.sha256) for rung in models
        ),
        form_data=FORM_DATA_VERSION,
        version=__version__,
        code_read=f"{code.digest(stages - verifier)}:{code.digest(verifier)}",
        code_judge=judging,
        options=tuple(options),
    )


def code_judge(code: Code | None = None) -> str:
    """The digests of the judging code that runs, as `extractor.batch.records.Maker` has them."""
    code = code or Code()
    return f"{code.digest(code.judge())}:{code.digest(code.closure(('verify.schema',)))}"


__all__ = ["code_judge", "described"]
