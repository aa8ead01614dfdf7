"""The transport under the libraries: exactly one HTTP request, bounded in bytes and in seconds.

The timeouts of HTTP libraries are for one read each: a server that sends a byte a second never reaches them, and none
of them bounds the length of a response. Redirects are not followed, and nothing packed is unpacked. Imported with the
first request only, as are the libraries.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore2
import httpx2

from extractor.errors import UsageError
from extractor.models.retry import Kind
from extractor.models.settings import Settings, proxy_parts

_SENT = {
    *("host", "authorization", "content-type", "content-length", "transfer-encoding"),
    *("accept", "user-agent", "connection"),
}
_SENT_OFFICIAL = {"openai-organization", "openai-project"}
_OF_THE_WAY = {"content-length", "transfer-encoding"}
_MOST_ERROR_BYTES = 65_536
_CONNECT = 20.0


class LateError(Exception):
    """The time of this request is over."""


class LongError(Exception):
    """The response has more bytes than it may."""


class PackedError(Exception):
    """The response is compressed, which was not asked for."""


_KINDS: tuple[tuple[Kind, tuple[type[BaseException], ...]], ...] = (
    (Kind.TOO_LONG, (LongError,)),
    (Kind.TIMEOUT, (LateError,)),
    (Kind.GARBAGE, (PackedError,)),
    (Kind.PROXY, (httpx2.ProxyError, httpcore2.ProxyError)),
    (Kind.NO_HOST, (socket.gaierror, UnicodeError)),
    (Kind.CUT, (ssl.SSLEOFError, ssl.SSLZeroReturnError)),
    (Kind.TLS, (ssl.SSLError, ssl.CertificateError)),
    (Kind.TIMEOUT, (httpx2.TimeoutException, httpcore2.TimeoutException, TimeoutError)),
    (Kind.UNREACHABLE, (ConnectionRefusedError, httpx2.ConnectError, httpcore2.ConnectError)),
)


def kind_of(error: BaseException) -> Kind:
    """What an error of the network means, told by what caused it."""
    causes = list(_causes(error))
    found = (kind for kind, types in _KINDS if any(isinstance(one, types) for one in causes))
    return next(found, Kind.CUT)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class Wire(httpx2.BaseTransport):
    """A transport that sends one request for each `begin` and reads the whole response, within its bounds.

    Args:
        settings: The service.
        transport: Instead of the network, for tests.
        clock: Seconds.

    Raises:
        UsageError: The certificates of ``SSL_CERT_FILE`` cannot be read.
    """

    def __init__(
        self, settings: Settings, transport: httpx2.BaseTransport | None, clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._here = threading.local()
        self._sent = _SENT | (_SENT_OFFICIAL if settings.official else set())
        self._transport = transport
        self._pool = None if transport is not None else _pool(settings, self._left)

    def begin(self, seconds: float) -> None:
        """Allow this thread one request, which ends in so many seconds."""
        self._here.ends, self._here.allowed = self._clock() + seconds, True

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """As httpx2 calls it."""
        if not self._here.allowed:
            raise RuntimeError("a second request in one call")
        self._here.allowed = False
        headers = {name: value for name, value in request.headers.items() if name in self._sent}
        headers["accept-encoding"] = "identity"
        sent = httpx2.Request(  # the client goes on to look at the headers of its own
            request.method,
            request.url,
            headers=headers,
            content=request.read(),
            extensions=request.extensions,
        )
        status, came, body = self._receive(sent)
        kept = [(name, value) for name, value in came.items() if name not in _OF_THE_WAY]
        return httpx2.Response(status, headers=kept, content=body)

    def close(self) -> None:
        """Close all connections; as httpx2 calls it."""
        for one in (self._pool, self._transport):
            if one is not None:
                one.close()

    def _receive(self, request: httpx2.Request) -> tuple[int, httpx2.Headers, bytes]:
        if self._transport is not None:
            answer = self._transport.handle_request(request)
            assert isinstance(answer.stream, httpx2.SyncByteStream)
            body = self._body(answer.status_code, answer.headers, answer.stream)
            return answer.status_code, answer.headers, body
        assert self._pool is not None
        url = request.url
        there = httpcore2.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        with self._pool.stream(
            request.method,
            there,
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        ) as got:
            headers = httpx2.Headers(got.headers)
            return got.status, headers, self._body(got.status, headers, got.iter_stream())

    def _body(self, status: int, headers: httpx2.Headers, parts: Iterable[bytes]) -> bytes:
        """Read the body. Of an error its beginning is enough, and so is what arrived of it."""
        good = 200 <= status < 300
        if headers.get("content-encoding", "").strip().lower() not in {"", "identity"}:
            if good:
                raise PackedError
            return b""
        most = self._settings.most_bytes if good else _MOST_ERROR_BYTES
        taken = bytearray()
        try:
            for part in parts:
                taken += part
                if len(taken) > most:
                    raise LongError  # noqa: TRY301 - an error that is too long is cut
                self._left()
        except Exception:
            if good:
                raise
        return bytes(taken[:most])

    def _left(self) -> float:
        """Seconds left of the request of this thread."""
        left: float = self._here.ends - self._clock()
        if left <= 0:
            raise LateError
        return left


def _pool(settings: Settings, left: Callable[[], float]) -> httpcore2.ConnectionPool:
    """Connections to a service, opened as they are needed."""
    try:
        certificates = httpcore2.default_ssl_context()
    except OSError:
        raise UsageError(
            "the certificates named by SSL_CERT_FILE or SSL_CERT_DIR cannot be read; correct or "
            "unset it"
        ) from None
    proxy = None
    if settings.proxy is not None:
        address, login = proxy_parts(settings.proxy)
        proxy = httpcore2.Proxy(address, auth=login)
    return httpcore2.ConnectionPool(
        ssl_context=certificates,
        proxy=proxy,
        max_connections=None,
        keepalive_expiry=30.0,
        network_backend=_Network(left),
    )


class _Network(httpcore2.SyncBackend):
    """A network whose every wait ends with the time of the request."""

    def __init__(self, left: Callable[[], float]) -> None:
        self._left = left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        wait = min(self._left(), _CONNECT, _CONNECT if timeout is None else timeout)
        stream = super().connect_tcp(host, port, wait, local_address, socket_options)
        return _Stream(stream, self._left)


class _Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends with the time of the request."""

    def __init__(self, stream: httpcore2.NetworkStream, left: Callable[[], float]) -> None:
        self._stream = stream
        self._left = left
        self.close = stream.close  # type: ignore[method-assign]
        self.get_extra_info = stream.get_extra_info  # type: ignore[method-assign]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._wait(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._wait(timeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._wait(timeout))
        return _Stream(stream, self._left)

    def _wait(self, timeout: float | None) -> float:
        return self._left() if timeout is None else min(self._left(), timeout)
