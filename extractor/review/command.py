"""``extract review``: the pages on this machine, or beyond it for people who sign in."""

from __future__ import annotations

import getpass
import ipaddress
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.command import command
from extractor.errors import GoujiError, InputError, UsageError
from extractor.options import Spoken
from extractor.writing import put, say

if TYPE_CHECKING:
    from extractor.batch.store import Store
    from extractor.review.access import Access
    from verify.decisions import Decision

_LOOPBACK = "127.0.0.1"
_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, kw_only=True)
class Options(Spoken):
    """What is reviewed, and by whom."""

    store: Annotated[str, typer.Argument(metavar="RUN.db|REPORT")]
    bind: Annotated[str, typer.Option("--bind", metavar="ADDRESS")] = _LOOPBACK
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535)] = 0
    who: Annotated[str | None, typer.Option("--who", metavar="NAME")] = None
    no_browser: Annotated[bool, typer.Option("--no-browser")] = False
    originals: Annotated[str | None, typer.Option("--originals", metavar="DIR")] = None
    lexicon: Annotated[str | None, typer.Option("--lexicon", metavar="FILE")] = None
    users: Annotated[str | None, typer.Option("--users", metavar="FILE")] = None
    add_user: Annotated[str | None, typer.Option("--add-user", metavar="NAME:ROLE")] = None
    certificate: Annotated[str | None, typer.Option("--certificate", metavar="FILE")] = None
    key: Annotated[str | None, typer.Option("--key", metavar="FILE")] = None
    proxy: Annotated[str | None, typer.Option("--proxy", metavar="ADDRESS")] = None
    user_header: Annotated[str, typer.Option("--user-header", metavar="NAME")] = "X-Forwarded-User"


@command(Options)
def review(options: Options) -> int:
    """Serve the pages until interrupted."""
    if options.add_user is not None:
        return _add_user(options)
    _check(options)
    try:
        for name in ("starlette", "uvicorn"):
            import_module(name)
    except ImportError:
        raise UsageError(
            "extract review needs starlette and uvicorn; install them with pip install 'gouji[review]'"
        ) from None
    if options.lexicon is not None:
        from extractor.lexicon import Lexicon

        Lexicon.load(options.lexicon, new=True)
    with _store(options) as (store, kept), closing(_listen(options)) as listening:
        return _serve(options, store, kept, listening)


def _add_user(options: Options) -> int:
    from extractor.review import users

    if options.users is None or options.add_user is None:
        raise UsageError("--add-user needs --users FILE, the file to write them into")
    if sys.stdin is not None and sys.stdin.isatty():
        password = getpass.getpass()
    else:
        password = (sys.stdin.readline() if sys.stdin else "").rstrip("\r\n")
    user = users.add(options.users, options.add_user, password)
    say(f"{options.users}: {user.name}, {user.role}")
    return 0


def _check(options: Options) -> None:
    """Whether people beyond this machine can be told apart, and nobody listens on the way.

    Raises:
        UsageError: Options that do not go together.
    """
    try:
        local = ipaddress.ip_address(options.bind).is_loopback
        if options.proxy is not None:
            ipaddress.ip_address(options.proxy)
    except ValueError:
        raise UsageError(
            f"--bind {options.bind!r}: write --bind and --proxy as addresses, as 127.0.0.1 or 0.0.0.0"
        ) from None
    if (options.certificate is None) != (options.key is None):
        raise UsageError("--certificate and --key go together; give both")
    for path in (options.certificate, options.key):
        if path is not None and not os.path.isfile(path):
            raise UsageError(f"{path!r}: no such file; check the path")
    if options.proxy is not None and options.users is None:
        raise UsageError("--proxy needs --users FILE, which says what each user may do")
    if not local and options.users is None:
        raise UsageError(
            f"--bind {options.bind}: beyond this machine only with --users FILE, a certificate and its key, or a --proxy"
        )
    if not local and options.certificate is None and options.proxy is None:
        raise UsageError(
            f"--bind {options.bind}: passwords are not sent in the clear; give --certificate and --key, or a --proxy"
        )


