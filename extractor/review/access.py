"""Who may do what: a token on this machine, names and passwords beyond it, or a proxy that signs people in.

Everything is refused that is not allowed here: hosts of other names, forms of other pages, and headers that name
a user from anybody but the proxy.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from extractor.review.users import NOBODY, ROLES, Role, User

COOKIE = "gouji"
_IDLE_SECONDS = 8 * 3600.0
_MOST_SESSIONS = 1000
_MOST_FAILURES = 5
_FAILURE_SECONDS = 300.0


@dataclass(slots=True)
class Session:
    """Somebody who is signed in."""

    id: str  # in their cookie
    who: str  # under whose name decisions are kept
    role: Role  # what they may do
    csrf: str = field(default_factory=lambda: secrets.token_hex(16))  # in every form that is theirs
    seen: float = field(default_factory=time.monotonic)  # when they were last here

    def may(self, role: Role) -> bool:
        """Whether they may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(slots=True)
class Access:
    """The rules of one server."""

    who: str  # who works here without users
    token: str = ""  # in the address that is printed; empty with users
    users: Mapping[str, User] = field(default_factory=dict)  # by name
    proxy: str = ""  # address of the proxy that signs people in
    header: str = "x-forwarded-user"  # in which it names them
    hosts: frozenset[str] = frozenset()  # names by which the server may be asked; empty for any
    secure: bool = False  # whether the cookie is for https alone
    _sessions: dict[str, Session] = field(default_factory=dict)
    _failures: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def session(
        self, client: str, cookie: str | None, headers: Mapping[str, str]
    ) -> Session | None:
        """Who asks, if they may; a user header counts from the proxy alone."""
        if self.proxy and client == self.proxy:
            user = self.users.get(headers.get(self.header, ""))
            return None if user is None else self._of_proxy(user)
        with self._lock:
            if not cookie or cookie.startswith("proxy "):
                return None
            found = self._sessions.get(cookie)
            now = time.monotonic()
            if found is None or now - found.seen > _IDLE_SECONDS:
                self._sessions.pop(cookie, None)
                return None
            found.seen = now
            return found

    def by_token(self, token: str) -> Session | None:
        """A new session for who has the token of the address."""
        if not self.token or not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        return self._begin(self.who, "administer")

    def by_password(self, client: str, name: str, password: str) -> Session | float | None:
        """A new session; None for a wrong name or password, the seconds to wait after too many of them."""
        for key in (f"c {client}", f"u {name[:64]}"):
            wait = self._wait(key)
            if wait > 0:
                return wait
        user = self.users.get(name)
        if not (user or NOBODY).knows(password) or user is None:
            with self._lock:
                for key in (f"c {client}", f"u {name[:64]}"):
                    self._failures[key].append(time.monotonic())
            return None
        return self._begin(user.name, user.role)

    def end(self, session: Session) -> None:
        """Sign out."""
        with self._lock:
            self._sessions.pop(session.id, None)

    def may_be_asked_as(self, host: str) -> bool:
        """Whether a Host header is one of this server: a page elsewhere may lead its name here."""
        return not self.hosts or host.lower() in self.hosts

    def _begin(self, who: str, role: Role) -> Session:
        """A session with an id of its own, whatever cookie was sent before."""
        made = Session(secrets.token_urlsafe(32), who, role)
        with self._lock:
            while len(self._sessions) >= _MOST_SESSIONS:
                self._sessions.pop(min(self._sessions.values(), key=lambda one: one.seen).id)
            self._sessions[made.id] = made
        return made

    def _of_proxy(self, user: User) -> Session:
        with self._lock:
            found = self._sessions.get(f"proxy {user.name}")
            if found is None or found.role != user.role:
                found = Session(f"proxy {user.name}", user.name, user.role)
                self._sessions[found.id] = found
            found.seen = time.monotonic()
            return found

    def _wait(self, key: str) -> float:
        """The seconds until another try is allowed."""
        now = time.monotonic()
        with self._lock:
            tries = self._failures.get(key)
            while tries and now - tries[0] > _FAILURE_SECONDS:
                tries.popleft()
            if not tries:
                self._failures.pop(key, None)
                return 0.0
            return _FAILURE_SECONDS - (now - tries[0]) if len(tries) >= _MOST_FAILURES else 0.0
