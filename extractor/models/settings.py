"""Where a language model is reached, with which key and within which limits.

Everything is decided here, from the command line and the environment that is handed in; nothing below
reads the environment again. Loads neither openai nor instructor.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NoReturn, get_args
from urllib.parse import unquote, urlsplit

from extractor.errors import UsageError
from extractor.models.providers import is_known

OFFICIAL = "https://api.openai.com/v1"
Mode = Literal["auto", "json_schema", "json_object", "text", "tools"]
MODES: tuple[Mode, ...] = get_args(Mode)
_OFFICIAL_HOST = "api.openai.com"
_PLACEHOLDER = "none"  # what a server on this machine without a key is sent; it is no secret
_MOST_KEY = 8192
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_NAME = re.compile(r"[!-~]{1,200}")


class Secret:
    """A text that shows itself to nobody who does not ask for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; only for the request that needs it, and to remove it from what came back."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is neither pickled nor copied")


@dataclass(frozen=True, slots=True)
class ModelName:
    """A model of a provider, ``openai/NAME``; NAME may hold further slashes and colons."""

    provider: str
    name: str

    @property
    def full(self) -> str:
        """As the user writes it."""
        return f"{self.provider}/{self.name}"


@dataclass(frozen=True, slots=True)
class Settings:
    """How a service is called.

    Attributes:
        base_url: Of the service, without a slash at its end.
        key: What it is called with.
        keyless: The key is only a placeholder, for a server on this machine.
        proxy: Proxy for https, or None; it may hold a password.
        mode: How the shape of an answer is asked for; ``auto`` learns what the service takes.
        timeout: Most seconds of one HTTP request, from its first byte to its last.
        deadline: Most seconds of one question, waits included.
        attempts: Most HTTP requests of one question.
        longest_wait: Most seconds that a service may ask to be left alone before it is given up.
        most_bytes: Most bytes of a response, as sent and as unpacked.
        most_room: Most tokens of an answer when it is asked for again with more room.
        temperature: Of further samples; the first is asked at 0.
    """

    base_url: str
    key: Secret
    keyless: bool = False
    proxy: Secret | None = None
    mode: Mode = "auto"
    timeout: float = 60.0
    deadline: float = 180.0
    attempts: int = 6
    longest_wait: float = 60.0
    most_bytes: int = 4_000_000
    most_room: int = 16_384
    temperature: float = 0.7

    @property
    def host(self) -> str:
        """Host name of the service."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def service(self) -> str:
        """Host, and port unless it is the usual one: how messages and records call the service."""
        parts = urlsplit(self.base_url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        return host if parts.port in {None, usual} else f"{host}:{parts.port}"

    @property
    def official(self) -> bool:
        """Whether it is OpenAI's own service."""
        return self.host == _OFFICIAL_HOST

    @property
    def local(self) -> bool:
        """Whether it is a server on this machine."""
        return _is_loopback(self.host)


def parse_model(text: str) -> ModelName:
    """``openai/NAME`` as a model name.

    Raises:
        UsageError: No provider, another provider, or no name.
    """
    provider, slash, name = text.partition("/")
    if not slash:
        raise UsageError(
            f"model {text!r} names no provider; write 'openai/{text or 'NAME'}' (any OpenAI-compatible "
            "server, see --base-url) or 'builtin'"
        )
    if not is_known(provider):
        raise UsageError(
            f"provider {provider!r} is not known; write 'openai/NAME' and give the OpenAI-compatible "
            "address of the service with --base-url"
        )
    if not _NAME.fullmatch(name) or "," in name:
        raise UsageError(
            f"{name!r} is no name of a model; write 'openai/NAME' as the service lists it, no blanks"
        )
    return ModelName(provider, name)


def make_settings(
    environ: Mapping[str, str],
    *,
    base_url: str | None = None,
    key_file: str | None = None,
    insecure: bool = False,
    mode: str = "auto",
    **limits: float | None,
) -> Settings:
    """Settings from options of the command line and the environment; an option goes before a variable.

    Args:
        environ: ``OPENAI_BASE_URL``, ``OPENAI_API_KEY``, ``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``;
            an empty variable counts as absent. Others that the SDK would read are not looked at.
        base_url: ``--base-url``.
        key_file: ``--key-file``: a file with the key and nothing else.
        insecure: ``--insecure``: plain http beyond this machine is allowed.
        mode: One of `MODES`.
        limits: ``timeout``, ``deadline``, ``attempts``, ``longest_wait``; None is the usual.

    Raises:
        UsageError: Something is missing or not allowed; the message says how to put it right.
    """
    if mode not in MODES:
        raise UsageError(f"mode {mode!r} is not known; choose one of {', '.join(MODES)}")
    url = checked_url(base_url or environ.get("OPENAI_BASE_URL") or OFFICIAL, insecure=insecure)
    key = _key(environ, key_file)
    made = Settings(url, Secret(key or _PLACEHOLDER), key is None, _proxy(url, environ), mode)
    if key is None and not made.local:
        raise UsageError(
            f"no key for {urlsplit(url).netloc!r}; set OPENAI_API_KEY or name a file that holds it "
            "with --key-file"
        )
    for name, value in limits.items():
        if value is not None and not 0 < value < math.inf:
            usual = getattr(made, name)
            raise UsageError(f"{name} {value!r} is no positive number; leave it out for {usual:g}")
    given: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    return replace(made, **given)


