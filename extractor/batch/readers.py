"""The readers of a run: what its workers need, what the parent asks with, and who its results are made by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extractor import __version__
from extractor.batch.records import Maker
from extractor.batch.unit import Settings
from extractor.batch.versions import Code
from extractor.errors import WorkerError
from extractor.ladder import LanguageModel, Rung
from extractor.lexicon import Lexicon
from extractor.rungs import Asking, Ladder, build
from verify.forms import FORM_DATA_VERSION

if TYPE_CHECKING:
    from extractor.batch import Options
    from extractor.batch.asking import Asker
    from extractor.batch.store import Store
    from extractor.models.deferred import Desk

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
_MORE_THREADS = 32  # for questions that wait to be tried again


@dataclass(frozen=True, slots=True)
class Readers:
    """What a run reads with.

    Attributes:
        settings: For the workers.
        maker: Who makes its results.
        asker: Asks models; None when only the builtin reader reads.
    """

    settings: Settings
    maker: Maker
    asker: Asker | None


@contextmanager
def open_readers(
    asking: Asking,
    options: Options,
    store: Store,
    environ: Mapping[str, str],
    desk: Desk | None = None,
) -> Iterator[Readers]:
    """The readers of a run, checked before anything is read or sent.

    Raises:
        UsageError: An option that cannot be, or one that is missing.
    """
    lexicon = None if asking.lexicon is None else Lexicon.load(asking.lexicon)
    if asking.models == ("builtin",):
        yield Readers(*described(asking, None, lexicon), None)
        return
    from extractor.batch.asking import Asker, StoredAnswers

    answers = StoredAnswers(store, offline=asking.offline, fresh=options.fresh)
    asking = replace(asking, concurrency=options.concurrency, rpm=options.rpm, tpm=options.tpm)
    ladder = build(asking, environ, usual_requests=None, answers=answers, keep=False, desk=desk)
    asker = Asker(ladder, answers, options.concurrency + min(options.concurrency, _MORE_THREADS))
    yield Readers(*described(asking, ladder, lexicon), asker)


def described(
    asking: Asking, ladder: Ladder | None, lexicon: Lexicon | None
) -> tuple[Settings, Maker]:
    """What processes need to read, and who their results are made by."""
    if ladder is None:
        return Settings(lexicon=lexicon), _maker(asking, (), lexicon)
    rungs = ladder.bare()
    return Settings(rungs, ladder.meter.prices, lexicon), _maker(asking, rungs, lexicon)


def _maker(asking: Asking, rungs: tuple[Rung, ...], lexicon: Lexicon | None) -> Maker:
    models = [rung for rung in rungs if isinstance(rung, LanguageModel)]
    options: list[tuple[str, str]] = []
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
    return Maker(
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


__all__ = ["Readers", "code_judge", "described", "open_readers"]
