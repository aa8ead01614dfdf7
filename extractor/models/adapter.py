"""One HTTP request to an OpenAI-compatible service: the only module that knows openai, instructor, httpx2.

The libraries build and send the request. What came back is kept by a transport of our own and read here,
whatever they make of it: instructor loses the usage, the finish reason and the words of an error when an
answer does not fit, and crashes on empty ``choices``. All are imported at the first request.

The environment is not read. The SDK would take a base URL, keys, an organization and whole headers from it
and send them to whatever service is called; so only the headers listed here leave, and no proxy is used but
that of the settings. Organization and project go to OpenAI's own service alone. Redirects are not followed:
the key is for one service. Certificates are the system's or those of ``SSL_CERT_FILE``, as everywhere.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extractor.errors import UsageError
from extractor.models.modes import Habit, messages, parameters
from extractor.models.retry import Failure, Kind, Timing, classify, retry_after
from extractor.models.settings import ModelName, Settings, proxy_parts

if TYPE_CHECKING:
    import httpx2

    from extractor.models.exchange import Question

_SENT = frozenset(
    {"host", "authorization", "content-type", "content-length", "transfer-encoding", "accept",
     "user-agent", "connection"}
)  # fmt: skip
_SENT_OFFICIAL = frozenset({"openai-organization", "openai-project"})
_LOGGERS = ("openai", "instructor", "httpx2", "httpcore2")
_MOST_ERROR_BYTES = 65_536
_CONNECT = 20.0
_MOST_MESSAGE = 200
_MOST_DETAIL = 2_000
_MOST_TOKENS = 10_000_000
_ECHO = 8


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered, whatever it is worth.

    Attributes:
        text: The answer; empty when there is none.
        finish: Why it ended, as the service says; empty when it does not.
        refused: The model refused.
        status: HTTP status.
        input_tokens: Of the prompt, None when not given or absurd.
        cached_tokens: Of these, the ones that the service had cached.
        output_tokens: Of the answer.
        request_id: As the service names the request.
    """

    text: str
    finish: str
    refused: bool
    status: int
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    request_id: str | None


