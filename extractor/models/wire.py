"""The transport under the libraries: exactly one HTTP request, bounded in bytes and in seconds.

The timeouts of HTTP libraries are for one read each: a server that sends a byte a second never reaches them, and none
of them bounds what a response unpacks to. Redirects are not followed.
"""

from __future__ import annotations

import ssl
import threading
import zlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from extractor.errors import UsageError
from extractor.models.settings import Settings, proxy_parts

if TYPE_CHECKING:
    import httpx2


_SENT = frozenset(
    {
        "host",
        "authorization",
        "content-type",
        "content-length",
        "transfer-encoding",
        "accept",
        "user-agent",
        "connection",
    }
)
_SENT_OFFICIAL = frozenset({"openai-organization", "openai-project"})
_OF_THE_WAY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_MOST_ERROR_BYTES = 65_536
_CONNECT = 20.0


class LateError(Exception):
    """The time of this request is over."""


class LongError(Exception):
    """The response has more bytes than it may."""


class Wire:
    """A transport that sends one request for each `begin` and reads the whole response, within its bounds."""

    def __init__(
        self, settings: Settings, transport: httpx2.BaseTransport | None, clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._clock = clock
        self._here = threading.local()
        self._pool: Any = None
        self._sent = _SENT | (_SENT_OFFICIAL if settings.official else frozenset())

    def begin(self, seconds: float) -> None:
        """Allow this thread one request, which ends in so many seconds."""
        self._here.ends, self._here.allowed = self._clock() + seconds, True

    def open(self) -> None:
        """Load what connections need; nothing is connected yet."""
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
            ssl_context=certificates,
            proxy=proxy,
            max_connections=None,
            keepalive_expiry=30.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """As httpx2 calls it."""
        import httpx2

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
        if self._pool is not None:
            self._pool.close()
            self._pool = None
        if self._transport is not None:
            self._transport.close()

    def _receive(self, request: httpx2.Request) -> tuple[int, dict[str, str], bytes]:
        got: Any
        if self._transport is not None:
            got = self._transport.handle_request(request)
            status, raw = got.status_code, got.headers.raw
        else:
            import httpcore2

            url = request.url
            target = httpcore2.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            )
            got = self._pool.handle_request(
                httpcore2.Request(
                    method=request.method,
                    url=target,
                    headers=request.headers.raw,
                    content=request.read(),
                    extensions=request.extensions,
                )
            )
            status, raw = got.status, got.headers
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}
        try:
            return status, headers, self._take(got.stream, status, headers)
        finally:
            got.close()

    def _take(self, stream: Iterable[bytes], status: int, headers: dict[str, str]) -> bytes:
        """Read the body. Of an error its beginning is enough, and so is what arrived of it."""
        good = 200 <= status < 300
        most = self._settings.most_bytes if good else _MOST_ERROR_BYTES
        taken = bytearray()
        try:
            for part in stream:
                taken += part
                if len(taken) > most:
                    raise LongError  # noqa: TRY301 - an error that is too long is cut
                self._left()
            return _unpacked(bytes(taken), headers, most)
        except Exception:
            if good:
                raise
            return b"" if "content-encoding" in headers else bytes(taken[:most])

    def _left(self) -> float:
        """Seconds left of the request of this thread."""
        left: float = self._here.ends - self._clock()
        if left <= 0:
            raise LateError
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
        raise LongError
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
