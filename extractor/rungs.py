"""From the options of a command to the readers of a ladder, checked before anything is read or sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import partial

import prompts
from extractor.errors import UsageError
from extractor.ladder import Builtin, LanguageModel, Rung
from extractor.models.cache import Answers, Cache
from extractor.models.deferred import Deferred, Desk
from extractor.models.exchange import Asked, Told
from extractor.models.meter import Meter
from extractor.models.modes import Memory
from extractor.models.pace import Pace
from extractor.models.prices import Prices
from extractor.models.providers import OPENAI, Asks, Given, provider
from extractor.models.service import Service
from extractor.models.settings import ModelName, Settings, make_settings, parse_model
from extractor.readers import builtin
from extractor.readers.model import Interview
from verify.forms import FORM_DATA_VERSION

MOST_VOTES = 9
USUAL_REQUESTS = 60
"""Requests that one command may send when --max-requests says nothing else."""
USUAL_CONCURRENCY = 8
"""Requests under way at a time where rates are limited and nothing is said of it."""
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Asking:
    """How language models are to be asked, as the command line has it; None is the usual."""

    models: tuple[str, ...]  # the ladder
    base_url: str | None = None  # of the service
    key_file: str | None = None  # a file with the key
    insecure: bool = False  # plain http beyond this machine is allowed
    timeout: float | None = None  # most seconds of one request
    deadline: float | None = None  # most seconds of one question
    mode: str = "auto"  # how the shape of an answer is asked for
    prompt: str | None = None  # id of a prompt, ``auto``, or None for the usual one
    votes: int = 1  # samples of each answer
    max_cost: str | None = None  # most US dollars
    max_requests: int | None = None  # most requests
    prices: str | None = None  # a file with prices
    cache: str | None = None  # directory of recorded answers
    offline: bool = False  # recorded answers only
    # take nothing from a model and prompt that did not pass the golden cases
    require_qualified: bool = False
    # most requests under way at a time, where many reports are asked about
    concurrency: int | None = None
    rpm: int | None = None  # most requests a minute
    tpm: int | None = None  # most tokens a minute
    # a file of words that a person confirmed as names of rows and columns
    lexicon: str | None = None


@dataclass(slots=True)
class Ladder:
    """Readers in the order in which they are tried, and what they spend between them."""

    rungs: tuple[Rung, ...]  # the readers; those that are language models ask by themselves
    meter: Meter  # counts and caps what they send
    services: tuple[Asks, ...] = field(default=())  # of the language models, in the same order
    # how fast all of them together may be asked, None where nothing was said of it
    pace: Pace | None = None
    desk: Desk | None = None  # where questions are put that are answered by batch

    def bare(self) -> tuple[Rung, ...]:
        """The readers without anything to ask with: they can be pickled, see `ladder.climb_asking`."""
        return tuple(
            replace(rung, reader=Interview(rung.reader.prompt, rung.reader.votes))
            if isinstance(rung, LanguageModel)
            else rung
            for rung in self.rungs
        )

    def ask(self, asked: Asked) -> Told:
        """Ask the model that a question is for. Threads may ask at the same time.

        Raises:
            UnansweredError: Its service fails for good.
            Spent: A cap is reached.
            Stopped: `pace` was stopped.
        """
        service = next(one for one in self.services if one.model == asked.model)
        return service.ask_recorded(asked.question)

    def close(self) -> None:
        """Let go of all connections."""
        for service in self.services:
            service.close()


def rungs_of(models: str) -> tuple[str, ...]:
    """The names of a ladder, checked.

    Raises:
        UsageError: A name that is none, or one that stands there twice.
    """
    names = tuple(name.strip() for name in models.split(","))
    for name in names:
        if name != builtin.NAME:
            parse_model(name)
    if len(set(names)) < len(names):
        raise UsageError(f"--model {models!r} names a reader twice; name each once")
    return names


def build(
    asking: Asking,
    environ: Mapping[str, str],
    *,
    usual_requests: int | None = USUAL_REQUESTS,
    answers: Answers | None = None,
    keep: bool = True,
    desk: Desk | None = None,
) -> Ladder:
    """The ladder that a command asked for.

    Args:
        asking: Its options.
        environ: Its environment.
        usual_requests: Most requests where ``max_requests`` says nothing, None for any number.
        answers: Where answers are recorded, instead of the directory of ``cache``.
        keep: Whether the meter keeps every attempt; see `Meter`.
        desk: Where questions are put that are answered by batch; None asks them.

    Raises:
        UsageError: An option that cannot be, or one that is missing.
    """
    meter = checked(asking, usual_requests=usual_requests, keep=keep, recorded=answers is not None)
    if asking.cache is not None:
        folder = Cache(asking.cache, asking.offline)
        answers = folder if answers is None else answers
    pace = _pace(asking)
    if asking.offline:  # nothing is sent, so no key is needed
        environ = {**environ, "OPENAI_API_KEY": environ.get("OPENAI_API_KEY") or "offline"}
    memory = Memory()
    make: Callable[..., Service] = Service
    if desk is not None:
        make, memory = partial(Deferred, desk=desk), desk.memory
    made: list[Rung] = []
    services: list[Asks] = []
    for name in asking.models:
        if name == builtin.NAME:
            made.append(Builtin())
            continue
        model = parse_model(name)
        prompt = prompt_for(model, asking)
        if model.provider != OPENAI:
            given = Given(asking, environ, meter, answers, pace)
            services.append(provider(model.provider)(model, given))
            made.append(_rung(model, prompt, asking, services[-1]))
            continue
        settings = settings_of(asking, environ)
        meter.check_price(model.name, settings.service)
        service = make(model, settings, meter, answers, memory=memory, pace=pace)
        services.append(service)
        made.append(_rung(model, prompt, asking, service))
    return Ladder(tuple(made), meter, tuple(services), pace, desk)


def settings_of(asking: Asking, environ: Mapping[str, str]) -> Settings:
    """The service of an OpenAI-compatible model as a command asked for it.

    Raises:
        UsageError: No key, or an address that cannot be.
    """
    return make_settings(
        environ,
        base_url=asking.base_url,
        key_file=asking.key_file,
        insecure=asking.insecure,
        mode=asking.mode,
        timeout=asking.timeout,
        deadline=asking.deadline,
    )


def _pace(asking: Asking) -> Pace | None:
    if asking.concurrency is None and asking.rpm is None and asking.tpm is None:
        return None
    most = USUAL_CONCURRENCY if asking.concurrency is None else asking.concurrency
    return Pace(most, asking.rpm, asking.tpm)


def _rung(model: ModelName, prompt: prompts.Prompt, asking: Asking, service: Asks) -> LanguageModel:
    from extractor.qualification import is_qualified

    return LanguageModel(
        model.full,
        Interview(prompt, asking.votes, ask=service.ask),
        qualified=is_qualified(
            model.full,
            prompt,
            FORM_DATA_VERSION,
            asking.cache,
            None if asking.offline else service.host,
        ),
        required=asking.require_qualified,
    )


def prompt_for(model: ModelName, asking: Asking) -> prompts.Prompt:
    """The prompt that was named, or the best of a golden run, or the usual one.

    Raises:
        UsageError: There is no such prompt.
    """
    id = asking.prompt or prompts.USUAL
    if id == AUTO:
        from extractor.qualification import best_prompt

        id = best_prompt(model.full, FORM_DATA_VERSION, asking.cache) or ""
        if not id:
            raise UsageError(
                f"--prompt auto: no golden run of {model.full!r} is on record; run extract golden "
                f"check --model {model.full} --prompt auto first, or name one of "
                f"{', '.join(prompts.ids())}"
            )
    try:
        prompt = prompts.load(id.partition("/")[0])
    except prompts.PromptFileError as error:
        raise UsageError(f"{error}; install the program again") from None
    except prompts.UnknownPromptError:
        prompt = None
    if prompt is None or id not in (prompt.id, prompt.name):
        known = ", ".join(prompts.load(one).name for one in prompts.ids())
        raise UsageError(f"--prompt {id!r} is not known; choose one of {known}")
    return prompt


def checked(
    asking: Asking,
    *,
    usual_requests: int | None = USUAL_REQUESTS,
    keep: bool = True,
    recorded: bool = False,
) -> Meter:
    """The meter of a run, the options that are no service's checked; see `build`.

    Raises:
        UsageError: An option that cannot be.
    """
    if not 1 <= asking.votes <= MOST_VOTES:
        raise UsageError(f"--votes {asking.votes}: from 1 to {MOST_VOTES}")
    if asking.offline and asking.cache is None and not recorded:
        raise UsageError("--offline needs --cache DIR, the directory with the recorded answers")
    cost: Decimal | None = None
    if asking.max_cost is not None:
        try:
            cost = Decimal(asking.max_cost)
        except InvalidOperation:
            cost = Decimal(-1)
        if not cost.is_finite() or cost < 0:
            raise UsageError(f"--max-cost {asking.max_cost!r} is no sum in US dollars")
    requests = usual_requests if asking.max_requests is None else asking.max_requests
    if requests is not None and requests < 0:
        raise UsageError(f"--max-requests {requests} is negative; give 0 or more")
    return Meter(requests, cost, Prices.load(asking.prices), keep=keep)


def asking_of(options: object, models: Sequence[str]) -> Asking:
    """What parsed arguments of the command line say."""
    known = {
        name: getattr(options, name)
        for name in Asking.__slots__
        if name != "models" and hasattr(options, name)
    }
    return Asking(tuple(models), **known)