@contextmanager
def _store(options: Options) -> Iterator[tuple[Store, str | None]]:
    """The store, or one made of a single report with the decisions beside it."""
    from extractor.batch.store import Store

    path = options.store
    if os.path.isdir(path):
        from extractor.batch.merging import kept_store

        path = kept_store(path)  # where the decisions on a set of shards are kept
    try:
        with open(path, "rb") as file:
            is_store = file.read(len(_MAGIC)) == _MAGIC
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path!r} cannot be read ({reason}); check it") from None
    if is_store:
        with Store.open(path, write=True) as store:
            yield store, None
        return
    from extractor import batch
    from extractor.decisions import load, take

    kept = path + ".decisions.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "report.db")
        batch.run([path], made, batch.Options(processes=1))
        with Store.open(made, write=True) as store:
            failed = next(iter(store.failures()), None)
            if failed is not None:
                raise InputError(failed.message)
            if os.path.exists(kept):
                take(store, load(kept), known=True)
            yield store, kept


def _serve(options: Options, store: Store, kept: str | None, listening: socket.socket) -> int:
    import uvicorn

    from extractor.review.app import WORDS, Application
    from extractor.review.desk import Desk
    from extractor.review.originals import Originals

    host, port = listening.getsockname()[:2]
    access = _access(options, host, port)
    originals = Originals(store, options.originals or options.store + ".originals")
    desk = Desk(store, originals, options.lexicon)
    if kept is not None:
        desk.on_decision = lambda rows: _append(kept, rows)
    waiting = desk.start()
    scheme = "https" if options.certificate else "http"
    shown = f"[{host}]" if ":" in host else host
    address = f"{scheme}://{shown}:{port}/" + (f"?token={access.token}" if access.token else "")
    put(None, address + "\n")
    if not options.quiet:
        words = WORDS[options.lang].serving
        told = words["counts"].format(reports=len(desk.queue.by_sha), open=desk.queue.open)
        say(told + (words["waiting"].format(waiting) if waiting else ""))
    if not options.no_browser and access.token:
        import webbrowser

        with suppress(webbrowser.Error):
            webbrowser.open(address)
    config = uvicorn.Config(
        Application(desk, access, options.lang).app(),
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        ssl_certfile=options.certificate,
        ssl_keyfile=options.key,
        timeout_graceful_shutdown=5,
    )
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        desk.stop()
    return 0


def _listen(options: Options) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.bind else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((options.bind, options.port))
        listening.listen(128)  # whoever reads the address is heard at once
    except OSError as error:
        listening.close()
        raise UsageError(
            f"--bind {options.bind} --port {options.port} cannot be listened on ({error.strerror}); choose others"
        ) from None
    return listening


def _access(options: Options, host: str, port: int) -> Access:
    from extractor.review import users
    from extractor.review.access import Access

    who = options.who or _user()
    if options.users is not None:
        return Access(
            who,
            users=users.load(options.users),
            proxy=options.proxy or "",
            header=options.user_header.lower(),
            secure=options.certificate is not None,
        )
    names = ("localhost", host if ":" not in host else f"[{host}]")
    return Access(
        who, token=secrets.token_urlsafe(24), hosts=frozenset(f"{one}:{port}" for one in names)
    )


def _user() -> str:
    try:
        return getpass.getuser()[:100] or "reviewer"
    except (OSError, KeyError):
        return "reviewer"


def _append(path: str, rows: list[Decision]) -> None:
    """Keep decisions on a single report beside it, before anything else happens."""
    from extractor.decisions import lines

    try:
        with open(path, "a", encoding="utf-8") as file:
            file.writelines(lines(rows))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise GoujiError(
            f"{path!r} cannot be written ({error.strerror}); the decision is not kept"
        ) from None