class Adapter:
    """Sends questions to one service; threads may share it."""

    def __init__(
        self,
        settings: Settings,
        *,
        transport: httpx2.BaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        """Nothing is imported or opened yet.

        Args:
            settings: The service.
            transport: Instead of the network, for tests.
            timing: Clocks.
        """
        self._settings = settings
        timing = timing or Timing()
        self._wire = _Wire(settings, transport, timing.clock)
        self._now = timing.now
        self._lock = threading.Lock()
        self._http: Any = None
        self._create: Any = None

    def send(
        self, model: ModelName, question: Question, habit: Habit, *, room: int, seconds: float
    ) -> Completion | Failure:
        """Make exactly one HTTP request.

        Args:
            model: The model.
            question: What is asked.
            habit: How its shape is asked for.
            room: Most tokens of the answer.
            seconds: Most seconds, from the first byte sent to the last received.

        Raises:
            UsageError: The certificates of ``SSL_CERT_FILE`` cannot be read.
        """
        create = self._open()
        exchange = self._wire.begin(seconds)
        temperature = self._settings.temperature if question.sample else 0.0
        enforced = habit.mode == "json_schema"
        # nothing that the libraries raise is told further: it holds whole requests and answers
        with contextlib.suppress(Exception):
            create(
                model=model.name,
                messages=messages(habit, question.system, question.user, question.shape),
                # elsewhere instructor would add a prompt or a tool of its own
                response_model=question.shape if enforced else None,
                max_retries=0,
                extra_body=parameters(habit, question.shape, room=room, temperature=temperature),
            )
        key = "" if self._settings.keyless else self._settings.key.reveal()
        return _read(exchange, key, question, habit, self._now())

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            if self._http is not None:
                self._http.close()
            self._wire.close()
            self._http = self._create = None

    def _open(self) -> Any:
        with self._lock:
            if self._create is None:
                _silence()
                import instructor
                import openai

                _silence()  # OPENAI_LOG sets levels at import
                import httpx2

                self._wire.open()
                wire: Any = self._wire
                self._http = httpx2.Client(transport=wire, trust_env=False, follow_redirects=False)
                client = openai.OpenAI(
                    api_key=self._settings.key.reveal(),
                    base_url=self._settings.base_url,
                    max_retries=0,
                    timeout=self._settings.timeout,
                    http_client=self._http,
                )
                made: Any = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
                self._create = made.chat.completions.create
            return self._create


def _silence() -> None:
    """The libraries log whole answers and errors; a report is not theirs to tell."""
    for name in _LOGGERS:
        for logger in (
            name,
            *(one for one in logging.root.manager.loggerDict if one.startswith(f"{name}.")),
        ):
            logging.getLogger(logger).setLevel(logging.CRITICAL + 1)


# --- the wire ---------------------------------------------------------------------------------------


class _LateError(Exception):
    """The time of this request is over."""


class _LongError(Exception):
    """The response has more bytes than it may."""


@dataclass(slots=True)
class _Exchange:
    """One request and what came of it."""

    ends: float
    sent: bool = False
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: Exception | None = None


class _Wire:
    """A transport that sends one request for each `begin`, and keeps what came back.

    It bounds bytes and seconds of the whole exchange. The timeouts of HTTP libraries are for one read
    each; a server that sends a byte a second never reaches them.
    """

    def __init__(
        self, settings: Settings, transport: httpx2.BaseTransport | None, clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._clock = clock
        self._here = threading.local()
        self._pool: Any = None
        self._sent = _SENT | (_SENT_OFFICIAL if settings.official else frozenset())

    def begin(self, seconds: float) -> _Exchange:
        """The exchange of the next request of this thread."""
        self._here.exchange = exchange = _Exchange(self._clock() + seconds)
        return exchange

    def open(self) -> None:
        """Make the connection pool; nothing is connected yet."""
        if self._transport is not None or self._pool is not None:
            return
        import httpcore2

        try:
            certificates = httpcore2.default_ssl_context()
        except OSError:
            raise UsageError(
                "the certificates named by SSL_CERT_FILE or SSL_CERT_DIR cannot be read; correct or "
                "unset it"
            ) from None
        proxy = None
        if self._settings.proxy is not None:
            address, login = proxy_parts(self._settings.proxy)
            proxy = httpcore2.Proxy(address, auth=login)
        backend: Any = _Network(httpcore2.SyncBackend(), self._left)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=certificates, proxy=proxy, keepalive_expiry=30.0, network_backend=backend
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """As httpx2 calls it."""
        import httpx2

        exchange: _Exchange = self._here.exchange
        if exchange.sent:
            raise RuntimeError("a second request in one call")
        exchange.sent = True
        for name in set(request.headers) - self._sent:
            del request.headers[name]
        request.headers["accept-encoding"] = "identity"
        try:
            self._receive(request, exchange)
        except Exception as error:
            exchange.error = error
            raise
        return httpx2.Response(
            exchange.status or 0,
            headers={"content-type": exchange.headers.get("content-type", "")},
            content=exchange.body,
        )

    def close(self) -> None:
        """Close the pool; as httpx2 calls it."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None
        if self._transport is not None:
            self._transport.close()

    def _receive(self, request: httpx2.Request, exchange: _Exchange) -> None:
        got: Any
        if self._transport is not None:
            got = self._transport.handle_request(request)
            status, headers = got.status_code, list(got.headers.items())
        else:
            import httpcore2

            url = request.url
            got = self._pool.handle_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.read(),
                    extensions=request.extensions,
                )
            )
            status = got.status
            headers = [
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in got.headers
            ]
        exchange.headers = {name.lower(): value for name, value in headers}
        exchange.status = status
        try:
            self._take(got.stream, exchange)
        finally:
            got.close()

    def _take(self, stream: Iterable[bytes], exchange: _Exchange) -> None:
        """Read the body. Of an error its beginning is enough, and so is what arrived of it."""
        good = 200 <= (exchange.status or 0) < 300
        most = self._settings.most_bytes if good else _MOST_ERROR_BYTES
        taken = bytearray()
        try:
            self._gather(stream, taken, most)
            exchange.body = _unpacked(bytes(taken), exchange.headers, most)
        except Exception:
            if good:
                raise
            if "content-encoding" not in exchange.headers:
                exchange.body = bytes(taken[:most])

    def _gather(self, stream: Iterable[bytes], taken: bytearray, most: int) -> None:
        for part in stream:
            taken += part
            if len(taken) > most:
                raise _LongError
            self._left()

    def _left(self) -> float:
        """Seconds left of the request of this thread."""
        left: float = self._here.exchange.ends - self._clock()
        if left <= 0:
            raise _LateError
        return left


def _unpacked(body: bytes, headers: dict[str, str], most: int) -> bytes:
    """The body without its content encoding, which was not asked for; never more than ``most`` bytes."""
    coding = headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"}:
        return body
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise zlib.error(coding)
    unpacker = zlib.decompressobj(15 if coding == "deflate" else 31)
    out = unpacker.decompress(body, most + 1)
    if len(out) > most:
        raise _LongError
    return out


class _Network:
    """A network backend of httpcore2 whose every wait ends with the time of the request."""

    def __init__(self, backend: Any, left: Callable[[], float]) -> None:
        self._backend = backend
        self._left = left

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, **more: Any
    ) -> _Stream:
        wait = min(self._left(), _CONNECT, _CONNECT if timeout is None else timeout)
        return _Stream(self._backend.connect_tcp(host, port, timeout=wait, **more), self._left)


class _Stream:
    """A connection whose every wait ends with the time of the request."""

    def __init__(self, stream: Any, left: Callable[[], float]) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._stream.read(max_bytes, timeout=self._wait(timeout))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._wait(timeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> _Stream:
        wait = self._wait(timeout)
        return _Stream(
            self._stream.start_tls(ssl_context, server_hostname, timeout=wait), self._left
        )

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _wait(self, timeout: float | None) -> float:
        return self._left() if timeout is None else min(self._left(), timeout)


# --- what came back ---------------------------------------------------------------------------------


def _read(
    exchange: _Exchange, key: str, question: Question, habit: Habit, now: float
) -> Completion | Failure:
    request_id = _clean(exchange.headers.get("x-request-id"), key, "")[:100] or None
    if exchange.error is not None or exchange.status is None:
        kind = _kind(exchange.error) if exchange.sent else Kind.UNSENT
        return Failure(kind, exchange.status, request_id=request_id)
    try:
        body = json.loads(exchange.body)
    except (ValueError, RecursionError):
        body = None
    status, good = exchange.status, 200 <= exchange.status < 300
    wait = retry_after(exchange.headers, now)
    error = body.get("error") if isinstance(body, dict) else None
    if not good or error:
        said, codes = _words(body, exchange)
        detail = _clean(f"{codes} {said}", key, question.user)[:_MOST_DETAIL]
        kind = classify(_real_status(status, error), detail, wait=wait)
        if good and kind is Kind.BAD_REQUEST:
            kind = Kind.BUSY  # a gateway that hides what happened
        short = _clean(said, key, question.user)
        short = short if len(short) <= _MOST_MESSAGE else short[: _MOST_MESSAGE - 1] + "…"
        return Failure(kind, status, wait, short, detail, request_id)
    return _completion(body, exchange.status, key, habit, request_id) or Failure(
        Kind.GARBAGE, status, wait, request_id=request_id
    )


def _real_status(status: int, error: Any) -> int:
    """The status, or the one that a gateway tells only in the body of a success."""
    if status >= 300:
        return status
    code = str(error.get("code") if isinstance(error, dict) else "")
    return int(code) if re.fullmatch(r"[45][0-9]{2}", code) else 400


def _completion(
    body: Any, status: int, key: str, habit: Habit, request_id: str | None
) -> Completion | Failure | None:
    """The completion in a body, a failure that stands in it, or None when it holds neither."""
    choices = body.get("choices") if isinstance(body, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return None
    finish = choice.get("finish_reason")
    finish = finish.lower()[:40] if isinstance(finish, str) else ""
    if finish in {"error", "insufficient_system_resource", "network_error"}:
        return Failure(Kind.BUSY, status, request_id=request_id)
    given = body.get("usage")
    usage: dict[str, Any] = given if isinstance(given, dict) else {}
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    read = _count(usage.get("prompt_tokens"))
    known = _count(usage.get("prompt_cache_hit_tokens") if cached is None else cached)
    refusal = message.get("refusal")
    text = _content(message, habit)
    return Completion(
        text=text.replace(key, "…") if len(key) >= _ECHO else text,
        finish=finish,
        refused=isinstance(refusal, str) and bool(refusal.strip()),
        status=status,
        input_tokens=read,
        cached_tokens=known if read is not None and known is not None and known <= read else None,
        output_tokens=_count(usage.get("completion_tokens")),
        request_id=request_id,
    )


def _content(message: dict[str, Any], habit: Habit) -> str:
    """The answer: of the tool where one was asked for and called, else the content."""
    if habit.mode == "tools":
        calls = message.get("tool_calls")
        call = calls[0] if isinstance(calls, list) and calls else None
        function = call.get("function") if isinstance(call, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, dict):
            return json.dumps(arguments, ensure_ascii=False)
        if isinstance(arguments, str):
            return arguments
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else None for part in content]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _count(value: Any) -> int | None:
    """A number of tokens that can be one."""
    return value if type(value) is int and 0 <= value <= _MOST_TOKENS else None


def _kind(error: Exception | None) -> Kind:
    """What an error of the network means, told by what caused it."""
    import httpcore2
    import httpx2

    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < 10:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    kinds: tuple[tuple[Kind, tuple[type[BaseException], ...]], ...] = (
        (Kind.TOO_LONG, (_LongError,)),
        (Kind.TIMEOUT, (_LateError,)),
        (Kind.PROXY, (httpx2.ProxyError, httpcore2.ProxyError)),
        (Kind.NO_HOST, (socket.gaierror, UnicodeError)),
        (Kind.CUT, (ssl.SSLEOFError, ssl.SSLZeroReturnError)),
        (Kind.TLS, (ssl.SSLError, ssl.CertificateError)),
        (Kind.TIMEOUT, (httpx2.TimeoutException, httpcore2.TimeoutException, TimeoutError)),
        (Kind.UNREACHABLE, (ConnectionRefusedError, httpx2.ConnectError, httpcore2.ConnectError)),
        (Kind.GARBAGE, (zlib.error,)),
    )
    for kind, types in kinds:
        if any(isinstance(one, types) for one in causes):
            return kind
    return Kind.CUT


# --- words of a service -----------------------------------------------------------------------------


def _words(body: Any, exchange: _Exchange) -> tuple[str, str]:
    """The message of an error body, and its codes, in the spellings that are about."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, str):
        return error, ""
    if isinstance(error, dict):
        names = ("message", "error_msg", "msg", "detail")
        said = next((error[name] for name in names if error.get(name)), "")
        codes = (error.get(name) for name in ("code", "type", "param", "error_code"))
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        return text, " ".join(str(code) for code in codes if isinstance(code, str | int))
    plain = exchange.headers.get("content-type", "").startswith("text/plain")
    return (
        (exchange.body[:_MOST_DETAIL].decode("utf-8", "replace"), "")
        if plain and body is None
        else ("", "")
    )


def _clean(text: str | None, key: str, sent: str) -> str:
    """Words of a service on one line, without the key or a part of it, and without text of the report."""
    line = re.sub(
        r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+", " ", text or ""
    )
    line = line[: 2 * _MOST_DETAIL].strip()
    line = _without(line, key, min(_ECHO, max(len(key), 4)) if key else _ECHO)
    line = re.sub(r"\b(sk|Bearer)[- ]\S+|(\\+u[0-9a-fA-F]{4})+", "…", line)
    return _without(line, " ".join(sent.split()), _ECHO)


def _without(line: str, known: str, width: int) -> str:
    """The line without whatever of ``width`` characters and more also stands in ``known``."""
    hidden = [False] * len(line)
    for at in range(len(line) - width + 1):
        if line[at : at + width] in known:
            hidden[at : at + width] = [True] * width
    shown = "".join("\x00" if hide else char for char, hide in zip(line, hidden, strict=True))
    return re.sub(r"\x00+", "…", shown)


__all__ = ["Adapter", "Completion"]