def checked_url(url: str, *, insecure: bool) -> str:
    """The address of a service, without a slash at its end; no message shows it whole.

    Raises:
        UsageError: It is no address, holds a password, or is plain http beyond this machine.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(
            "the base URL is no address; write it like 'https://HOST/v1' or 'http://localhost:8080/v1'"
        ) from None
    if "@" in parts.netloc:
        raise UsageError(
            "the base URL holds a user name or password; take it out and give the key with "
            "OPENAI_API_KEY or --key-file"
        )
    if parts.query or parts.fragment:
        raise UsageError(
            "the base URL has a '?' or '#' part; give it without, like 'https://HOST/v1'"
        )
    if parts.scheme not in {"http", "https"} or not host or not _HOST.fullmatch(parts.netloc):
        raise UsageError(
            f"the base URL has scheme {parts.scheme!r} and host {host or ''!r}; write it like "
            "'https://HOST/v1' or 'http://localhost:8080/v1'"
        )
    if not re.fullmatch(r"[!-~]*", parts.path) or port == 0:
        raise UsageError("the base URL has blanks or signs that no address has; write it in ASCII")
    if parts.scheme == "http" and not insecure and not _is_loopback(host):
        raise UsageError(
            f"the base URL is plain http to {host!r}: key and report would go unencrypted; use https, "
            "or allow it with --insecure"
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(environ: Mapping[str, str], path: str | None) -> str | None:
    key = environ.get("OPENAI_API_KEY", "").strip() if path is None else _key_in(path)
    if key and not re.fullmatch(r"[!-~]+", key):
        origin = "OPENAI_API_KEY" if path is None else f"the key file {path!r}"
        raise UsageError(
            f"{origin} holds blanks or signs that no key has; copy the key again, without quotes"
        )
    return key or None


def _key_in(path: str) -> str:
    try:
        with open(path, "rb") as file:
            raw = file.read(_MOST_KEY + 1)
        key = raw.decode("utf-8-sig").strip()
    except OSError as error:
        raise UsageError(
            f"the key file {path!r} cannot be read: {error.strerror or type(error).__name__}; "
            "name a file that holds the key"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"the key file {path!r} is no text; it must hold the key alone") from None
    if not key:
        raise UsageError(f"the key file {path!r} is empty; write the key into it, and nothing else")
    if len(raw) > _MOST_KEY or len(key.splitlines()) > 1:
        raise UsageError(
            f"the key file {path!r} holds more than one line; leave only the key in it"
        )
    return key


def _proxy(url: str, environ: Mapping[str, str]) -> Secret | None:
    """The proxy for an https service.

    Only https goes through a proxy: it sees a tunnel, not the key. Plain http goes straight, a server on
    this machine always.
    """
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

    parts = urlsplit(url)
    host = parts.hostname or ""
    names = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
    given = next((environ[name] for name in names if environ.get(name)), "")
    exceptions = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    straight = parts.scheme != "https" or _is_loopback(host) or not given
    if straight or proxy_bypass_environment(f"{host}:{parts.port or 443}", {"no": exceptions}):
        return None
    proxy = given if "://" in given else f"http://{given}"
    try:
        there = urlsplit(proxy)
        good = there.scheme in {"http", "https"} and there.hostname and there.port != 0
    except ValueError:
        good = False
    if not good:
        raise UsageError(
            "HTTPS_PROXY or ALL_PROXY is no address of an http proxy; write it like "
            "'http://HOST:PORT', or name the service in NO_PROXY"
        )
    return Secret(proxy)


def proxy_parts(proxy: Secret) -> tuple[str, tuple[str, str] | None]:
    """Address of the proxy, and user and password when it has them."""
    parts = urlsplit(proxy.reveal())
    address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if parts.username is None:
        return address, None
    return address, (unquote(parts.username), unquote(parts.password or ""))
