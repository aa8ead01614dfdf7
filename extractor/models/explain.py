"""What is said when a service fails for good: one line, what was wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.models.retry import Failure, Kind
from extractor.models.settings import ModelName, Settings
from extractor.models.tokens import estimate

if TYPE_CHECKING:
    from extractor.models.exchange import Question

_LINES = {
    Kind.RATE_LIMITED: "the service limits requests{status}, {tries} made; run again later, or send fewer at a time",
    Kind.BUSY: "the service fails{status}, {tries} made; run again later",
    Kind.CUT: "the connection breaks off, {tries} made; check the network, and run again later",
    Kind.TIMEOUT: "no whole answer came within {seconds} s, {tries} made; run again later, or allow more with --timeout",
    Kind.GARBAGE: (
        "what answers there sends no completion{status}, {tries} made; check that --base-url is the "
        "address of an OpenAI-compatible service, mostly one that ends in /v1"
    ),
    Kind.NO_HOST: "there is no host of that name; check --base-url and the network",
    Kind.UNREACHABLE: "nothing answers there; start the server, or correct --base-url",
    Kind.PROXY: "the proxy of HTTPS_PROXY or ALL_PROXY does not let the request through; correct or unset it",
    Kind.TLS: (
        "the certificate or encryption of the service cannot be trusted; check --base-url, or name the "
        "certificates of your network in SSL_CERT_FILE"
    ),
    Kind.NOT_FOUND: (
        "the service has no such model, or nothing at that path{status}; check the name, and that "
        "--base-url ends as the provider writes it, mostly in /v1"
    ),
    Kind.QUOTA: "the account has no quota or balance left{status}; top it up, or use another key",
    Kind.REDIRECT: (
        "the service redirects{status}, and the key is sent nowhere else; give the address that it "
        "redirects to as --base-url"
    ),
    Kind.BAD_REQUEST: "the service refuses the request{status}; try another --mode or another model",
    Kind.UNSENT: "the request could not be made; look for damaged characters in the report or the model's name",
}


def explain(
    failure: Failure, settings: Settings, model: ModelName, question: Question, used: int
) -> str:
    """One line: what was wrong and what to do.

    Args:
        failure: The last.
        settings: Of the service.
        model: That was asked.
        question: That it was asked.
        used: Requests that were made.
    """
    kind = failure.kind
    status = "" if failure.status is None else f" (HTTP {failure.status})"
    tries = f"{used} request{'s' if used > 1 else ''}"
    if (failure.retry_after or 0) > settings.longest_wait:
        line = (
            f"the service wants to be left alone for {failure.retry_after:.0f} s{status}, longer "
            f"than the {settings.longest_wait:g} s that are waited at most; run again later"
        )
    elif kind is Kind.KEY and failure.status == 403:
        line = (
            f"the key may not use this{status}; choose another model, or have the provider allow it"
        )
    elif kind is Kind.KEY:
        what = "wants a key" if settings.keyless else "refuses the key"
        line = (
            f"the service {what}{status}; set OPENAI_API_KEY, or the file of --key-file, to a key of "
            f"{settings.service}"
        )
    elif kind is Kind.CONTEXT:
        size = estimate(question.system) + estimate(question.user)
        line = (
            f"the prompt of about {size} tokens is too long for the model{status}; choose one with a "
            "longer context"
        )
    else:
        line = _LINES[kind].format(status=status, tries=tries, seconds=f"{settings.timeout:g}")
    said = f"; it says: {failure.message}" if failure.message and kind is not Kind.KEY else ""
    return f"{model.full!r} at {settings.service}: {line}{said}"


__all__ = ["explain"]
