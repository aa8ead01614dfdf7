"""What a request has to be before a page answers it: of this server, of these pages, of somebody who may."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from extractor.catalogue import Lang
from extractor.review.access import COOKIE, Access, Session
from extractor.review.queue import Filter
from extractor.review.users import Role

MOST_FORM = 64 * 1024
MOST_IMPORTED = 64 * 2**20
_FILTERS = ("verdict", "code", "agency", "text", "state")


class StoppedError(Exception):
    """A request ends with a page that says why."""

    def __init__(self, status: int, name: str, **facts: object) -> None:
        super().__init__(name)
        self.status, self.name, self.facts = status, name, facts


class Asked:
    """One request, and who asks.

    Attributes:
        request: As it came.
        session: Who asks.
        form: Of a POST.
        body: Of a POST that is no form.
        lang: Of the pages.
    """

    def __init__(self, request: Request, session: Session | None, lang: Lang) -> None:
        self.request, self.session, self.lang = request, session, lang
        self.form: dict[str, str] = {}
        self.body = b""

    @property
    def who(self) -> str:
        """Under which name decisions are kept."""
        return self.session.who if self.session else ""

    @property
    def wanted(self) -> Filter:
        """The filter of the address."""
        return Filter(**{"state": "open", **self._given})

    @property
    def filters(self) -> str:
        """The filter as it is written in addresses."""
        return urlencode(self._given)

    @property
    def _given(self) -> dict[str, str]:
        given = self.request.query_params
        return {name: given[name][:200] for name in _FILTERS if given.get(name)}


def number_in(text: str) -> int:
    """A number of an address or a form; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() else 0


def check_origin(access: Access, request: Request, method: str) -> None:
    """Refuse names that are not this server's, and what pages elsewhere send."""
    host = request.headers.get("host", "")
    if not access.may_be_asked_as(host):
        raise StoppedError(421, "host")
    if method == "GET":
        return
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if origin is not None and origin.partition("://")[2].lower() != host.lower():
        raise StoppedError(403, "origin")
    if site not in ("same-origin", "none"):
        raise StoppedError(403, "origin")


def admit(access: Access, asked: Asked, role: Role | None, method: str) -> None:
    """Find out who asks, and refuse who may not.

    Nobody at all is let through to be told to sign in, but for a form.
    """
    request = asked.request
    client = request.client.host if request.client else ""
    asked.session = access.session(client, request.cookies.get(COOKIE), request.headers)
    if asked.session is None and role is not None and method == "POST":
        raise StoppedError(403, "nobody")
    if asked.session is not None and role is not None and not asked.session.may(role):
        raise StoppedError(403, "role")


async def take_body(asked: Asked) -> None:
    """Take the body of a POST, if it is a form of these pages or JSON lines, and not too large."""
    request = asked.request
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    is_form = kind == "application/x-www-form-urlencoded"
    if not is_form and kind != "application/x-ndjson":
        raise StoppedError(415, "form")
    most, size, parts = (MOST_FORM if is_form else MOST_IMPORTED), 0, []
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise StoppedError(413, "large")
        parts.append(part)
    asked.body = b"".join(parts)
    if is_form:
        try:
            pairs = parse_qsl(asked.body.decode(), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            raise StoppedError(400, "form") from None
        asked.form = dict(pairs)


def check_form(asked: Asked) -> None:
    """Refuse a form that was not made for this session."""
    if asked.session is None:
        return
    given = asked.form.get("csrf") or asked.request.headers.get("x-csrf", "")
    if not secrets.compare_digest(given.encode(), asked.session.csrf.encode()):
        raise StoppedError(403, "csrf")
